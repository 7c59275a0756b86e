import type { PriceBand } from "./commands/command.ts";
import { ALL_OR_NONE_FLAG, pegOf, waitsForTrigger } from "./conditions/condition-layout.ts";
import { Peg } from "./conditions/conditions.ts";
import type { IncomingOrder } from "./incoming-order.ts";
import { OrderLists } from "./lists/order-lists.ts";
import { ClientOrderIds } from "./memory/client-order-ids.ts";
import { ConditionStore, Place } from "./memory/condition-store.ts";
import { type ChangeableRules, MarketTable } from "./memory/market-table.ts";
import { OrderIndex } from "./memory/order-index.ts";
import { OrderPool } from "./memory/order-pool.ts";
import { OrdersByRow } from "./memory/orders-by-row.ts";
import { bookSide, PriceLevels } from "./memory/price-levels.ts";
import { type PeggedOrder, PeggedOrders } from "./pegs/pegged-orders.ts";
import { OpenOrderCounts } from "./protection/open-order-counts.ts";
import { AllOrNoneOrders } from "./triggers/all-or-none-orders.ts";
import { WaitingOrders } from "./triggers/waiting-orders.ts";

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
 * The orders of all markets, whether they rest on levels that everybody sees, on hidden ones, or wait; the counters of ids,
 * and the time.
 *
 * What every command runs through, from here to `memory/`, has `private` members rather than `#` ones: in V8 of Node 20 each
 * use of a `#` name is more bytecode and a check more, and the size of its bytecode decides whether a method is inlined.
 */
export class OrderBooks {
  readonly markets: MarketTable;
  readonly orders: OrderPool;
  /** What everybody sees. */
  readonly levels: PriceLevels;
  /** What nobody sees. */
  readonly hidden: PriceLevels;
  readonly waiting: WaitingOrders;
  readonly pegged: PeggedOrders;
  /** Those that wait until all of them can trade. */
  readonly allOrNone: AllOrNoneOrders;
  /** Those that wait for the closing auction. */
  readonly atClose: OrdersByRow;
  /** Those that wait for their lists to call for them. */
  readonly pending: OrdersByRow;
  readonly lists: OrderLists = new OrderLists();
  readonly clientOrderIds: ClientOrderIds = new ClientOrderIds();
  readonly conditions: ConditionStore;
  readonly index: OrderIndex;
  readonly openOrders: OpenOrderCounts = new OpenOrderCounts();
  /** The id that the next accepted order gets. Doubles from the start: see `IncomingOrder`. */
  nextOrderId: number = Number.NaN;
  nextTradeId: number = Number.NaN;
  /** What time it is, as the last `advance_time` said. */
  time: number = Number.NaN;

  constructor({ orders = 1024, levels = 256, markets = 16 }: Capacity = {}) {
    this.markets = new MarketTable(markets);
    this.orders = new OrderPool(orders);
    this.levels = new PriceLevels(this.orders, { levels, markets });
    this.hidden = new PriceLevels(this.orders, { levels: 1, markets });
    this.conditions = new ConditionStore();
    this.waiting = new WaitingOrders(this.orders, this.conditions, markets);
    this.pegged = new PeggedOrders(this.orders, this.conditions, this.hidden);
    this.allOrNone = new AllOrNoneOrders(this.orders, this.conditions, markets);
    this.atClose = new OrdersByRow(this.orders);
    this.pending = new OrdersByRow(this.orders);
    this.index = new OrderIndex(this.orders, orders);
    this.nextOrderId = 1;
    this.nextTradeId = 1;
    this.time = 0;
  }

  /** Has a market ask other things of orders from now on; those that are there stay as they are. */
  changeMarket(row: number, rules: ChangeableRules): void {
    const { orders } = this;
    this.markets.change(row, rules);
    this.pegged.unsettle(row);
    if (rules.maxOpenOrders === 0) this.openOrders.unwatch(row);
    else
      this.openOrders.watch(
        row,
        this.ordersOf(row).map((slot) => orders.account(slot)),
      );
  }

  /** Has prices be multiples of other increments from now on; those that are there stay as they are. */
  setPriceBands(row: number, bands: readonly PriceBand[]): void {
    this.markets.setPriceBands(row, bands);
    this.pegged.unsettle(row);
  }

  /** Makes room for the books of the market in a row. */
  addBook(row: number): void {
    this.levels.addBook(row);
    this.hidden.addBook(row);
    this.waiting.addBook(row);
    this.allOrNone.addBook(row);
  }

  /** Puts what is left of an order at the end of the queue at its price, and answers with its slot. */
  rest(order: IncomingOrder): number {
    const { orders } = this;
    const slot = orders.add(order);
    const shown =
      order.displayQuantity > 0
        ? Math.min(order.displayQuantity, order.remaining)
        : order.remaining;
    orders.setRemaining(slot, shown);
    if (order.isMoreThanPlain) {
      const place = order.isHidden ? Place.hidden : Place.shown;
      this.conditions.add(slot, order, place, order.remaining - shown);
      this.countConditioned(order.row, 1);
    }
    const book = order.isHidden ? this.hidden : this.levels;
    book.join(book.obtain(bookSide(order.row, order.side), order.price), slot);
    if (order.peg !== Peg.none) this.follow(order.row, slot);
    this.enrol(slot, order);
    return slot;
  }

