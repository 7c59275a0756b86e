import { applySteps, type SchemaOption, schemaName } from "@pincex/ledger/sql";
import type { Kysely } from "kysely";
import { MARKET_DATA_MIGRATIONS } from "./market-data-migrations.ts";

/**
 * Brings a database to the newest schema of `marketDataProjection`, in one transaction. It needs no other tables, and stands beside those
 * of the venue and the ledger. Safe to run from several processes at once.
 *
 * @example
 * await migrateMarketData(db, { schema: "exchange" });
 */
export const migrateMarketData = async <Database>(
  db: Kysely<Database>,
  options: SchemaOption = {},
): Promise<void> => {
  await db
    .withoutPlugins()
    .transaction()
    .execute((transaction) =>
      applySteps(transaction, schemaName(options), "market_data", MARKET_DATA_MIGRATIONS),
    );
};
