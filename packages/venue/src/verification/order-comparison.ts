import type { HistoryBatch } from "../projection/history-batch.ts";
import type { OrderChange, OrderTerms } from "../projection/order-change.ts";
import { readOrderIds, readOrdersById, type SqlOrder } from "../projection/read-history.ts";
import { statusOf } from "../views/order-view.ts";
import type { SqlBooksOptions } from "./sql-books.ts";
import { Findings } from "./venue-check.ts";

type ReplayedOrder = OrderChange & { readonly terms: OrderTerms };

/** How many orders that have ended are looked up at once. */
const PAGE = 1_000;

/**
 * Compares the orders of SQL with those of a replay. Once an order has ended its row never changes, so it is compared then and
 * forgotten: only what is open is held, and a bit for every order.
 */
export class OrderComparison<Database> {
  readonly findings: Findings = new Findings();
  count = 0;
  readonly #sql: SqlBooksOptions<Database>;
  /** Sequence number of the last command whose effects are compared; SQL may have gone on. */
  readonly #position: number;
  readonly #open = new Map<number, ReplayedOrder>();
  readonly #ended: ReplayedOrder[] = [];
  readonly #seen = new NumberSet();

  constructor(sql: SqlBooksOptions<Database>, position: number) {
    this.#sql = sql;
    this.#position = position;
  }

  /** Follows what commands did. */
  async follow({ orders }: HistoryBatch): Promise<void> {
    for (const change of orders.values()) {
      const order = this.#changed(change);
      if (order === undefined) continue;
      this.#seen.add(order.orderId);
      if (order.reason === undefined) this.#open.set(order.orderId, order);
      else {
        this.#open.delete(order.orderId);
        this.#ended.push(order);
      }
    }
    while (this.#ended.length >= PAGE) await this.#compare(this.#ended.splice(0, PAGE));
  }

  /** Compares what is open, and tells what SQL has that the replay hadn't. */
  async end(): Promise<void> {
    const rest = [...this.#ended.splice(0), ...this.#open.values()];
    this.#open.clear();
    while (rest.length > 0) await this.#compare(rest.splice(0, PAGE));
    const { db, ...options } = this.#sql;
    for (let after = 0; ; ) {
      const ids = await readOrderIds(db, { ...options, after, limit: PAGE });
      for (const id of ids) if (!this.#seen.has(id)) await this.#findExtra(id);
      if (ids.length < PAGE) return;
      after = ids.at(-1) ?? after;
    }
  }

  /** Undefined for an order from before there were rows. */
  #changed(change: OrderChange): ReplayedOrder | undefined {
    const { terms } = change;
    if (terms !== undefined) return { ...change, terms };
    const known = this.#open.get(change.orderId);
    if (known === undefined) return undefined;
    return {
      ...change,
      terms: known.terms,
      price: change.price ?? known.price,
      quantity: change.quantity ?? (known.quantity ?? 0) - change.lessQuantity,
      quoteQuantity: change.quoteQuantity ?? known.quoteQuantity,
      executedQuantity: known.executedQuantity + change.executedQuantity,
      executedNotional: known.executedNotional + change.executedNotional,
      preventedQuantity: known.preventedQuantity + change.preventedQuantity,
    };
  }

  async #compare(orders: readonly ReplayedOrder[]): Promise<void> {
    const { db, ...options } = this.#sql;
    const rows = await readOrdersById(
      db,
      orders.map(({ orderId }) => orderId),
      options,
    );
    const byId = new Map(rows.map((row) => [row.orderId, row]));
    for (const order of orders) {
      this.count += 1;
      const row = byId.get(order.orderId);
      if (row === undefined) this.#find(order.orderId, "it is missing");
      // What it was at the position has been written over since.
      else if (row.sequence <= this.#position) this.#compareRow(row, order);
    }
  }

  #compareRow(row: SqlOrder, order: ReplayedOrder): void {
    const expected = rowOf(order);
    const differing = Object.entries(expected)
      .filter(([field, value]) => !isSame(row[field as keyof SqlOrder], value))
      .map(([field]) => field);
    if (differing.length === 0) return;
    this.#find(order.orderId, `not as the replay has it: ${differing.join(", ")}`);
  }

  /** One that was placed after the position is not this replay's. */
  async #findExtra(orderId: number): Promise<void> {
    const { db, ...options } = this.#sql;
    const [row] = await readOrdersById(db, [orderId], options);
    if (row === undefined || row.sequence > this.#position) return;
    this.#find(orderId, "the replay made no such order");
  }

  #find(orderId: number, finding: string): void {
    this.findings.add(`order ${orderId}`, finding);
  }
}

const rowOf = ({ terms, ...order }: ReplayedOrder): Partial<Record<keyof SqlOrder, unknown>> => ({
  ...terms,
  price: order.price ?? 0,
  quantity: order.quantity ?? 0,
  quoteQuantity: order.quoteQuantity ?? 0,
  executedQuantity: order.executedQuantity,
  executedNotional: order.executedNotional,
  preventedQuantity: order.preventedQuantity,
  status: order.reason === undefined ? "open" : statusOf(order.reason, order.executedQuantity),
  reason: order.reason ?? "",
  updatedAt: order.updatedAt,
  sequence: order.sequence,
});

/** Conditions are an object, in SQL with its fields in any order. */
const isSame = (stored: unknown, replayed: unknown): boolean =>
  stored === replayed || textOf(stored) === textOf(replayed);

const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  ) ?? "";

/** Numbers that count up, a bit for each. */
class NumberSet {
  #bits = new Uint32Array(1 << 10);

  add(number: number): void {
    const word = Math.floor(number / 32);
    if (word >= this.#bits.length) {
      const grown = new Uint32Array(Math.max(word + 1, this.#bits.length * 2));
      grown.set(this.#bits);
      this.#bits = grown;
    }
    this.#bits[word] = (this.#bits[word] ?? 0) | (1 << (number % 32));
  }

  has(number: number): boolean {
    return ((this.#bits[Math.floor(number / 32)] ?? 0) & (1 << (number % 32))) !== 0;
  }
}
