import type { Admission } from "./admission.ts";
import { allocationName } from "./allocation/allocation.ts";
import {
  type EngineCommand,
  OnFailure,
  type PriceBand,
  type SetAllocation,
} from "./commands/command.ts";
import { readBands, stepsFirst, writeCommand } from "./commands/command-codec.ts";
import {
  ACCOUNT,
  ALLOCATION,
  AT,
  BAND_BASIS_POINTS,
  BAND_COUNT,
  BANDS,
  CANCEL_HEADER,
  CANCEL_LENGTH,
  CANCEL_UNUSED,
  COLLAR_BASIS_POINTS,
  CONDITIONS,
  CommandKind,
  FIFO_PERCENT,
  LEAD_ACCOUNT,
  LEAD_PERCENT,
  LEG_CONDITIONS,
  LEG_LENGTH,
  LEG_PRICE,
  LEG_QUANTITY,
  LEG_QUOTE_QUANTITY,
  LEG_TERMS,
  LEGS,
  LIST_SHAPE,
  LONGEST_COMMAND,
  MAX_OPEN_ORDERS,
  MAX_PRICE,
  MAX_QUANTITY,
  MIN_NOTIONAL,
  MIN_QUANTITY,
  MINIMUM_SHARE,
  MOST_BANDS,
  NAMED_CLIENT_ORDER_ID,
  ON_BREACH,
  ON_FAILURE,
  ORDER_ID,
  PHASE,
  PLACE_HEADER,
  PLACE_LENGTH,
  PRICE,
  PRICE_INCREMENT,
  QUANTITY,
  QUANTITY_INCREMENT,
  QUOTE_QUANTITY,
  REPLACED_ORDER_ID,
  SIDES,
  TERMS,
  TIME,
  TOP_ORDER_MAXIMUM,
} from "./commands/command-layout.ts";
import { expectCommandRecord } from "./commands/command-record.ts";
import { readConditions } from "./conditions/condition-registers.ts";
import type { EngineHandler } from "./engine-handler.ts";
import { Matching } from "./matching.ts";
import { Place } from "./memory/condition-store.ts";
import type { ChangeableRules } from "./memory/market-table.ts";
import type { OpenOrder } from "./open-order.ts";
import { type Capacity, OrderBooks } from "./order-books.ts";
import { orderTypeName } from "./order-type.ts";
import { type PhaseName, phaseName } from "./phases/phase.ts";
import { NOTHING_CROSSES, type Uncrossing } from "./phases/uncrossing-price.ts";
import { NOT_PLAIN, PLACED, REFUSED } from "./placement.ts";
import { PlainTrading } from "./plain-trading.ts";
import {
  type RecordViews,
  RecordWriter,
  recordKind,
  recordLength,
  recordSecond,
  recordViews,
} from "./record.ts";
import { type SideName, sideName } from "./side.ts";
import { checkInvariants } from "./state/invariants.ts";
import { readSnapshot, writeSnapshot } from "./state/snapshot.ts";
import { hashOf } from "./state/state-hash.ts";
import { timeInForceName } from "./time-in-force.ts";
import { byte, int32, isCount } from "./whole-number.ts";

/** What an engine needs. */
export interface EngineOptions {
  /** Hears every event, in order. */
  readonly handler: EngineHandler;
  /** Asked before an order becomes live; without one everyone may. */
  readonly admission?: Admission;
  readonly capacity?: Capacity;
}

/** One price level of a book. */
export interface BookLevel {
  /** Ticks. */
  readonly price: number;
  /** Lots of all orders. */
  readonly quantity: number;
  readonly orders: number;
}

/** An order in the book. */
export interface RestingOrder {
  readonly orderId: number;
  readonly market: number;
  readonly account: number;
  readonly side: SideName;
  /** Ticks. */
  readonly price: number;
  /** Lots as placed, less those that were taken off since. */
  readonly quantity: number;
  /** Lots still to trade. */
  readonly remaining: number;
}