  /** Has an order wait, unseen, for whatever it waits for, and answers with its slot. */
  wait(order: IncomingOrder): number {
    const slot = this.orders.add(order);
    this.conditions.add(slot, order, order.isPending ? Place.pending : Place.aside, 0);
    this.countConditioned(order.row, 1);
    if (order.isPending) {
      this.pending.add(order.row, slot);
    } else if (waitsForTrigger(order.flags)) {
      this.waiting.add(slot);
    } else if (order.peg !== Peg.none) {
      this.follow(order.row, slot);
    } else if (order.isAllOrNone) {
      this.allOrNone.add(slot);
      this.noteFollowers(order.row);
    } else {
      this.atClose.add(order.row, slot);
    }
    this.enrol(slot, order);
    return slot;
  }

  /** Has a pegged order come to rest last at a price, unseen. */
  moveUnseen(pegged: PeggedOrder, price: number): void {
    const { conditions, hidden, orders } = this;
    const { slot, row, side } = pegged;
    if (pegged.standsAt === 0) {
      conditions.setPlace(slot, Place.hidden);
    } else {
      const level = orders.level(slot);
      hidden.leave(level, slot);
      hidden.removeIfEmpty(level);
    }
    hidden.join(hidden.obtain(bookSide(row, side), price), slot);
    pegged.standsAt = price;
  }

  /** Takes an order out of wherever it is and forgets it. The level where it rested stays, even if it is empty now. */
  leave(slot: number): void {
    const { orders, conditions } = this;
    this.openOrders.change(this.rowOf(slot), orders.account(slot), -1);
    if (this.isWaiting(slot)) this.stopWaiting(slot);
    else this.bookOf(slot).leave(orders.level(slot), slot);
    if (conditions.has(slot)) this.forgetConditions(slot);
    this.index.remove(slot);
    orders.release(slot);
  }

  /** As `leave`, but an empty level goes too. Answers the level that everybody sees where it rested; 0 if it rested on none. */
  remove(slot: number): number {
    if (this.isWaiting(slot)) {
      this.leave(slot);
      return 0;
    }
    const book = this.bookOf(slot);
    const level = this.orders.level(slot);
    this.leave(slot);
    book.removeIfEmpty(level);
    return book === this.levels ? level : 0;
  }

  /** An order no longer waits; a pegged one is still followed. */
  private stopWaiting(slot: number): void {
    const { conditions } = this;
    const row = conditions.row(slot);
    const flags = conditions.flags(slot);
    if (conditions.place(slot) === Place.pending) this.pending.remove(row, slot);
    else if (waitsForTrigger(flags)) this.waiting.remove(slot);
    else if ((flags & ALL_OR_NONE_FLAG) !== 0) this.allOrNone.remove(slot);
    else this.atClose.remove(row, slot);
  }

  /** What was asked for beside price and quantity is forgotten. The order is still there. */
  forgetConditions(slot: number): void {
    const { conditions, orders } = this;
    const row = conditions.row(slot);
    const flags = conditions.flags(slot);
    const clientOrderId = conditions.clientOrderId(slot);
    if (clientOrderId !== 0) this.clientOrderIds.remove(orders.account(slot), clientOrderId);
    const isPegged = pegOf(flags) !== Peg.none;
    if (isPegged) this.pegged.remove(row, slot);
    if (isPegged || (flags & ALL_OR_NONE_FLAG) !== 0) this.noteFollowers(row);
    this.countConditioned(row, -1);
    conditions.release(slot);
  }

  private follow(row: number, slot: number): void {
    this.pegged.add(row, slot);
    this.noteFollowers(row);
  }

  private noteFollowers(row: number): void {
    const isFollowed = this.pegged.hasAny(row) || this.allOrNone.hasAny(row);
    this.markets.setFollowed(row, isFollowed);
  }

  /** Whatever an order does, it is found by its id from now on. */
  private enrol(slot: number, order: IncomingOrder): void {
    this.index.add(slot, this.nextOrderId);
    this.openOrders.change(order.row, order.account, 1);
    if (order.clientOrderId !== 0)
      this.clientOrderIds.add(order.account, order.clientOrderId, slot);
  }

  isWaiting(slot: number): boolean {
    return this.conditions.place(slot) >= Place.waiting;
  }

  /** The book of levels that a resting order stands in. */
  bookOf(slot: number): PriceLevels {
    return this.conditions.place(slot) === Place.hidden ? this.hidden : this.levels;
  }

  /** The row of the market that an order is in. */
  rowOf(slot: number): number {
    return this.isWaiting(slot)
      ? this.conditions.row(slot)
      : this.bookOf(slot).row(this.orders.level(slot));
  }

