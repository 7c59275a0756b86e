import { LedgerProjection, type LedgerProjectionOptions } from "@pincex/ledger/sql";
import type { Kysely } from "kysely";
import type { Projection } from "./projection.ts";
import { SqlHistory } from "./sql-history.ts";
import { SqlTables } from "./sql-tables.ts";
import { TablesProjection } from "./tables-projection.ts";

export interface VenueProjectionOptions extends LedgerProjectionOptions {
  /** Whether orders have rows, too; true unless told. Trades and withdrawals always have. */
  readonly orders?: boolean;
}

/**
 * Keeps a venue in SQL: the books as `ledgerProjection` does, and beside them orders, trades and withdrawals. An order that comes
 * and goes within a batch is one row, written once.
 *
 * A batch is one transaction together with the position it reaches, so each command's events are written exactly once. Call
 * `migrateVenue` on the database first.
 *
 * @example
 * ```ts
 * await migrateVenue(db);
 * const venue = await openVenue({ journal, projections: [venueProjection(db)], clock: Date.now });
 * ```
 */
export const venueProjection = <Database>(
  db: Kysely<Database>,
  options: VenueProjectionOptions = {},
): Projection => sqlProjection(db, options, new SqlHistory(options));

/**
 * Keeps only the books of a venue in SQL: assets, accounts, entries with their postings, balances and what is held. Call
 * `migrate` of `@pincex/ledger/sql` on the database first.
 *
 * @example
 * ```ts
 * await migrate(db);
 * const venue = await openVenue({ journal, projections: [ledgerProjection(db)], clock: Date.now });
 * ```
 */
export const ledgerProjection = <Database>(
  db: Kysely<Database>,
  options: LedgerProjectionOptions = {},
): Projection => sqlProjection(db, options);

const sqlProjection = <Database>(
  db: Kysely<Database>,
  options: LedgerProjectionOptions,
  history?: SqlHistory,
): Projection => {
  const tables = new SqlTables(new LedgerProjection(db, options), history);
  return new TablesProjection(options.name ?? "ledger", tables);
};
