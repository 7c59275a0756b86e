import { type Columns, type SchemaOption, schemaName } from "@pincex/ledger/sql";
import { type RawBuilder, sql, type Transaction } from "kysely";
import { invariant } from "../core/invariant.ts";
import { HistoryBatch } from "./history-batch.ts";
import { type OrderStatements, orderStatements } from "./order-rows.ts";
import { markBusted, tradesInsertion } from "./trade-rows.ts";
import { writeWithdrawals } from "./withdrawal-rows.ts";

export interface SqlHistoryOptions extends SchemaOption {
  /** Whether orders have rows, too; true unless told. */
  readonly orders?: boolean;
}

/** What a batch makes of orders, trades and withdrawals. The first two are many, so their statements are made beforehand. */
export interface HistoryStatements {
  readonly batch: HistoryBatch;
  readonly trades: RawBuilder<unknown> | undefined;
  readonly orders: OrderStatements | undefined;
}

/** Orders, trades and withdrawals in SQL. */
export class SqlHistory {
  readonly #schema: string;
  readonly #hasOrders: boolean;
  /** The sequence after which orders and trades are there; undefined until it was asked. */
  #since: number | undefined;

  constructor({ orders = true, ...options }: SqlHistoryOptions) {
    this.#schema = schemaName(options);
    this.#hasOrders = orders;
  }

  statements(columns: Columns, events: Uint8Array, from: number, to: number): HistoryStatements {
    const batch = new HistoryBatch(events, from, to);
    const { trades, orders } = batch;
    const writesOrders = this.#hasOrders && orders.size > 0;
    return {
      batch,
      trades: trades.length === 0 ? undefined : tradesInsertion(this.#schema, columns, trades),
      orders: writesOrders ? orderStatements(this.#schema, columns, orders.values()) : undefined,
    };
  }

  async write<Database>(
    db: Transaction<Database>,
    { batch, trades, orders }: HistoryStatements,
  ): Promise<void> {
    await trades?.execute(db);
    if (orders !== undefined) await this.#writeOrders(db, orders);
    await markBusted(db, this.#schema, batch.busts);
    await writeWithdrawals(db, this.#schema, batch);
  }

  async #writeOrders<Database>(
    db: Transaction<Database>,
    { insertion, update, known }: OrderStatements,
  ): Promise<void> {
    this.#since ??= await this.#readSince(db);
    await insertion?.execute(db);
    const updated = await update?.execute(db);
    invariant(
      this.#since > 0 || (updated?.rows[0]?.updated ?? 0) === known,
      "the orders in SQL are those that the batch builds on",
    );
  }

  async #readSince<Database>(db: Transaction<Database>): Promise<number> {
    const table = sql.table(`${this.#schema}.history_since`);
    const { rows } = await sql<{ sequence: string }>`
      select sequence::text from ${table}`.execute(db);
    return Number(rows[0]?.sequence ?? 0);
  }
}
