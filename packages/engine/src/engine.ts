import { type Admission, admitsEveryone } from "./admission.ts";
import { CommandKind, expectCommandRecord } from "./command.ts";
import { DoneReason } from "./done-reason.ts";
import type { EngineHandler } from "./engine-handler.ts";
import { readSnapshot, writeSnapshot } from "./engine-snapshot.ts";
import { EventRegister } from "./event-register.ts";
import { fingerprint } from "./fingerprint.ts";
import { invariant } from "./invariant.ts";
import { MarketTable } from "./market-table.ts";
import { OrderIndex } from "./order-index.ts";
import { OrderPool } from "./order-pool.ts";
import { brokenMarketRule, brokenOrderRule } from "./order-rules.ts";
import { OrderType } from "./order-type.ts";
import { KEY_MIRROR, PriceLevels } from "./price-levels.ts";
import { type RecordViews, recordKind, recordLength, recordSecond } from "./record.ts";
import { REJECTIONS } from "./rejection.ts";
import { Side, type SideName, sideName } from "./side.ts";
import { TimeInForce } from "./time-in-force.ts";

/** What an engine needs. */
export interface EngineOptions {
  /** Hears every event, in order. One handler, so that the call to it stays fast. */
  readonly handler: EngineHandler;
  /** Asked before an order becomes live; by default everyone may. */
  readonly admission?: Admission;
  /** How much to make room for at once; all of it grows by itself. */
  readonly capacity?: {
    readonly orders?: number;
    readonly levels?: number;
    readonly markets?: number;
  };
}

/** A resting order. Prices in ticks, quantities in lots. */
export interface RestingOrder {
  readonly orderId: number;
  readonly market: number;
  readonly account: number;
  readonly side: SideName;
  readonly price: number;
  /** As placed. */
  readonly quantity: number;
  readonly remaining: number;
}

/** One price level of a book: ticks, lots of all orders, number of orders. */
export interface BookLevel {
  readonly price: number;
  readonly quantity: number;
  readonly orders: number;
}

// The taker's registers: doubles passed between methods that V8 does not inline would be boxed.
const REMAINING = 0;
const BUDGET = 1;
const ORDER_ID = 2;

/**
 * The matching engine: any number of markets, one thread, price-time priority.
 *
 * Commands come in as integers (`place`, `cancel`, `addMarket`) or as encoded records (`process`), events go to one
 * handler. The same commands give the same events, byte for byte, on any machine: there is no clock, no randomness and
 * no I/O inside.
 *
 * @example
 * ```ts
 * import { Engine, EventKind, OrderType, Side, TimeInForce } from "@pincex/engine";
 *
 * const prices: number[] = [];
 * const handler = {
 *   event: (event) => {
 *     if (event.kind === EventKind.trade) prices.push(event.price);
 *   },
 * };
 * const engine = new Engine({ handler });
 * engine.addMarket(1, 1_000_000, 1_000_000, 1, 1, 0, 0);
 * engine.place(1, 7, Side.sell, OrderType.limit, TimeInForce.gtc, 101, 5, 0);
 * engine.place(1, 8, Side.buy, OrderType.limit, TimeInForce.gtc, 102, 3, 0);
 * prices; // => [101]
 * ```
 */
export class Engine {
  readonly #handler: EngineHandler;
  readonly #admission: Admission;
  readonly #event: EventRegister = new EventRegister();
  readonly #markets: MarketTable;
  readonly #levels: PriceLevels;
  readonly #orders: OrderPool;
  readonly #index: OrderIndex;
  /** Counters that outgrow 31 bits live in a typed array: as fields they would change their representation once. */
  readonly #counters: Float64Array = new Float64Array([1, 1]);
  readonly #taker: Float64Array = new Float64Array(3);

  constructor(options: EngineOptions) {
    const { orders = 1024, levels = 256, markets = 16 } = options.capacity ?? {};
    this.#handler = options.handler;
    this.#admission = options.admission ?? admitsEveryone;
    this.#markets = new MarketTable(markets);
    this.#levels = new PriceLevels(levels);
    this.#orders = new OrderPool(orders);
    this.#index = new OrderIndex(this.#orders, orders);
  }