/**
 * The matching engine: any number of markets, continuous trading by price, then time or pro rata.
 *
 * Commands come as integers (`addMarket`, `place`, `cancel`, `reduce`) or as encoded records (`process`, `processAll`);
 * both say the same. What a trader can get wrong is a `rejected` event and changes nothing; what only a program can get
 * wrong throws before any change. The same commands give the same events, byte for byte: there is no clock, no randomness
 * and no I/O. If the handler or the Admission port throws, the command is half done and the engine must be discarded.
 *
 * @example
 * ```ts
 * import { Engine, EventKind, OrderType, Side, TimeInForce } from "@pincex/engine";
 *
 * const trades: { price: number; quantity: number }[] = [];
 * const engine = new Engine({
 *   handler: {
 *     event({ kind, price, quantity }) {
 *       if (kind === EventKind.trade) trades.push({ price, quantity });
 *     },
 *   },
 * });
 * engine.addMarket(1, 1_000_000, 1_000_000, 1, 1, 1, 0);
 * engine.place(1, 7, Side.sell, OrderType.limit, TimeInForce.gtc, 101, 5, 0);
 * engine.place(1, 8, Side.buy, OrderType.limit, TimeInForce.gtc, 102, 3, 0);
 * trades; // => [{ price: 101, quantity: 3 }]
 * ```
 */
export class Engine {
  readonly #books: OrderBooks;
  readonly #matching: Matching;
  readonly #plain: PlainTrading;
  /** Where `perform` writes the command. */
  readonly #encoded: RecordWriter = new RecordWriter(LONGEST_COMMAND);
  /** Where `place` and `cancel` write what they are told, as a record. */
  readonly #record: RecordViews = recordViews(LONGEST_COMMAND);
  /**
   * A small engine that is never collected. V8 forgets what it has compiled for objects of a shape when the last of them
   * is; a program that makes one engine after the other, as a replay does, would begin slowly each time.
   */
  static #lasting: Engine | undefined;

  constructor(options: EngineOptions) {
    this.#books = new OrderBooks(options.capacity);
    this.#matching = new Matching(this.#books, options.handler, options.admission);
    this.#plain = new PlainTrading(this.#books, this.#matching, options.handler, options.admission);
    if (Engine.#lasting === undefined) {
      Engine.#lasting = this;
      const capacity = { orders: 1, levels: 1, markets: 1 };
      Engine.#lasting = new Engine({ handler: { event: () => undefined }, capacity });
    }
  }

