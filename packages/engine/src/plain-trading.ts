import type { Admission } from "./admission.ts";
import {
  ACCOUNT as COMMAND_ACCOUNT,
  ORDER_ID as COMMAND_ORDER_ID,
  PRICE as COMMAND_PRICE,
  QUANTITY as COMMAND_QUANTITY,
  QUOTE_QUANTITY as COMMAND_QUOTE_QUANTITY,
  TERMS as COMMAND_TERMS,
} from "./commands/command-layout.ts";
import { CANCELLED, FILLED, NO_LIQUIDITY } from "./done-reason.ts";
import type { EngineHandler } from "./engine-handler.ts";
import {
  ACCOUNT,
  ID,
  MAKER_ORDER_ID,
  MAKER_REMAINING,
  MARKET,
  ORDERS,
  PRICE,
  QUANTITY,
  QUOTE_QUANTITY,
  REMAINING,
  TAKER_ACCOUNT,
  TAKER_ORDER_ID,
  TAKER_REMAINING,
  TERMS,
} from "./events/event-layout.ts";
import type { EventRegister } from "./events/event-register.ts";
import type { EventWriter } from "./events/event-writer.ts";
import {
  ACCEPTED,
  ACCEPTED_F64,
  DONE,
  DONE_F64,
  LEVEL_CHANGED,
  LEVEL_CHANGED_F64,
  TRADE,
  TRADE_F64,
  WANTED_F64,
} from "./events/register-layout.ts";
import type { Matching } from "./matching.ts";
import { FIRST, LAST, LEVEL_ORDERS, LEVEL_QUANTITY } from "./memory/level-layout.ts";
import type { MarketTable } from "./memory/market-table.ts";
import type { OrderIndex } from "./memory/order-index.ts";
import {
  LEVEL,
  NEXT,
  ACCOUNT as ORDER_ACCOUNT,
  ID as ORDER_ID,
  REMAINING as ORDER_REMAINING,
  type OrderPool,
  PREVIOUS,
} from "./memory/order-pool.ts";
import { bookSide, type PriceLevels, priceKey } from "./memory/price-levels.ts";
import { HIGHEST, HIGHEST_KEY } from "./memory/side-layout.ts";
import type { OrderBooks } from "./order-books.ts";
import { NOT_PLAIN, PLACED, REFUSED } from "./placement.ts";

/**
 * What nearly every command is, written out in few pieces: a limit order that is good till cancelled or immediate-or-cancel,
 * a market order by quantity, and the cancel of an order without conditions, in a market that trades continuously by price,
 * then time, where all orders are like that; and those of them that don't trade at once in any market that is open and without
 * protection. What follows them there, where orders follow what rests, `Matching` does.
 *
 * `Matching` has the same rules step by step, and the same properties and the same reference engine judge both. This one is
 * there for speed: numbers stay in local variables, where V8 keeps them in registers, and nothing is called that need not
 * be; the same work through `Matching` takes about twice as long. After each call V8 has to look at every array anew, so that
 * the registers of events are filled and the books changed first, and the events told then: nobody may ask the engine
 * meanwhile. What the methods tell each other that may not fit in 32 bits is in the register of `accepted`. Whatever is
 * not plain, or breaks a rule, is left to `Matching` untouched.
 */
export class PlainTrading {
  private readonly books: OrderBooks;
  private readonly levels: PriceLevels;
  private readonly orders: OrderPool;
  private readonly markets: MarketTable;
  private readonly index: OrderIndex;
  private readonly handler: EngineHandler;
  private readonly admission: Admission | undefined;
  private readonly events: EventWriter;
  private readonly matching: Matching;
  private readonly accepted: EventRegister;
  private readonly trade: EventRegister;
  private readonly done: EventRegister;
  private readonly levelChanged: EventRegister;
  /** The memory of these registers, as words and as doubles. */
  private readonly eventI32: Int32Array;
  private readonly eventF64: Float64Array;

  constructor(
    books: OrderBooks,
    matching: Matching,
    handler: EngineHandler,
    admission: Admission | undefined,
  ) {
    const { events } = matching;
    this.books = books;
    this.matching = matching;
    this.levels = books.levels;
    this.orders = books.orders;
    this.markets = books.markets;
    this.index = books.index;
    this.handler = handler;
    this.admission = admission;
    this.events = events;
    const { accepted, trade, done, levelChanged } = events;
    this.accepted = accepted;
    this.trade = trade;
    this.done = done;
    this.levelChanged = levelChanged;
    this.eventI32 = events.plain.i32;
    this.eventF64 = events.plain.f64;
  }