  /** The id that the next accepted order gets. */
  get nextOrderId(): number {
    return this.#counters[0] as number;
  }

  /** The id that the next trade gets. */
  get nextTradeId(): number {
    return this.#counters[1] as number;
  }

  /** How many orders rest, in all markets. */
  get restingCount(): number {
    return this.#orders.live;
  }

  // ------------------------------------------------------------------------------------------------ commands

  /**
   * Does what the record at `offset` says. Throws `RangeError`, before any change, for a record that is not a whole command
   * of a known kind and version; everything else that is wrong with it is a `rejected` event.
   */
  process(commands: RecordViews, offset: number): void {
    expectCommandRecord(commands, offset);
    const { bytes, i32, f64 } = commands;
    const int = offset >> 2;
    const double = offset >> 3;
    const market = recordSecond(commands, offset);
    switch (recordKind(commands, offset)) {
      case CommandKind.place:
        this.place(
          market,
          i32[int + 2] as number,
          bytes[offset + 16] as number,
          bytes[offset + 17] as number,
          bytes[offset + 18] as number,
          i32[int + 3] as number,
          f64[double + 3] as number,
          f64[double + 4] as number,
        );
        return;
      case CommandKind.cancel:
        this.cancel(market, i32[int + 2] as number, f64[double + 2] as number);
        return;
      default:
        this.addMarket(
          market,
          f64[double + 1] as number,
          f64[double + 2] as number,
          f64[double + 3] as number,
          f64[double + 4] as number,
          f64[double + 5] as number,
          f64[double + 6] as number,
        );
    }
  }

  /** Processes the records from `from` up to `to`, in bytes, and says how many they were. */
  processAll(commands: RecordViews, from: number, to: number): number {
    let count = 0;
    for (let offset = from; offset < to; offset += recordLength(commands, offset)) {
      this.process(commands, offset);
      count += 1;
    }
    return count;
  }