  /** An engine in the state of a snapshot. Throws `RangeError` for bytes that are not one, `InvariantViolation` for one that cannot be. */
  static restore(snapshot: Uint8Array, options: EngineOptions): Engine {
    const engine = new Engine(options);
    readSnapshot(snapshot, engine.#books, engine.#matching);
    return engine;
  }

  /** Opens a market; units and ranges are those of the `add_market` command. `false` if it was rejected. */
  addMarket(
    market: number,
    maxPrice: number,
    maxQuantity: number,
    priceIncrement: number,
    quantityIncrement: number,
    minQuantity: number,
    minNotional: number,
  ): boolean {
    const { incoming } = this.#matching;
    incoming.market = int32(market, "market");
    incoming.account = 0;
    incoming.orderId = 0;
    return this.#matching.addMarket({
      maxPrice,
      maxQuantity,
      priceIncrement,
      quantityIncrement,
      minQuantity,
      minNotional,
    });
  }

  /**
   * Places an order; units and ranges are those of the `place` command, with the codes of `Side`, `OrderType` and
   * `TimeInForce`. Answers with the order's id, or 0 if it was rejected.
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
    const { i32, f64 } = this.#record;
    i32[0] = PLACE_HEADER;
    i32[1] = int32(market, "market");
    i32[ACCOUNT] = int32(account, "account");
    i32[PRICE] = int32(price, "price");
    i32[TERMS] =
      byte(side, "side") | (byte(type, "type") << 8) | (byte(timeInForce, "timeInForce") << 16);
    f64[QUANTITY] = quantity;
    f64[QUOTE_QUANTITY] = quoteQuantity;
    return this.#place(i32, f64, 0);
  }

  /** Cancels a resting order of the account. `false` if the account has no such order in the market. */
  cancel(market: number, account: number, orderId: number): boolean {
    const { i32, f64 } = this.#record;
    i32[1] = int32(market, "market");
    i32[ACCOUNT] = int32(account, "account");
    f64[ORDER_ID] = orderId;
    return this.#cancel(i32, f64, 0);
  }

  /** Takes lots off a resting order of the account, fewer than remain; it keeps its place. `false` if it was rejected. */
  reduce(market: number, account: number, orderId: number, quantity: number): boolean {
    this.#name(market, account, orderId);
    this.#matching.incoming.quantity = quantity;
    return this.#matching.reduce();
  }

  /**
   * Gives a resting order of the account another price (ticks) and quantity (lots, counted from the order's beginning). It
   * keeps its place if only its quantity falls. `false` if it was rejected.
   */
  amend(
    market: number,
    account: number,
    orderId: number,
    price: number,
    quantity: number,
  ): boolean {
    this.#name(market, account, orderId);
    this.#matching.incoming.price = int32(price, "price");
    this.#matching.incoming.quantity = quantity;
    return this.#matching.amend();
  }

  /** Cancels all orders that match: market 0 is all markets, account 0 all accounts, `sides` one of `Sides`. `false` if it was rejected. */
  cancelAll(market: number, account: number, sides: number): boolean {
    return this.#matching.cancelAll(
      int32(market, "market"),
      int32(account, "account"),
      byte(sides, "sides"),
    );
  }

  /** Sets an account's dead-man's switch to a time, or takes it back with 0. `false` if it was rejected. */
  cancelAllAfter(account: number, at: number): boolean {
    return this.#matching.cancelAllAfter(int32(account, "account"), at);
  }

  /** Changes what a market allows, to one of `Phase`. `false` if it was rejected. */
  setPhase(market: number, phase: number): boolean {
    return this.#matching.setPhase(int32(market, "market"), byte(phase, "phase"));
  }

  /** Sets the mark price, in ticks. `false` if it was rejected. */
  setMarkPrice(market: number, price: number): boolean {
    return this.#matching.setMarkPrice(int32(market, "market"), int32(price, "price"));
  }

  /**
   * Sets anew what a market asks of orders; units and ranges are those of the `change_market` command, with the codes of
   * `OnBreach`. `false` if it was rejected.
   */
  changeMarket(market: number, rules: ChangeableRules): boolean {
    return this.#matching.changeMarket(int32(market, "market"), {
      ...rules,
      collarBasisPoints: int32(rules.collarBasisPoints, "collarBasisPoints"),
      bandBasisPoints: int32(rules.bandBasisPoints, "bandBasisPoints"),
      onBreach: int32(rules.onBreach, "onBreach"),
      maxOpenOrders: int32(rules.maxOpenOrders, "maxOpenOrders"),
    });
  }

  /** Sets the price that a market's protection goes by, in ticks; 0 takes it back. `false` if it was rejected. */
  setReferencePrice(market: number, price: number): boolean {
    return this.#matching.setReferencePrice(int32(market, "market"), int32(price, "price"));
  }

  /**
   * Changes how the lots that an order takes from a level are shared among the orders there; units and ranges are those of
   * the `set_allocation` command, with the code of `Allocation`. `false` if it was rejected.
   */
  setAllocation(
    market: number,
    allocation: number,
    minimumShare: number,
    fifoPercent: number,
    topOrderMaximum: number = 0,
    leadAccount: number = 0,
    leadPercent: number = 0,
  ): boolean {
    return this.#matching.setAllocation(int32(market, "market"), {
      allocation: int32(allocation, "allocation"),
      // Adding 0 makes 0 of −0, which would be other bytes in the event.
      minimumShare: minimumShare + 0,
      fifoPercent: int32(fifoPercent, "fifoPercent"),
      topOrderMaximum: topOrderMaximum + 0,
      leadAccount: int32(leadAccount, "leadAccount"),
      leadPercent: int32(leadPercent, "leadPercent"),
    });
  }

  /** Cancels an open order of the account by its owner's name for it. `false` if it was rejected. */
  cancelByClientId(market: number, account: number, clientOrderId: number): boolean {
    this.#name(market, account, 0);
    return this.#matching.cancelByClientId(clientOrderId);
  }

  /** Gives the prices of a market other increments from certain prices on; none takes them back. `false` if it was rejected. */
  setPriceIncrements(market: number, bands: readonly PriceBand[]): boolean {
    if (bands.length > MOST_BANDS)
      throw new RangeError(`expected at most ${MOST_BANDS} bands, was ${bands.length}`);
    const whole = bands.map(({ from, increment }) => ({
      from: int32(from, "from"),
      increment: int32(increment, "increment"),
    }));
    return this.#matching.setPriceIncrements(int32(market, "market"), whole);
  }

  /** Says what time it is; whatever is due happens first. `false` if time would go back. */
  advanceTime(time: number): boolean {
    return this.#matching.advanceTime(time);
  }

  /**
   * Does what one encoded command says. Throws `RangeError`, before any change, unless a whole record of a known kind and
   * version stands at `offset`.
   */
  process(commands: RecordViews, offset: number): void {
    const { i32, f64 } = commands;
    if (isWholePlace(i32, offset)) {
      this.#place(i32, f64, offset);
      return;
    }
    if (isWholeCancel(i32, offset)) {
      this.#cancel(i32, f64, offset);
      return;
    }
    const word = offset >> 2;
    expectCommandRecord(commands, offset);
    switch (recordKind(commands, offset)) {
      case CommandKind.place:
        this.#place(i32, f64, offset);
        return;
      case CommandKind.cancel:
        this.#cancel(i32, f64, offset);
        return;
      case CommandKind.reduce:
        this.#readName(commands, offset);
        this.#matching.incoming.quantity = f64[(offset >> 3) + QUANTITY] as number;
        this.#matching.reduce();
        return;
      case CommandKind.amend:
        this.#readName(commands, offset);
        this.#matching.incoming.price = i32[word + PRICE] as number;
        this.#matching.incoming.quantity = f64[(offset >> 3) + QUANTITY] as number;
        this.#matching.amend();
        return;
      case CommandKind.replace:
        this.#replace(commands, offset);
        return;
      case CommandKind.cancelAll:
        this.#matching.cancelAll(
          i32[word + 1] as number,
          i32[word + ACCOUNT] as number,
          i32[word + SIDES] as number,
        );
        return;
      case CommandKind.cancelAllAfter:
        this.#matching.cancelAllAfter(
          i32[word + ACCOUNT] as number,
          f64[(offset >> 3) + AT] as number,
        );
        return;
      case CommandKind.setPhase:
        this.#matching.setPhase(i32[word + 1] as number, i32[word + PHASE] as number);
        return;
      case CommandKind.setMarkPrice:
        this.#matching.setMarkPrice(i32[word + 1] as number, i32[word + PRICE] as number);
        return;
      case CommandKind.advanceTime:
        this.#matching.advanceTime(f64[(offset >> 3) + TIME] as number);
        return;
      case CommandKind.changeMarket:
        this.#processChangeMarket(commands, offset);
        return;
      case CommandKind.setReferencePrice:
        this.#matching.setReferencePrice(i32[word + 1] as number, i32[word + PRICE] as number);
        return;
      case CommandKind.setAllocation:
        this.setAllocation(
          i32[word + 1] as number,
          i32[word + ALLOCATION] as number,
          f64[(offset >> 3) + MINIMUM_SHARE] as number,
          i32[word + FIFO_PERCENT] as number,
          f64[(offset >> 3) + TOP_ORDER_MAXIMUM] as number,
          i32[word + LEAD_ACCOUNT] as number,
          i32[word + LEAD_PERCENT] as number,
        );
        return;
      case CommandKind.placeList:
        this.#placeList(commands, offset);
        return;
      case CommandKind.cancelByClientId:
        this.cancelByClientId(
          i32[word + 1] as number,
          i32[word + ACCOUNT] as number,
          f64[(offset >> 3) + NAMED_CLIENT_ORDER_ID] as number,
        );
        return;
      case CommandKind.setPriceIncrements:
        this.#matching.setPriceIncrements(
          i32[word + 1] as number,
          readBands(commands, (offset >> 3) + BANDS, i32[word + BAND_COUNT] as number),
        );
        return;
      default:
        this.#processAddMarket(commands, offset);
    }
  }

  /** Does what a command says that is an object: whatever `encodeCommand` would make a record of. Throws as that does, before any change. */
  perform(command: EngineCommand): void {
    this.#encoded.clear();
    writeCommand(this.#encoded, command);
    this.process(this.#encoded.views, 0);
  }

  /** Processes the records from one offset to another, and answers how many they were. Those before one that throws have been processed. */
  processAll(commands: RecordViews, from: number, to: number): number {
    const { i32, f64 } = commands;
    const plain = this.#plain;
    let count = 0;
    for (let offset = from; offset < to; count += 1) {
      if (isWholePlace(i32, offset)) {
        if (plain.place(i32, f64, offset) === NOT_PLAIN) this.#placeAnyhow(i32, f64, offset);
        offset += PLACE_LENGTH;
      } else if (isWholeCancel(i32, offset)) {
        if (!plain.cancel(i32, f64, offset)) this.#cancelAnyhow(i32, f64, offset);
        offset += CANCEL_LENGTH;
      } else {
        this.process(commands, offset);
        offset += recordLength(commands, offset);
      }
    }
    return count;
  }

  /** The best price of a side, in ticks; 0 if nothing rests there. */
  best(market: number, side: number): number {
    const level = this.#books.best(market, side);
    return level === 0 ? 0 : this.#books.levels.price(level);
  }

  /** The price levels of a side from the best on, at most `limit`. */
  depth(market: number, side: number, limit: number = Number.POSITIVE_INFINITY): BookLevel[] {
    const { levels } = this.#books;
    const found: BookLevel[] = [];
    let level = this.#books.best(market, side);
    for (; level !== 0 && found.length < limit; level = levels.worse(level)) {
      found.push({
        price: levels.price(level),
        quantity: levels.quantity(level),
        orders: levels.orders(level),
      });
    }
    return found;
  }

  /** All open orders of a market, shown, hidden or waiting, oldest first. */
  openOrders(market: number): OpenOrder[] {
    const row = this.#books.markets.row(market);
    return row === 0 ? [] : this.#books.ordersOf(row).map((slot) => this.#open(slot));
  }

  /** What a market allows now; `undefined` if there is no such market. */
  phase(market: number): PhaseName | undefined {
    const { markets } = this.#books;
    const row = markets.row(market);
    return row === 0 ? undefined : phaseName(markets.phase(row));
  }

  /** How a market shares the lots of a level now; `undefined` if there is no such market. */
  allocation(market: number): Omit<SetAllocation, "kind" | "market"> | undefined {
    const { markets } = this.#books;
    const row = markets.row(market);
    if (row === 0) return undefined;
    const rule = markets.allocation(row);
    return {
      allocation: allocationName(rule.allocation),
      minimumShare: rule.minimumShare,
      fifoPercent: rule.fifoPercent,
      ...stepsFirst(rule.topOrderMaximum, rule.leadAccount, rule.leadPercent),
    };
  }

  /** The last trade's price, in ticks; 0 before the first. */
  lastPrice(market: number): number {
    const { markets } = this.#books;
    return markets.lastPrice(markets.row(market));
  }

  /** The mark price, in ticks; 0 if none was set. */
  markPrice(market: number): number {
    const { markets } = this.#books;
    return markets.markPrice(markets.row(market));
  }

  /** The price that the market's protection goes by, in ticks: the one that was set, else the last trade's; 0 if there is none. */
  referencePrice(market: number): number {
    const { markets } = this.#books;
    return markets.referencePrice(markets.row(market));
  }

  /** What uncrossing a market would do now. */
  uncrossing(market: number): Uncrossing {
    const row = this.#books.markets.row(market);
    return row === 0 ? NOTHING_CROSSES : this.#matching.auction.indicative(row);
  }

  /** What time it is, as the last `advance_time` said. */
  get time(): number {
    return this.#books.time;
  }

  /**
   * When something falls due next, a `gtd` order's end or an account's dead-man's switch; `Infinity` if nothing does. Nothing
   * happens by itself: `advanceTime` to it.
   */
  get nextDue(): number {
    return this.#matching.massCancel.nextDue();
  }

  /** A resting or waiting order. */
  order(orderId: number): RestingOrder | undefined {
    const slot = this.#books.index.find(orderId);
    return slot === 0 ? undefined : this.#resting(slot);
  }

  /** The resting orders of a side: best price first, oldest first. Don't process a command before it has ended. */
  *restingOrders(market: number, side: number): Generator<RestingOrder, void> {
    const { levels, orders } = this.#books;
    for (let level = this.#books.best(market, side); level !== 0; level = levels.worse(level)) {
      for (let slot = levels.first(level); slot !== 0; slot = orders.next(slot)) {
        yield this.#resting(slot);
      }
    }
  }

  /** How many orders rest in all markets. */
  get restingCount(): number {
    return this.#books.orders.count;
  }

  /** The id that the next accepted order gets. */
  get nextOrderId(): number {
    return this.#books.nextOrderId;
  }

  /** The id that the next trade gets. */
  get nextTradeId(): number {
    return this.#books.nextTradeId;
  }

  /** The whole state in bytes. The same state gives the same bytes, whatever happened before. */
  snapshot(): Uint8Array {
    return writeSnapshot(this.#books, this.#matching.massCancel.switches);
  }

  /**
   * Another engine in the same state, for a what-if: what one does from now on, the other does not see. Takes as long as a
   * snapshot and a restore.
   */
  fork(options: EngineOptions): Engine {
    return Engine.restore(this.snapshot(), options);
  }

  /** 32 hexadecimal digits that two engines in the same state agree on. */
  stateHash(): string {
    return hashOf(this.snapshot());
  }

  /** Throws `InvariantViolation` unless all that must hold between two commands does. Walks the whole state. */
  checkInvariants(): void {
    checkInvariants(this.#books);
  }

  #place(i32: Int32Array, f64: Float64Array, offset: number): number {
    const placement = isPlainPlace(i32, offset) ? this.#plain.place(i32, f64, offset) : NOT_PLAIN;
    if (placement === PLACED) return this.#books.nextOrderId - 1;
    return placement === REFUSED ? 0 : this.#placeAnyhow(i32, f64, offset);
  }

  #placeAnyhow(i32: Int32Array, f64: Float64Array, offset: number): number {
    this.#readTerms(i32, f64, offset);
    this.#matching.place();
    return this.#matching.incoming.orderId;
  }

  #placeList({ i32, f64 }: RecordViews, offset: number): void {
    const { incoming } = this.#matching;
    const word = offset >> 2;
    const shape = i32[word + LIST_SHAPE] as number;
    incoming.market = i32[word + 1] as number;
    incoming.account = i32[word + ACCOUNT] as number;
    this.#matching.placeList(
      { contingency: shape & 0xff, sizing: (shape >>> 8) & 0xff, legs: shape >>> 16 },
      (leg) => this.#readLeg(i32, f64, (offset >> 3) + LEGS + (leg - 1) * LEG_LENGTH),
    );
  }

  /** Puts what a leg that begins at a double asks into the registers; its market and account are there. */
  #readLeg(i32: Int32Array, f64: Float64Array, double: number): void {
    const word = double << 1;
    this.#readShape(i32[word + LEG_TERMS] as number, i32[word + LEG_PRICE] as number);
    this.#matching.incoming.quantity = (f64[double + LEG_QUANTITY] as number) + 0;
    this.#matching.incoming.quoteQuantity = (f64[double + LEG_QUOTE_QUANTITY] as number) + 0;
    readConditions(this.#matching.incoming, i32, f64, double + LEG_CONDITIONS);
  }

  #readShape(terms: number, price: number): void {
    const { incoming } = this.#matching;
    incoming.side = terms & 0xff;
    incoming.type = (terms >>> 8) & 0xff;
    incoming.timeInForce = (terms >>> 16) & 0xff;
    incoming.price = price;
    incoming.limit = price;
  }

  #replace({ i32, f64 }: RecordViews, offset: number): void {
    const { incoming } = this.#matching;
    const named = f64[(offset >> 3) + REPLACED_ORDER_ID] as number;
    // What can't be an id names no order, and must not get into an event: NaN has many forms in bytes.
    const replaced = isCount(named) ? named : 0;
    const onFailure = i32[(offset >> 2) + ON_FAILURE] as number;
    this.#readTerms(i32, f64, offset);
    if (onFailure === OnFailure.stop) {
      this.#matching.replaceBoth(replaced);
    } else if (onFailure === OnFailure.allow) {
      incoming.orderId = replaced;
      this.#matching.cancelNamed();
      this.#readTerms(i32, f64, offset);
      this.#matching.place();
    } else {
      this.#matching.rejectOnFailure();
    }
  }

  /** Puts what a `place` or `replace` record asks into the registers. Adding 0 makes 0 of −0, which would be other bytes in the event. */
  #readTerms(i32: Int32Array, f64: Float64Array, offset: number): void {
    const { incoming } = this.#matching;
    const word = offset >> 2;
    const double = offset >> 3;
    incoming.market = i32[word + 1] as number;
    incoming.account = i32[word + ACCOUNT] as number;
    incoming.leaveList();
    this.#readShape(i32[word + TERMS] as number, i32[word + PRICE] as number);
    incoming.quantity = (f64[double + QUANTITY] as number) + 0;
    incoming.quoteQuantity = (f64[double + QUOTE_QUANTITY] as number) + 0;
    if (isPlainPlace(i32, offset)) incoming.clearConditions();
    else readConditions(incoming, i32, f64, double + CONDITIONS);
  }

  #cancel(i32: Int32Array, f64: Float64Array, offset: number): boolean {
    return this.#plain.cancel(i32, f64, offset) || this.#cancelAnyhow(i32, f64, offset);
  }

  #cancelAnyhow(i32: Int32Array, f64: Float64Array, offset: number): boolean {
    this.#name(
      i32[(offset >> 2) + 1] as number,
      i32[(offset >> 2) + ACCOUNT] as number,
      f64[(offset >> 3) + ORDER_ID] as number,
    );
    return this.#matching.cancel();
  }

  #processAddMarket(commands: RecordViews, offset: number): void {
    const number = (index: number): number => commands.f64[(offset >> 3) + index] as number;
    this.addMarket(
      recordSecond(commands, offset),
      number(MAX_PRICE),
      number(MAX_QUANTITY),
      number(PRICE_INCREMENT),
      number(QUANTITY_INCREMENT),
      number(MIN_QUANTITY),
      number(MIN_NOTIONAL),
    );
  }

  #processChangeMarket(commands: RecordViews, offset: number): void {
    const word = (index: number): number => commands.i32[(offset >> 2) + index] as number;
    const number = (index: number): number => commands.f64[(offset >> 3) + index] as number;
    this.changeMarket(recordSecond(commands, offset), {
      priceIncrement: number(PRICE_INCREMENT),
      quantityIncrement: number(QUANTITY_INCREMENT),
      minQuantity: number(MIN_QUANTITY),
      minNotional: number(MIN_NOTIONAL),
      collarBasisPoints: word(COLLAR_BASIS_POINTS),
      bandBasisPoints: word(BAND_BASIS_POINTS),
      onBreach: word(ON_BREACH),
      maxOpenOrders: word(MAX_OPEN_ORDERS),
    });
  }

  #readName({ i32, f64 }: RecordViews, offset: number): void {
    this.#name(
      i32[(offset >> 2) + 1] as number,
      i32[(offset >> 2) + ACCOUNT] as number,
      f64[(offset >> 3) + ORDER_ID] as number,
    );
  }

  #name(market: number, account: number, orderId: number): void {
    const { incoming } = this.#matching;
    incoming.market = int32(market, "market");
    incoming.account = int32(account, "account");
    // What can't be an id names no order, and must not get into an event: NaN has many forms in bytes.
    incoming.orderId = isCount(orderId) ? orderId : 0;
  }

  #resting(slot: number): RestingOrder {
    const books = this.#books;
    return {
      orderId: books.orders.id(slot),
      market: books.markets.market(books.rowOf(slot)),
      account: books.orders.account(slot),
      side: sideName(books.sideOf(slot)),
      price: books.priceOf(slot),
      quantity: books.orders.quantity(slot),
      remaining: books.remainingOf(slot),
    };
  }

  #open(slot: number): OpenOrder {
    const { conditions, orders } = this.#books;
    const place = conditions.place(slot);
    return {
      ...this.#resting(slot),
      type: orderTypeName(conditions.type(slot)),
      timeInForce: timeInForceName(conditions.timeInForce(slot)),
      shown: place === Place.shown ? orders.remaining(slot) : 0,
      state: stateOf(place),
      triggerPrice: place === Place.waiting ? conditions.triggerPrice(slot) : 0,
      listId: conditions.listId(slot),
      clientOrderId: conditions.clientOrderId(slot),
    };
  }
}

