import { LedgerProjection, type LedgerProjectionOptions, schemaName } from "@pincex/ledger/sql";
import { type Kysely, sql, type Transaction } from "kysely";
import { invariant } from "../core/invariant.ts";
import { HistoryBatch } from "./history-batch.ts";
import { ledgerBatch } from "./ledger-batch.ts";
import { writeOrders } from "./order-rows.ts";
import type { Projection } from "./projection.ts";
import { type ProjectedTables, TablesProjection } from "./tables-projection.ts";
import { insertTrades, markBusted } from "./trade-rows.ts";
import { writeWithdrawals } from "./withdrawal-rows.ts";

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
): Projection => named(options, sqlTables(db, options, new History<Database>(options)));

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
): Projection => named(options, sqlTables(db, options));

/** The books, and what goes with them into their transaction. */
const sqlTables = <Database>(
  db: Kysely<Database>,
  options: LedgerProjectionOptions,
  history?: History<Database>,
): ProjectedTables => {
  const ledger = new LedgerProjection(db, options);
  return {
    position: () => ledger.position(),
    write: (events, from, to) =>
      ledger.apply(
        ledgerBatch(events, from, to),
        history && ((transaction) => history.write(transaction, events, from, to)),
      ),
  };
};

const named = ({ name = "ledger" }: LedgerProjectionOptions, tables: ProjectedTables): Projection =>
  new TablesProjection(name, tables);

/** Orders, trades and withdrawals. */
class History<Database> {
  readonly #schema: string;
  readonly #hasOrders: boolean;
  /** The sequence after which orders and trades are there; undefined until it was asked. */
  #since: number | undefined;

  constructor(options: VenueProjectionOptions) {
    this.#schema = schemaName(options);
    this.#hasOrders = options.orders ?? true;
  }

  async write(
    db: Transaction<Database>,
    events: Uint8Array,
    from: number,
    to: number,
  ): Promise<void> {
    const batch = new HistoryBatch(events, from, to);
    await insertTrades(db, this.#schema, batch.trades);
    if (this.#hasOrders && batch.orders.size > 0) await this.#writeOrders(db, batch);
    await markBusted(db, this.#schema, batch.busts);
    await writeWithdrawals(db, this.#schema, batch);
  }

  async #writeOrders(db: Transaction<Database>, { orders }: HistoryBatch): Promise<void> {
    this.#since ??= await this.#readSince(db);
    const updated = await writeOrders(db, this.#schema, orders.values());
    const known = [...orders.values()].filter(({ terms }) => terms === undefined).length;
    invariant(
      this.#since > 0 || updated === known,
      "the orders in SQL are those that the batch builds on",
    );
  }

  async #readSince(db: Transaction<Database>): Promise<number> {
    const table = sql.table(`${this.#schema}.history_since`);
    const { rows } = await sql<{ sequence: string }>`
      select sequence::text from ${table}`.execute(db);
    return Number(rows[0]?.sequence ?? 0);
  }
}