  /** Does what a `place` record says, if it is plain and breaks no rule, and answers what came of it: see `placement.ts`. */
  place(i32: Int32Array, f64: Float64Array, offset: number): number {
    const word = offset >> 2;
    const double = offset >> 3;
    const terms = i32[word + COMMAND_TERMS] as number;
    if (!isPlain(terms) || f64[double + COMMAND_QUOTE_QUANTITY] !== 0) return NOT_PLAIN;
    const { books, levels, markets, index, eventI32, eventF64 } = this;
    const market = i32[word + 1] as number;
    const row = markets.row(market);
    const limit = i32[word + COMMAND_PRICE] as number;
    const quantity = f64[double + COMMAND_QUANTITY] as number;
    const account = i32[word + COMMAND_ACCOUNT] as number;
    if (account <= 0 || !markets.admitsPlain(row, terms, limit, quantity)) return NOT_PLAIN;
    if (books.couldOverfill(row)) return NOT_PLAIN;
    const makers = bookSide(row, (terms & 1) ^ 1);
    const isPlainMarket = markets.isPlain(row);
    if (!isPlainMarket && !this.suits(row, makers, limit)) return NOT_PLAIN;

    const orderId = books.nextOrderId;
    eventI32[ACCEPTED + MARKET] = market;
    eventI32[ACCEPTED + PRICE] = limit;
    eventI32[ACCEPTED + TERMS] = terms;
    eventF64[ACCEPTED_F64 + QUANTITY] = quantity;
    eventF64[ACCEPTED_F64 + ID] = orderId;
    eventI32[ACCEPTED + ACCOUNT] = account;
    eventF64[ACCEPTED_F64 + QUOTE_QUANTITY] = 0;
    if (this.admission !== undefined) {
      const refusal = this.admission.admit(this.accepted);
      if (refusal !== 0) {
        this.events.tellRefused(this.accepted, 0, refusal);
        return REFUSED;
      }
    }
    books.nextOrderId = orderId + 1;
    index.giveOut(orderId);
    this.handler.event(this.accepted);
    eventF64[WANTED_F64] = quantity;
    if (!isPlainMarket) {
      this.placeAmongOthers(row, terms, limit);
      return PLACED;
    }
    if (isWithin(levels.sides, makers, limit)) this.take(row, makers, limit);
    if (rests(terms) && (eventF64[WANTED_F64] as number) > 0) this.rest(row, terms, limit);
    else this.end();
    return PLACED;
  }

  /** As in a plain market, as long as the order meets plain makers; `Matching` goes on with it where it meets another, and does what follows. */
  private placeAmongOthers(row: number, terms: number, limit: number): void {
    const { books, eventF64, matching } = this;
    const makers = bookSide(row, (terms & 1) ^ 1);
    const firstTrade = books.nextTradeId;
    const bestBefore = this.levels.bestKey(makers ^ 1);
    const isMet = this.levels.isWithin(makers, limit) && this.take(row, makers, limit);
    const wanted = eventF64[WANTED_F64] as number;
    if (isMet || (wanted > 0 && books.hidden.isWithin(makers, limit))) {
      this.handOver(row);
      return;
    }
    if (rests(terms) && wanted > 0) this.rest(row, terms, limit);
    else this.end();
    const hasMovedPrices =
      books.nextTradeId !== firstTrade || this.levels.bestKey(makers ^ 1) !== bestBefore;
    if (hasMovedPrices || books.allOrNone.mayTakeFrom(row, terms & 1, limit))
      matching.afterwards(row);
  }

