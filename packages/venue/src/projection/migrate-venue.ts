import { applySteps, migrate, type SchemaOption, schemaName } from "@pincex/ledger/sql";
import type { Kysely } from "kysely";
import { HISTORY_MIGRATIONS } from "./history-migrations.ts";

/**
 * Brings a database to the newest schema of `venueProjection`: the ledger's tables, and those of orders, trades and
 * withdrawals beside them. Safe to run from several processes at once.
 *
 * A database that a `ledgerProjection` has filled has the books from the beginning, and orders and trades from then on.
 *
 * @example
 * await migrateVenue(db, { schema: "exchange" });
 */
export const migrateVenue = async <Database>(
  db: Kysely<Database>,
  options: SchemaOption = {},
): Promise<void> => {
  await migrate(db, options);
  await db
    .withoutPlugins()
    .transaction()
    .execute((transaction) =>
      applySteps(transaction, schemaName(options), "history", HISTORY_MIGRATIONS),
    );
};
