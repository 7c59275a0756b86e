import type { Kysely } from "kysely";
import { sealBlocks } from "./ledger-blocks.ts";
import { MIGRATIONS } from "./migrations.ts";
import { type SchemaOption, schemaName } from "./schema-name.ts";
import { applySteps } from "./schema-steps.ts";

/**
 * Brings a database to the newest schema, in one transaction, and answers the versions that were applied now: none if it is
 * there already.
 *
 * Safe to run from several processes at once: they take turns on an advisory lock. Creates the PostgreSQL schema if it
 * isn't there; if it is, no right to create one is needed. Throws a `RangeError` for a database that a newer release has migrated.
 *
 * @example
 * await migrate(db);
 * await migrate(db, { schema: "books" });
 */
export const migrate = async <Database>(
  db: Kysely<Database>,
  options: SchemaOption = {},
): Promise<readonly number[]> => {
  const schema = schemaName(options);
  return db
    .withoutPlugins()
    .transaction()
    .execute(async (transaction) => {
      const applied = await applySteps(transaction, schema, "ledger", MIGRATIONS);
      if (applied.length > 0) await sealBlocks(transaction, { schema }, new Map());
      return applied;
    });
};