  /**
   * Trades with the other side, best price first, then oldest first, as long as its best level suits the limit and lots are wanted. Answers whether
   * it has met a maker that is more than plain, and stopped there: a shown one, or before a level that is worse than a hidden one.
   */
  private take(row: number, makers: number, limit: number): boolean {
    const { books, levels, orders, index, handler, eventI32, eventF64, trade, done } = this;
    const orderI32 = orders.i32;
    const orderF64 = orders.f64;
    const bookI32 = levels.i32;
    const bookF64 = levels.f64;
    const { sides } = levels;
    const { conditions } = books;
    const { young, mask } = index;
    const isMixed = conditions.count !== 0;
    // At one price those that nobody sees come last.
    const worst = Math.max(limit === 0 ? 1 : priceKey(makers, limit), books.hidden.bestKey(makers));
    const market = eventI32[ACCEPTED + MARKET] as number;
    eventI32[TRADE + MARKET] = market;
    eventI32[TRADE + TERMS] = (makers & 1) ^ 1;
    eventI32[TRADE + TAKER_ACCOUNT] = eventI32[ACCEPTED + ACCOUNT] as number;
    eventF64[TRADE_F64 + TAKER_ORDER_ID] = eventF64[ACCEPTED_F64 + ID] as number;
    eventI32[DONE + MARKET] = market;
    eventI32[DONE + TERMS] = (makers & 1) | (FILLED << 8);
    eventF64[DONE_F64 + REMAINING] = 0;
    let wanted = eventF64[WANTED_F64] as number;
    let tradeId = books.nextTradeId;
    let lastPrice = 0;
    let isMet = false;
    while (wanted > 0 && (sides[(makers << 2) | HIGHEST_KEY] as number) >= worst) {
      const level = sides[(makers << 2) | HIGHEST] as number;
      const price = priceKey(makers, sides[(makers << 2) | HIGHEST_KEY] as number);
      const first = bookI32[(level << 3) | FIRST] as number;
      let maker = first;
      let filled = 0;
      let lastFilled = 0;
      let quantityHere = bookF64[(level << 2) | LEVEL_QUANTITY] as number;
      eventI32[TRADE + PRICE] = price;
      eventI32[DONE + PRICE] = price;
      for (;;) {
        const isConditioned = isMixed && conditions.has(maker);
        isMet = isConditioned && !conditions.tradesAlone(maker);
        if (isMet) break;
        lastPrice = price;
        const there = orderF64[(maker << 2) | ORDER_REMAINING] as number;
        const filling = wanted < there ? wanted : there;
        const left = there - filling;
        const makerId = orderF64[(maker << 2) | ORDER_ID] as number;
        const makerAccount = orderI32[(maker << 3) | ORDER_ACCOUNT] as number;
        wanted -= filling;
        quantityHere -= filling;
        eventF64[TRADE_F64 + QUANTITY] = filling;
        eventF64[TRADE_F64 + ID] = tradeId;
        eventI32[TRADE + ACCOUNT] = makerAccount;
        eventF64[TRADE_F64 + MAKER_ORDER_ID] = makerId;
        eventF64[TRADE_F64 + MAKER_REMAINING] = left;
        eventF64[TRADE_F64 + TAKER_REMAINING] = wanted;
        tradeId += 1;
        if (left > 0) {
          orderF64[(maker << 2) | ORDER_REMAINING] = left;
          handler.event(trade);
          break;
        }
        eventF64[DONE_F64 + ID] = makerId;
        eventI32[DONE + ACCOUNT] = makerAccount;
        if (young[makerId & mask] === maker) young[makerId & mask] = 0;
        else index.remove(maker);
        if (isConditioned) books.forgetConditions(maker);
        filled += 1;
        lastFilled = maker;
        maker = orderI32[(maker << 3) | NEXT] as number;
        handler.event(trade);
        handler.event(done);
        if (maker === 0 || wanted === 0) break;
      }
      const ordersHere = (bookI32[(level << 3) | LEVEL_ORDERS] as number) - filled;
      bookI32[(level << 3) | FIRST] = maker;
      bookI32[(level << 3) | LEVEL_ORDERS] = ordersHere;
      bookF64[(level << 2) | LEVEL_QUANTITY] = quantityHere;
      if (filled !== 0) orders.releaseQueue(first, lastFilled, filled);
      if (maker === 0) {
        bookI32[(level << 3) | LAST] = 0;
        levels.remove(level);
      } else {
        orderI32[(maker << 3) | PREVIOUS] = 0;
      }
      // Who goes on there tells it.
      if (isMet) break;
      eventI32[LEVEL_CHANGED + MARKET] = market;
      eventI32[LEVEL_CHANGED + PRICE] = price;
      eventI32[LEVEL_CHANGED + TERMS] = makers & 1;
      eventF64[LEVEL_CHANGED_F64 + QUANTITY] = quantityHere;
      eventI32[LEVEL_CHANGED + ORDERS] = ordersHere;
      handler.event(this.levelChanged);
    }
    books.nextTradeId = tradeId;
    if (lastPrice !== 0) books.markets.setLastPrice(row, lastPrice);
    eventF64[WANTED_F64] = wanted;
    return isMet;
  }