const stateOf = (place: number): OpenOrder["state"] => {
  if (place === Place.pending) return "pending";
  return place === Place.shown || place === Place.hidden ? "resting" : "waiting";
};

/**
 * Whether a whole record of a place without conditions stands at an offset. Nearly every record is this or a cancel, and
 * the first word says nearly all of it; whatever is amiss with others is found out by `expectCommandRecord`.
 */
const isWholePlace = (i32: Int32Array, offset: number): boolean => {
  const word = offset >> 2;
  return (
    i32[word] === PLACE_HEADER &&
    isAligned(offset) &&
    word + PLACE_LENGTH / 4 <= i32.length &&
    i32[word + ON_FAILURE] === 0 &&
    (i32[word + TERMS] as number) >>> 24 === 0
  );
};

const isWholeCancel = (i32: Int32Array, offset: number): boolean => {
  const word = offset >> 2;
  return (
    i32[word] === CANCEL_HEADER &&
    isAligned(offset) &&
    word + CANCEL_LENGTH / 4 <= i32.length &&
    i32[word + CANCEL_UNUSED] === 0
  );
};

const isAligned = (offset: number): boolean => (offset & 7) === 0 && (offset >> 2) << 2 === offset;

/** A record of 40 bytes has no conditions. */
const isPlainPlace = (i32: Int32Array, offset: number): boolean =>
  i32[offset >> 2] === PLACE_HEADER;