  sideOf(slot: number): number {
    return this.isWaiting(slot)
      ? this.conditions.side(slot)
      : this.bookOf(slot).side(this.orders.level(slot));
  }

  /** The limit: that of the level where it rests, or that which a waiting order came with. */
  priceOf(slot: number): number {
    return this.isWaiting(slot)
      ? this.conditions.price(slot)
      : this.bookOf(slot).price(this.orders.level(slot));
  }

  /** Has a resting iceberg show so many of the lots that it has left, in its place; other orders show all. */
  showAnew(slot: number, lots: number): void {
    const { orders, conditions } = this;
    const left = this.remainingOf(slot);
    if (conditions.displayQuantity(slot) === 0) return;
    this.bookOf(slot).putOn(orders.level(slot), lots - orders.remaining(slot));
    orders.setRemaining(slot, lots);
    conditions.setReserve(slot, left - lots);
  }

  /** Takes lots off a resting order, those that are not shown first. */
  takeOff(slot: number, lots: number): void {
    const { orders, conditions } = this;
    const unseen = Math.min(lots, conditions.reserve(slot));
    if (unseen > 0) conditions.setReserve(slot, conditions.reserve(slot) - unseen);
    orders.setRemaining(slot, orders.remaining(slot) - (lots - unseen));
    this.bookOf(slot).takeOff(orders.level(slot), lots - unseen);
  }

  /** All lots still to trade, shown or not. */
  remainingOf(slot: number): number {
    return this.orders.remaining(slot) + this.conditions.reserve(slot);
  }

  /** Puts what is known of an order into the registers. */
  recall(slot: number, order: IncomingOrder): void {
    const { orders, conditions } = this;
    order.row = this.rowOf(slot);
    order.market = this.markets.market(order.row);
    order.account = orders.account(slot);
    order.orderId = orders.id(slot);
    order.quantity = orders.quantity(slot);
    order.remaining = this.remainingOf(slot);
    if (conditions.has(slot)) {
      conditions.recall(slot, order);
    } else {
      order.type = 0;
      order.timeInForce = 0;
      order.quoteQuantity = 0;
      order.clearConditions();
      order.leaveList();
    }
    order.side = this.sideOf(slot);
    order.price = this.priceOf(slot);
  }

  /** The best level of a side of a market; 0 if nothing rests there, or there is no such market. */
  best(market: number, side: number): number {
    const row = this.markets.row(market);
    return row === 0 ? 0 : this.levels.best(bookSide(row, side));
  }

  /** The best price of a side, shown or hidden, in ticks; 0 if nothing rests there. */
  bestPrice(row: number, side: number): number {
    const { levels, hidden } = this;
    const name = bookSide(row, side);
    const shown = levels.bestKey(name);
    const unseen = hidden.bestKey(name);
    if (shown === 0 && unseen === 0) return 0;
    return shown >= unseen ? levels.price(levels.best(name)) : hidden.price(hidden.best(name));
  }

  /** The slots of all orders of a market, oldest first. */
  ordersOf(row: number): number[] {
    const slots: number[] = [];
    for (const book of [this.levels, this.hidden]) {
      for (const side of [0, 1]) {
        let level = book.best(bookSide(row, side));
        for (; level !== 0; level = book.worse(level)) {
          for (let slot = book.first(level); slot !== 0; slot = this.orders.next(slot))
            slots.push(slot);
        }
      }
    }
    slots.push(...this.waitingOf(row), ...this.pending.of(row));
    return slots.sort((one, other) => this.orders.id(one) - this.orders.id(other));
  }

  /** The slots of the orders of a market that wait, oldest first, but for those that wait for their lists. */
  waitingOf(row: number): number[] {
    const slots = [
      ...this.waiting.ordersOf(row),
      ...this.pegged.asideOf(row),
      ...this.allOrNone.of(row),
      ...this.atClose.of(row),
    ];
    return slots.sort((one, other) => this.orders.id(one) - this.orders.id(other));
  }

  /** The best price of a side that everybody sees, in ticks; 0 if there is none. */
  bestShown(row: number, side: number): number {
    const level = this.levels.best(bookSide(row, side));
    return level === 0 ? 0 : this.levels.price(level);
  }

  /**
   * Whether an order could bring the lots at its price above what a double counts exactly. The level is looked up only
   * where all the orders there are could together be as many.
   */
  wouldOverfillLevel(order: IncomingOrder): boolean {
    if (!this.couldOverfill(order.row)) return false;
    const level = this.levels.find(bookSide(order.row, order.side), order.price);
    return level !== 0 && this.levels.quantity(level) + order.quantity > Number.MAX_SAFE_INTEGER;
  }

  /** Whether as many orders as there are, and `more`, and one, could together be more than a double counts exactly. */
  couldOverfill(row: number, more = 0): boolean {
    return this.markets.maxQuantity(row) * (this.orders.count + more + 1) > Number.MAX_SAFE_INTEGER;
  }

  private countConditioned(row: number, change: number): void {
    this.markets.setConditioned(row, this.markets.conditioned(row) + change);
  }
}