  /** Puts what is still wanted at the end of the queue at its limit. */
  private rest(row: number, terms: number, limit: number): void {
    const { levels, orders, index, eventI32, eventF64 } = this;
    const slot = orders.take();
    const level = levels.obtain(bookSide(row, terms & 1), limit);
    const orderI32 = orders.i32;
    const orderF64 = orders.f64;
    const bookI32 = levels.i32;
    const bookF64 = levels.f64;
    const remaining = eventF64[WANTED_F64] as number;
    const orderId = eventF64[ACCEPTED_F64 + ID] as number;
    const last = bookI32[(level << 3) | LAST] as number;
    const ordersHere = (bookI32[(level << 3) | LEVEL_ORDERS] as number) + 1;
    const quantityHere = (bookF64[(level << 2) | LEVEL_QUANTITY] as number) + remaining;
    orderI32[(slot << 3) | NEXT] = 0;
    orderI32[(slot << 3) | PREVIOUS] = last;
    orderI32[(slot << 3) | LEVEL] = level;
    orderI32[(slot << 3) | ORDER_ACCOUNT] = eventI32[ACCEPTED + ACCOUNT] as number;
    orderF64[(slot << 2) | ORDER_REMAINING] = remaining;
    orderF64[(slot << 2) | ORDER_ID] = orderId;
    orders.setQuantity(slot, eventF64[ACCEPTED_F64 + QUANTITY] as number);
    if (last === 0) bookI32[(level << 3) | FIRST] = slot;
    else orderI32[(last << 3) | NEXT] = slot;
    bookI32[(level << 3) | LAST] = slot;
    bookI32[(level << 3) | LEVEL_ORDERS] = ordersHere;
    bookF64[(level << 2) | LEVEL_QUANTITY] = quantityHere;
    index.young[orderId & index.mask] = slot;
    eventI32[LEVEL_CHANGED + MARKET] = eventI32[ACCEPTED + MARKET] as number;
    eventI32[LEVEL_CHANGED + PRICE] = limit;
    eventI32[LEVEL_CHANGED + TERMS] = terms & 1;
    eventF64[LEVEL_CHANGED_F64 + QUANTITY] = quantityHere;
    eventI32[LEVEL_CHANGED + ORDERS] = ordersHere;
    this.handler.event(this.levelChanged);
  }

  /** The order does not rest: it has all it wants, or finds no more. */
  private end(): void {
    const { eventI32, eventF64 } = this;
    const wanted = eventF64[WANTED_F64] as number;
    const side = (eventI32[ACCEPTED + TERMS] as number) & 1;
    eventI32[DONE + MARKET] = eventI32[ACCEPTED + MARKET] as number;
    eventI32[DONE + PRICE] = eventI32[ACCEPTED + PRICE] as number;
    eventI32[DONE + TERMS] = side | ((wanted === 0 ? FILLED : NO_LIQUIDITY) << 8);
    eventF64[DONE_F64 + ID] = eventF64[ACCEPTED_F64 + ID] as number;
    eventI32[DONE + ACCOUNT] = eventI32[ACCEPTED + ACCOUNT] as number;
    eventF64[DONE_F64 + REMAINING] = wanted;
    this.handler.event(this.done);
  }

  /** Whether an order in a market that is not plain can come in here: nothing hinders it, and either it meets nobody or they trade by time. */
  private suits(row: number, makers: number, limit: number): boolean {
    const { levels, hidden, markets } = this.books;
    if (!markets.isCalm(row)) return false;
    return (
      !markets.allocates(row) || !(levels.isWithin(makers, limit) || hidden.isWithin(makers, limit))
    );
  }

  /** `Matching` goes on with the order of the `accepted` register. */
  private handOver(row: number): void {
    const { eventI32, eventF64 } = this;
    const { incoming } = this.matching;
    const terms = eventI32[ACCEPTED + TERMS] as number;
    incoming.market = eventI32[ACCEPTED + MARKET] as number;
    incoming.row = row;
    incoming.account = eventI32[ACCEPTED + ACCOUNT] as number;
    incoming.side = terms & 0xff;
    incoming.type = (terms >>> 8) & 0xff;
    incoming.timeInForce = terms >>> 16;
    incoming.price = eventI32[ACCEPTED + PRICE] as number;
    incoming.limit = incoming.price;
    incoming.orderId = eventF64[ACCEPTED_F64 + ID] as number;
    incoming.quantity = eventF64[ACCEPTED_F64 + QUANTITY] as number;
    incoming.quoteQuantity = 0;
    incoming.remaining = eventF64[WANTED_F64] as number;
    incoming.clearConditions();
    incoming.leaveList();
    this.matching.goOn();
  }

