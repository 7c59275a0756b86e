import type { IncomingOrder } from "./incoming-order.ts";
import { MarketTable } from "./memory/market-table.ts";
import { OrderIndex } from "./memory/order-index.ts";
import { OrderPool } from "./memory/order-pool.ts";
import { bookSide, PriceLevels } from "./memory/price-levels.ts";

/** How much to make room for at once. All of it grows by itself, but growing copies. */
export interface Capacity {
  /** Resting orders in all markets: 1,024 unless told otherwise. */
  readonly orders?: number;
  /** Price levels in all markets: 256 unless told otherwise. */
  readonly levels?: number;
  /** 16 unless told otherwise. */
  readonly markets?: number;
}

/**
 * What rests: the order books of all markets, and the counters of ids.
 *
 * What every command runs through, from here to `memory/`, has `private` members rather than `#` ones: in V8 of Node 20 each
 * use of a `#` name is more bytecode and a check more, and the size of its bytecode decides whether a method is inlined.
 */
export class OrderBooks {
  readonly markets: MarketTable;
  readonly orders: OrderPool;
  readonly levels: PriceLevels;
  readonly index: OrderIndex;
  /** The id that the next accepted order gets. Doubles from the start: see `IncomingOrder`. */
  nextOrderId: number = Number.NaN;
  nextTradeId: number = Number.NaN;

  constructor({ orders = 1024, levels = 256, markets = 16 }: Capacity = {}) {
    this.markets = new MarketTable(markets);
    this.orders = new OrderPool(orders);
    this.levels = new PriceLevels(this.orders, { levels, markets });
    this.index = new OrderIndex(this.orders, orders);
    this.nextOrderId = 1;
    this.nextTradeId = 1;
  }

  /** Puts what is left of an order at the end of the queue at its price, and answers with its slot. */
  rest(order: IncomingOrder): number {
    const { orders, levels } = this;
    const slot = orders.add(order);
    levels.join(levels.obtain(bookSide(order.row, order.side), order.price), slot);
    this.index.add(slot, this.nextOrderId);
    return slot;
  }

  /** Takes an order out of its queue and forgets it. Its level stays, even if it is empty now. */
  remove(slot: number): void {
    this.levels.leave(this.orders.level(slot), slot);
    this.index.remove(slot);
    this.orders.release(slot);
  }

  /** The row of the market that an order rests in. */
  rowOf(slot: number): number {
    return this.levels.row(this.orders.level(slot));
  }

  /** The best level of a side of a market; 0 if nothing rests there, or there is no such market. */
  best(market: number, side: number): number {
    const row = this.markets.row(market);
    return row === 0 ? 0 : this.levels.best(bookSide(row, side));
  }

  /**
   * Whether an order could bring the lots at its price above what a double counts exactly. The level is looked up only
   * where all the orders there are could together be as many.
   */
  wouldOverfillLevel(order: IncomingOrder): boolean {
    const most = this.markets.maxQuantity(order.row) * (this.orders.count + 1);
    if (most <= Number.MAX_SAFE_INTEGER) return false;
    const level = this.levels.find(bookSide(order.row, order.side), order.price);
    return level !== 0 && this.levels.quantity(level) + order.quantity > Number.MAX_SAFE_INTEGER;
  }
}