  /** Opens a market; see `AddMarket` for units and ranges. `false` if a rule refused it. */
  addMarket(
    market: number,
    maxPrice: number,
    maxQuantity: number,
    priceIncrement: number,
    quantityIncrement: number,
    minQuantity: number,
    minNotional: number,
  ): boolean {
    const broken = brokenMarketRule(
      this.#markets,
      market,
      maxPrice,
      maxQuantity,
      priceIncrement,
      quantityIncrement,
      minQuantity,
      minNotional,
    );
    if (broken !== 0) {
      this.#reject(market, 0, 0, broken);
      return false;
    }
    this.#markets.add(
      market,
      maxPrice,
      maxQuantity,
      priceIncrement,
      quantityIncrement,
      minQuantity,
      minNotional,
    );
    this.#event.writeMarketAdded(market);
    this.#handler.event(this.#event);
    return true;
  }

  /**
   * Places an order; see `Place` for units and ranges, `Side`, `OrderType` and `TimeInForce` for the codes. Gives the order's
   * id, or 0 if a rule or the Admission port refused it.
   */
  place(
    market: number,
    account: number,
    side: number,
    type: number,
    timeInForce: number,
    price: number,
    quantity: number,
    quoteQuantity: number,
  ): number {
    const row = this.#markets.row(market);
    const broken = brokenOrderRule(
      this.#markets,
      row,
      account,
      side,
      type,
      timeInForce,
      price,
      quantity,
      quoteQuantity,
    );
    if (broken !== 0) return this.#reject(market, account, 0, broken);

    const orderId = this.#counters[0] as number;
    this.#event.writeAccepted(
      market,
      account,
      orderId,
      side,
      type,
      timeInForce,
      price,
      quantity,
      quoteQuantity,
    );
    const refusal = this.#admission.admit(this.#event);
    if (refusal !== 0) return this.#reject(market, account, 0, refusal);
    this.#counters[0] = orderId + 1;
    this.#handler.event(this.#event);

    this.#taker[REMAINING] = quantity;
    this.#taker[BUDGET] = quoteQuantity;
    this.#taker[ORDER_ID] = orderId;
    const limit = price !== 0 ? price : side === Side.buy ? KEY_MIRROR : 0;
    if (timeInForce === TimeInForce.fok && !this.#fillable(row, side, limit)) {
      this.#done(market, account, side, price, DoneReason.fill_or_kill_unfilled);
      return orderId;
    }
    if (quoteQuantity > 0) this.#matchBudget(row, market, account, side, limit);
    else this.#matchQuantity(row, market, account, side, limit);
    this.#finish(row, market, account, side, type, timeInForce, price, quantity);
    return orderId;
  }

  /** Cancels a resting order of the account. `false` if there is none. */
  cancel(market: number, account: number, orderId: number): boolean {
    const slot = this.#index.find(orderId);
    if (
      slot === 0 ||
      this.#orders.account(slot) !== account ||
      this.#levels.market(this.#orders.level(slot)) !== market
    ) {
      this.#reject(market, account, orderId, REJECTIONS.order_unknown.number);
      return false;
    }
    const level = this.#orders.level(slot);
    const side = this.#levels.side(level);
    const price = this.#levels.price(level);
    const remaining = this.#orders.remaining(slot);
    this.#levels.setTotal(level, this.#levels.total(level) - remaining);
    this.#unlink(slot, level);
    this.#event.writeDone(market, account, orderId, side, price, DoneReason.cancelled, remaining);
    this.#handler.event(this.#event);
    this.#levelChanged(this.#markets.row(market), level);
    return true;
  }

  // ------------------------------------------------------------------------------------------------ matching

  /** Trades the taker's lots against the other side, best price first, oldest order first. */
  #matchQuantity(row: number, market: number, account: number, side: number, limit: number): void {
    const taker = this.#taker;
    const against = this.#markets.sideAt(row, 1 - side);
    while ((taker[REMAINING] as number) > 0) {
      const level = this.#levels.best(this.#markets.rows, against);
      if (level === 0) return;
      const price = this.#levels.price(level);
      if (side === Side.buy ? price > limit : price < limit) return;
      this.#matchLevel(level, market, account, side, price);
      this.#levelChanged(row, level);
    }
  }

  /** The same for a taker that spends or raises a budget: at each price as many increments as it still covers. */
  #matchBudget(row: number, market: number, account: number, side: number, limit: number): void {
    const taker = this.#taker;
    const against = this.#markets.sideAt(row, 1 - side);
    const increment = this.#markets.quantityIncrement(row);
    for (;;) {
      const level = this.#levels.best(this.#markets.rows, against);
      if (level === 0) return;
      const price = this.#levels.price(level);
      if (side === Side.buy ? price > limit : price < limit) return;
      const affordable = Math.floor((taker[BUDGET] as number) / price);
      const wanted = affordable - (affordable % increment);
      if (wanted === 0) return;
      taker[REMAINING] = wanted;
      this.#matchLevel(level, market, account, side, price);
      const traded = wanted - (taker[REMAINING] as number);
      taker[BUDGET] = (taker[BUDGET] as number) - traded * price;
      this.#levelChanged(row, level);
    }
  }

  #matchLevel(level: number, market: number, account: number, side: number, price: number): void {
    const taker = this.#taker;
    const { f64 } = this.#event.views;
    const orders = this.#orders;
    const byBudget = (taker[BUDGET] as number) > 0;
    let remaining = taker[REMAINING] as number;
    let total = this.#levels.total(level);
    for (;;) {
      const maker = this.#levels.head(level);
      if (maker === 0 || remaining === 0) break;
      const makerRemaining = orders.remaining(maker);
      const quantity = makerRemaining < remaining ? makerRemaining : remaining;
      const makerLeft = makerRemaining - quantity;
      remaining -= quantity;
      total -= quantity;
      orders.setRemaining(maker, makerLeft);
      const tradeId = this.#counters[1] as number;
      this.#counters[1] = tradeId + 1;
      const makerAccount = orders.account(maker);
      this.#event.writeTrade(market, price, side, makerAccount, account);
      f64[3] = tradeId;
      f64[4] = quantity;
      f64[5] = orders.id(maker);
      f64[6] = taker[ORDER_ID] as number;
      f64[7] = makerLeft;
      f64[8] = byBudget ? 0 : remaining;
      this.#handler.event(this.#event);
      if (makerLeft === 0) {
        const makerId = orders.id(maker);
        this.#unlink(maker, level);
        this.#event.writeDone(market, makerAccount, makerId, 1 - side, price, DoneReason.filled, 0);
        this.#handler.event(this.#event);
      }
    }
    taker[REMAINING] = remaining;
    this.#levels.setTotal(level, total);
  }

  /** Whether the book can fill the taker in full within its limit. */
  #fillable(row: number, side: number, limit: number): boolean {
    const byBudget = (this.#taker[BUDGET] as number) > 0;
    let missing = byBudget ? (this.#taker[BUDGET] as number) : (this.#taker[REMAINING] as number);
    let level = this.#levels.best(this.#markets.rows, this.#markets.sideAt(row, 1 - side));
    while (level !== 0) {
      const price = this.#levels.price(level);
      if (side === Side.buy ? price > limit : price < limit) return false;
      // A level may hold more notional than 2^53: compare by division.
      const covered = byBudget
        ? Math.floor(missing / price) < this.#levels.total(level)
        : missing <= this.#levels.total(level);
      if (covered) return true;
      missing -= byBudget ? this.#levels.total(level) * price : this.#levels.total(level);
      if (missing <= 0) return true;
      level = this.#levels.next(level);
    }
    return false;
  }

  /** What becomes of the part that did not trade. */
  #finish(
    row: number,
    market: number,
    account: number,
    side: number,
    type: number,
    timeInForce: number,
    price: number,
    quantity: number,
  ): void {
    if (quantity === 0) {
      const against = this.#markets.sideAt(row, 1 - side);
      const level = this.#levels.best(this.#markets.rows, against);
      const limit = price !== 0 ? price : side === Side.buy ? KEY_MIRROR : 0;
      const stopped =
        level === 0 ||
        (side === Side.buy ? this.#levels.price(level) > limit : this.#levels.price(level) < limit);
      this.#taker[REMAINING] = 0;
      const spent = (this.#taker[BUDGET] as number) === 0;
      this.#done(
        market,
        account,
        side,
        price,
        spent ? DoneReason.filled : stopped ? DoneReason.no_liquidity : DoneReason.budget_spent,
      );
      return;
    }
    if (this.#taker[REMAINING] === 0) {
      this.#done(market, account, side, price, DoneReason.filled);
      return;
    }
    if (type === OrderType.market || timeInForce !== TimeInForce.gtc) {
      this.#done(market, account, side, price, DoneReason.no_liquidity);
      return;
    }
    this.#rest(row, market, account, side, price, quantity);
  }

  // ------------------------------------------------------------------------------------------------ the book

  /** Puts the taker at the end of its price level. */
  #rest(
    row: number,
    market: number,
    account: number,
    side: number,
    price: number,
    quantity: number,
  ): void {
    const slot = this.#orders.take();
    this.#orders.setAccount(slot, account);
    this.#orders.setId(slot, this.#taker[ORDER_ID] as number);
    this.#orders.setQuantity(slot, quantity);
    this.#orders.setRemaining(slot, this.#taker[REMAINING] as number);
    this.#index.add(slot);
    const at = this.#markets.sideAt(row, side);
    const key = side === Side.buy ? price : KEY_MIRROR - price;
    let level = this.#levels.find(this.#markets.rows, at, key);
    if (level === 0) level = this.#levels.add(this.#markets.rows, at, market, side, key);
    this.#link(slot, level);
    this.#levels.setTotal(level, this.#levels.total(level) + (this.#taker[REMAINING] as number));
    this.#levelChanged(row, level);
  }

  #link(slot: number, level: number): void {
    const tail = this.#levels.tail(level);
    this.#orders.setLevel(slot, level);
    this.#orders.setPrevious(slot, tail);
    this.#orders.setNext(slot, 0);
    if (tail === 0) this.#levels.setHead(level, slot);
    else this.#orders.setNext(tail, slot);
    this.#levels.setTail(level, slot);
    this.#levels.addOrders(level, 1);
  }

  /** Takes an order out of its level and forgets it. The level's total is the caller's to keep. */
  #unlink(slot: number, level: number): void {
    const previous = this.#orders.previous(slot);
    const next = this.#orders.next(slot);
    if (previous === 0) this.#levels.setHead(level, next);
    else this.#orders.setNext(previous, next);
    if (next === 0) this.#levels.setTail(level, previous);
    else this.#orders.setPrevious(next, previous);
    this.#levels.addOrders(level, -1);
    this.#index.remove(this.#orders.id(slot));
    this.#orders.give(slot);
  }

  // ------------------------------------------------------------------------------------------------ events

  /** Says what a level is now, and removes it when it is empty. */
  #levelChanged(row: number, level: number): void {
    const side = this.#levels.side(level);
    const orders = this.#levels.orders(level);
    this.#event.writeLevelChanged(
      this.#markets.number(row),
      side,
      this.#levels.price(level),
      orders,
      this.#levels.total(level),
    );
    if (orders === 0) {
      this.#levels.remove(this.#markets.rows, this.#markets.sideAt(row, side), level);
    }
    this.#handler.event(this.#event);
  }

  #done(market: number, account: number, side: number, price: number, reason: number): void {
    this.#event.writeDone(
      market,
      account,
      this.#taker[ORDER_ID] as number,
      side,
      price,
      reason,
      this.#taker[REMAINING] as number,
    );
    this.#handler.event(this.#event);
  }

  #reject(market: number, account: number, orderId: number, codeNumber: number): 0 {
    this.#event.writeRejected(market, account, orderId, codeNumber);
    this.#handler.event(this.#event);
    return 0;
  }

  // ------------------------------------------------------------------------------------------------ reading

  /** The best price of a side in ticks, or 0. */
  best(market: number, side: number): number {
    const level = this.#bestLevel(market, side);
    return level === 0 ? 0 : this.#levels.price(level);
  }

  /** The best levels of a side, best first. */
  depth(market: number, side: number, limit: number = Number.POSITIVE_INFINITY): BookLevel[] {
    const levels: BookLevel[] = [];
    for (
      let level = this.#bestLevel(market, side);
      level !== 0 && levels.length < limit;
      level = this.#levels.next(level)
    ) {
      levels.push({
        price: this.#levels.price(level),
        quantity: this.#levels.total(level),
        orders: this.#levels.orders(level),
      });
    }
    return levels;
  }

  /** A resting order, or `undefined`. */
  order(orderId: number): RestingOrder | undefined {
    const slot = this.#index.find(orderId);
    return slot === 0 ? undefined : this.#restingOrder(slot);
  }

  /** The resting orders of a side: best price first, oldest first. Don't change the book on the way. */
  *restingOrders(market: number, side: number): Generator<RestingOrder> {
    for (let level = this.#bestLevel(market, side); level !== 0; level = this.#levels.next(level)) {
      for (let slot = this.#levels.head(level); slot !== 0; slot = this.#orders.next(slot)) {
        yield this.#restingOrder(slot);
      }
    }
  }

  /** The numbers of the markets, in the order in which they were added. */
  markets(): number[] {
    return Array.from({ length: this.#markets.count }, (_, index) =>
      this.#markets.number(index + 1),
    );
  }

  #bestLevel(market: number, side: number): number {
    const row = this.#markets.row(market);
    return row === 0 ? 0 : this.#levels.best(this.#markets.rows, this.#markets.sideAt(row, side));
  }

  #restingOrder(slot: number): RestingOrder {
    const level = this.#orders.level(slot);
    return {
      orderId: this.#orders.id(slot),
      market: this.#levels.market(level),
      account: this.#orders.account(slot),
      side: sideName(this.#levels.side(level)),
      price: this.#levels.price(level),
      quantity: this.#orders.quantity(slot),
      remaining: this.#orders.remaining(slot),
    };
  }

  // ------------------------------------------------------------------------------------------------ state

  /** The whole state, in a form that does not depend on how memory happens to be laid out. */
  snapshot(): Uint8Array {
    const markets = this.#markets;
    return writeSnapshot({
      nextOrderId: this.nextOrderId,
      nextTradeId: this.nextTradeId,
      markets: this.markets().map((market, index) => ({
        market,
        maxPrice: markets.maxPrice(index + 1),
        maxQuantity: markets.maxQuantity(index + 1),
        priceIncrement: markets.priceIncrement(index + 1),
        quantityIncrement: markets.quantityIncrement(index + 1),
        minQuantity: markets.minQuantity(index + 1),
        minNotional: markets.minNotional(index + 1),
      })),
      orders: this.#allOrders(),
      orderCount: this.#orders.live,
    });
  }

  *#allOrders(): Generator<RestingOrder> {
    for (const market of this.markets()) {
      yield* this.restingOrders(market, Side.buy);
      yield* this.restingOrders(market, Side.sell);
    }
  }

  /** An engine with the state of a snapshot. Throws `RangeError` for bytes that are not one. */
  static restore(bytes: Uint8Array, options: EngineOptions): Engine {
    const engine = new Engine(options);
    const state = readSnapshot(bytes);
    for (const each of state.markets) {
      engine.#markets.add(
        each.market,
        each.maxPrice,
        each.maxQuantity,
        each.priceIncrement,
        each.quantityIncrement,
        each.minQuantity,
        each.minNotional,
      );
    }
    for (const order of state.orders) engine.#restore(order);
    engine.#counters[0] = state.nextOrderId;
    engine.#counters[1] = state.nextTradeId;
    return engine;
  }

  /** Orders come best price first and oldest first, so each belongs at the end of its level. */
  #restore(order: RestingOrder): void {
    const row = this.#markets.row(order.market);
    const side = Side[order.side];
    const slot = this.#orders.take();
    this.#orders.setAccount(slot, order.account);
    this.#orders.setId(slot, order.orderId);
    this.#orders.setQuantity(slot, order.quantity);
    this.#orders.setRemaining(slot, order.remaining);
    this.#index.add(slot);
    const at = this.#markets.sideAt(row, side);
    const key = side === Side.buy ? order.price : KEY_MIRROR - order.price;
    let level = this.#levels.find(this.#markets.rows, at, key);
    if (level === 0) level = this.#levels.add(this.#markets.rows, at, order.market, side, key);
    this.#link(slot, level);
    this.#levels.setTotal(level, this.#levels.total(level) + order.remaining);
  }

  /** 16 hexadecimal digits that two engines in the same state agree on, however their memory is laid out. */
  stateHash(): string {
    return fingerprint(this.snapshot());
  }

  /** Throws `InvariantViolation` unless all that must hold between two commands does. Walks the whole state. */
  checkInvariants(): void {
    let orders = 0;
    for (const market of this.markets()) {
      const bid = this.best(market, Side.buy);
      const ask = this.best(market, Side.sell);
      invariant(bid === 0 || ask === 0 || bid < ask, "no book is crossed");
      orders += this.#checkSide(market, Side.buy) + this.#checkSide(market, Side.sell);
    }
    invariant(orders === this.#orders.live, "every live order hangs in a level");
  }

  #checkSide(market: number, side: number): number {
    let count = 0;
    let better = KEY_MIRROR;
    for (let level = this.#bestLevel(market, side); level !== 0; level = this.#levels.next(level)) {
      invariant(this.#levels.key(level) < better, "levels follow one another from best to worst");
      better = this.#levels.key(level);
      let total = 0;
      let inLevel = 0;
      let previous = 0;
      for (let slot = this.#levels.head(level); slot !== 0; slot = this.#orders.next(slot)) {
        invariant(this.#orders.previous(slot) === previous, "a level's list reads both ways");
        invariant(this.#orders.remaining(slot) > 0, "a resting order has something left");
        invariant(
          previous === 0 || this.#orders.id(previous) < this.#orders.id(slot),
          "older orders stand before younger ones",
        );
        invariant(
          this.#index.find(this.#orders.id(slot)) === slot,
          "every order is found by its id",
        );
        total += this.#orders.remaining(slot);
        inLevel += 1;
        previous = slot;
      }
      invariant(inLevel > 0, "a level has an order");
      invariant(inLevel === this.#levels.orders(level), "a level counts its orders");
      invariant(total === this.#levels.total(level), "a level's total is the sum of its orders");
      count += inLevel;
    }
    return count;
  }
}