  /** Does what a `cancel` record says, if the order is there and shown, and in no list. Otherwise nothing was done. */
  cancel(i32: Int32Array, f64: Float64Array, offset: number): boolean {
    const { index, orders, levels, markets } = this;
    const { conditions } = this.books;
    const word = offset >> 2;
    const market = i32[word + 1] as number;
    const account = i32[word + COMMAND_ACCOUNT] as number;
    const id = f64[(offset >> 3) + COMMAND_ORDER_ID] as number;
    const slot = index.find(id);
    const orderI32 = orders.i32;
    const isConditioned = conditions.count !== 0 && conditions.has(slot);
    if (slot === 0 || (isConditioned && !conditions.isShownAlone(slot))) return false;
    if (orderI32[(slot << 3) | ORDER_ACCOUNT] !== account) return false;
    const level = orderI32[(slot << 3) | LEVEL] as number;
    const row = levels.row(level);
    if (markets.market(row) !== market) return false;
    const isPlainMarket = markets.isPlain(row);
    if (!isPlainMarket && !markets.isCalm(row)) return false;
    const bookI32 = levels.i32;
    const bookF64 = levels.f64;
    const price = levels.price(level);
    const side = levels.side(level);
    const remaining = orders.f64[(slot << 2) | ORDER_REMAINING] as number;
    const reserve = isConditioned ? conditions.reserve(slot) : 0;
    const { eventI32, eventF64 } = this;
    const previous = orderI32[(slot << 3) | PREVIOUS] as number;
    const next = orderI32[(slot << 3) | NEXT] as number;
    const ordersHere = (bookI32[(level << 3) | LEVEL_ORDERS] as number) - 1;
    const quantityHere = (bookF64[(level << 2) | LEVEL_QUANTITY] as number) - remaining;
    eventI32[DONE + MARKET] = market;
    eventI32[DONE + PRICE] = price;
    eventI32[DONE + TERMS] = side | (CANCELLED << 8);
    eventF64[DONE_F64 + ID] = id;
    eventI32[DONE + ACCOUNT] = account;
    eventF64[DONE_F64 + REMAINING] = remaining + reserve;
    eventI32[LEVEL_CHANGED + MARKET] = market;
    eventI32[LEVEL_CHANGED + PRICE] = price;
    eventI32[LEVEL_CHANGED + TERMS] = side;
    eventF64[LEVEL_CHANGED_F64 + QUANTITY] = quantityHere;
    eventI32[LEVEL_CHANGED + ORDERS] = ordersHere;
    if (previous === 0) bookI32[(level << 3) | FIRST] = next;
    else orderI32[(previous << 3) | NEXT] = next;
    if (next === 0) bookI32[(level << 3) | LAST] = previous;
    else orderI32[(next << 3) | PREVIOUS] = previous;
    bookI32[(level << 3) | LEVEL_ORDERS] = ordersHere;
    bookF64[(level << 2) | LEVEL_QUANTITY] = quantityHere;
    if (isConditioned) this.books.forgetConditions(slot);
    index.remove(slot);
    orders.release(slot);
    const bestBefore = isPlainMarket ? 0 : levels.bestKey(bookSide(row, side));
    if (ordersHere === 0) levels.remove(level);
    this.handler.event(this.done);
    this.handler.event(this.levelChanged);
    if (isPlainMarket) return true;
    const hasMovedPrices = levels.bestKey(bookSide(row, side)) !== bestBefore;
    if (hasMovedPrices ? markets.isFollowed(row) : this.books.allOrNone.mayBeFreed())
      this.matching.afterwards(row);
    return true;
  }
}

/**
 * Whether terms are those of a limit order that is good till cancelled or immediate-or-cancel, or of a market order by
 * quantity, and nothing else: side 0 or 1, type 0 or 1, time in force 0 or 1, and not a market order that would rest.
 */
const isPlain = (terms: number): boolean =>
  (terms & ~0x1_01_01) === 0 && (terms & 0xffff00) !== 0x0_01_00;

/** Whether an order with plain terms is good till cancelled. */
const rests = (terms: number): boolean => terms >> 16 === 0;

/** As `PriceLevels.isWithin` says it, for who has the sides at hand. */
const isWithin = (sides: Int32Array, bookSide: number, price: number): boolean =>
  (sides[(bookSide << 2) | HIGHEST_KEY] as number) >= (price === 0 ? 1 : priceKey(bookSide, price));
