import type { OrderList } from "../lists/order-list.ts";
import { type ConditionStore, Place } from "../memory/condition-store.ts";
import type { MarketTable } from "../memory/market-table.ts";
import type { OrderPool } from "../memory/order-pool.ts";
import type { PriceLevels } from "../memory/price-levels.ts";
import type { OrderBooks } from "../order-books.ts";
import type { Slices } from "../slices.ts";
import { ascending } from "./ascending.ts";

/** Orders that a slice looks at. */
const ORDERS_A_SLICE = 1 << 14;

const NO_ORDERS: readonly number[] = [];
const NO_LISTS: readonly OrderList[] = [];

/** What of the books a snapshot tells. */
export interface BooksToTell {
  readonly markets: MarketTable;
  readonly orders: OrderPool;
  readonly levels: PriceLevels;
  readonly hidden: PriceLevels;
  readonly conditions: ConditionStore;
  readonly nextOrderId: number;
  readonly nextTradeId: number;
  readonly time: number;
  /** Dead-man's switches: account to time. */
  readonly switches: ReadonlyMap<number, number>;
  /** Of the market in a row, by id: the orders that wait, those that are pending, and the lists. */
  waitingOf(row: number): readonly number[];
  pendingOf(row: number): readonly number[];
  listsOf(row: number): readonly OrderList[];
}

/** The books as they are. */
export const booksAsTheyAre = (
  books: OrderBooks,
  switches: ReadonlyMap<number, number>,
): BooksToTell => {
  const { markets, orders, levels, hidden, conditions, nextOrderId, nextTradeId, time } = books;
  return {
    markets,
    orders,
    levels,
    hidden,
    conditions,
    nextOrderId,
    nextTradeId,
    time,
    switches,
    waitingOf: (row) => books.waitingOf(row),
    pendingOf: (row) => books.pending.of(row),
    listsOf: (row) => books.lists.of(row),
  };
};

/**
 * The books as they were when this was made. Their memory is copied at once, 50 bytes or so for an order: nothing that matching
 * does is slowed down by having to tell. Of orders that wait, only that they do: their order is found by `arrange`.
 */
export class StandingBooks implements BooksToTell {
  readonly markets: MarketTable;
  readonly orders: OrderPool;
  readonly levels: PriceLevels;
  readonly hidden: PriceLevels;
  readonly conditions: ConditionStore;
  readonly nextOrderId: number;
  readonly nextTradeId: number;
  readonly time: number;
  readonly switches: ReadonlyMap<number, number>;
  readonly #waiting: Map<number, number[]> = new Map();
  readonly #pending: Map<number, number[]> = new Map();
  readonly #lists: Map<number, OrderList[]> = new Map();

  constructor(books: OrderBooks, switches: ReadonlyMap<number, number>) {
    this.markets = books.markets.copy();
    this.orders = books.orders.copy();
    this.levels = books.levels.copy(this.orders);
    this.hidden = books.hidden.copy(this.orders);
    this.conditions = books.conditions.copy();
    this.nextOrderId = books.nextOrderId;
    this.nextTradeId = books.nextTradeId;
    this.time = books.time;
    this.switches = new Map(switches);
    for (const list of books.lists.inOrder()) enter(this.#lists, list.row, { ...list });
  }

  /** Has to be done before they are told. */
  *arrange(): Slices<void> {
    const { conditions, orders } = this;
    if (conditions.count === 0) return;
    const aside: number[] = [];
    for (let slot = 1; slot <= orders.highestSlot; slot += 1) {
      if (slot % ORDERS_A_SLICE === 0) yield;
      if (conditions.place(slot) >= Place.waiting) aside.push(slot);
    }
    const ids = Float64Array.from(aside, (slot) => orders.id(slot));
    for (const place of yield* ascending(ids)) {
      const slot = aside[place] as number;
      const isPending = conditions.place(slot) === Place.pending;
      enter(isPending ? this.#pending : this.#waiting, conditions.row(slot), slot);
    }
  }

  waitingOf(row: number): readonly number[] {
    return this.#waiting.get(row) ?? NO_ORDERS;
  }

  pendingOf(row: number): readonly number[] {
    return this.#pending.get(row) ?? NO_ORDERS;
  }

  listsOf(row: number): readonly OrderList[] {
    return this.#lists.get(row) ?? NO_LISTS;
  }
}

const enter = <Item>(byRow: Map<number, Item[]>, row: number, item: Item): void => {
  const items = byRow.get(row);
  if (items === undefined) byRow.set(row, [item]);
  else items.push(item);
};
