import type { Kysely, Transaction } from "kysely";
import { type SchemaOption, schemaName } from "./schema/schema-name.ts";
import type { IdentityTables } from "./schema/tables.ts";

/** The host's database with our tables, without the host's plugins and in our schema. */
export type IdentityDatabase = Kysely<IdentityTables>;

/** A transaction of the host's or of ours. Several use cases may share one. */
export type IdentityTransaction = Transaction<IdentityTables>;

/**
 * Our view of the host's database, or of a transaction of the host's: what is written in both is committed together. Throws a
 * `RangeError` for a schema's name that would need quoting.
 *
 * @example
 * const db = identityDatabase(hostDb);
 * await hostDb.transaction().execute((tx) => consumeElevation(context, identityDatabase(tx), use));
 */
export function identityDatabase<Tables>(
  db: Transaction<Tables>,
  options?: SchemaOption,
): IdentityTransaction;
export function identityDatabase<Tables>(
  db: Kysely<Tables>,
  options?: SchemaOption,
): IdentityDatabase;
export function identityDatabase<Tables>(
  db: Kysely<Tables>,
  options: SchemaOption = {},
): IdentityDatabase {
  // The host's tables are of no interest here, and ours are none of the host's.
  const ours = db as unknown as IdentityDatabase;
  return ours.withoutPlugins().withSchema(schemaName(options));
}
