import { type Step, shareOut, stepsOf } from "./allocation/share-out.ts";
import { SelfTrade } from "./conditions/conditions.ts";
import { DoneReason } from "./done-reason.ts";
import type { EventWriter } from "./events/event-writer.ts";
import type { IncomingOrder } from "./incoming-order.ts";
import type { ListKeeping } from "./lists/list-keeping.ts";
import { bookSide, type PriceLevels, priceKey } from "./memory/price-levels.ts";
import type { OrderBooks } from "./order-books.ts";
import { isTooFar } from "./protection/protection.ts";
import { Ranking } from "./ranking.ts";

/** How a sweep through the other side ended. */
export const Sweep = {
  /** Nothing more there suits the order. */
  exhausted: 0,
  /** The order has all it wants. */
  satisfied: 1,
  /** It met an order of its own, and ends. */
  self_trade: 2,
  /** The next price is outside the market's band. */
  outside_band: 3,
} as const;

/** What of a level an order could trade with. */
interface Tradable {
  /** Lots. */
  readonly there: number;
  /** Whether it could come no further: there it would meet one of its own that stops it, or the band. */
  readonly ends: boolean;
  /** Whether somebody would still stand at that price when it has traded those lots. */
  readonly isLeft: boolean;
}

/**
 * What an order does that takes from the book: it trades with the other side, best price first, shown before hidden, then oldest
 * first, or as the market allocates.
 */
export class Taking {
  private readonly order: IncomingOrder;
  private readonly books: OrderBooks;
  private readonly events: EventWriter;
  private readonly lists: ListKeeping;

  constructor(order: IncomingOrder, books: OrderBooks, events: EventWriter, lists: ListKeeping) {
    this.order = order;
    this.books = books;
    this.events = events;
    this.lists = lists;
  }

  /** Trades until the order has all it wants, meets one of its own and ends, or finds nothing that suits it. Answers which. */
  sweep(): number {
    const { order } = this;
    const { hidden, markets } = this.books;
    // The order's own trades do not move its band.
    const reference = markets.referencePrice(order.row);
    for (;;) {
      const book = this.bestBook();
      if (book === undefined) return Sweep.exhausted;
      const level = book.best(this.makers);
      if (order.isByQuote) {
        order.remaining = this.affordable(order.budget, book.price(level));
        if (order.remaining === 0) return Sweep.satisfied;
      }
      if (this.isOutsideBand(book.price(level), reference)) return Sweep.outside_band;
      const ended = this.sweepLevel(book, level);
      book.removeIfEmpty(level);
      if (book !== hidden) this.events.tellLevel(level);
      if (ended) return Sweep.self_trade;
      if (order.isSatisfied) return Sweep.satisfied;
    }
  }

  /** Whether at least so many lots could trade at once; for an order by quote quantity, whether its whole budget could. */
  canTrade(lots: number): boolean {
    const { order } = this;
    const reference = this.books.markets.referencePrice(order.row);
    const ranking = new Ranking(this.books, this.makers, order.worstPrice);
    let wanted = order.isByQuote ? order.quoteQuantity : lots;
    while (ranking.next()) {
      const { book, level } = ranking;
      const { there, ends, isLeft } = this.tradable(book, level, reference);
      if (order.isByQuote) {
        const price = book.price(level);
        const affordable = this.affordable(wanted, price);
        const isSpent = affordable === 0 || affordable < there;
        if (isSpent || (isLeft && affordable === there)) return true;
        wanted -= there * price;
      } else {
        wanted -= there;
      }
      if (wanted <= 0) return true;
      if (ends) return false;
    }
    return false;
  }

  /** The side that the order takes from. */
  private get makers(): number {
    return bookSide(this.order.row, 1 - this.order.side);
  }

  /** The book with the best level that suits the order; shown ones come first at one price. */
  private bestBook(): PriceLevels | undefined {
    const { levels, hidden } = this.books;
    const worst = this.order.worstPrice;
    const shown = levels.bestKey(this.makers);
    const unseen = hidden.bestKey(this.makers);
    const best = Math.max(shown, unseen);
    // No key is below 1, so that a side where nothing rests is never good enough.
    if (best < priceKey(this.makers, worst)) return undefined;
    return shown === best ? levels : hidden;
  }

  /** Trades with the orders of a level. Answers whether meeting an order of its own ended the order. */
  private sweepLevel(book: PriceLevels, level: number): boolean {
    return this.allocates(book) ? this.allocateLevel(level) : this.sweepQueue(book, level);
  }

  /** Whether the lots of a book's levels are shared among their orders otherwise than by time: hidden ones never are. */
  private allocates(book: PriceLevels): boolean {
    return book === this.books.levels && this.books.markets.allocates(this.order.row);
  }

  /** Meets its own orders first, then shares what it wants among the others, round after round while icebergs show more. */
  private allocateLevel(level: number): boolean {
    const { order, books } = this;
    if (this.meetsOwnEnd(level)) return true;
    const rule = books.markets.allocation(order.row);
    const steps = stepsOf(rule);
    while (order.remaining > 0 && books.levels.first(level) !== 0)
      this.allocate(steps, rule.leadAccount, level);
    return false;
  }

  /** Has the order meet each of its own on a level, in the order of the queue. Answers whether that ended it. */
  private meetsOwnEnd(level: number): boolean {
    const { levels, orders } = this.books;
    let maker = this.ownFrom(levels.first(level));
    while (maker !== 0) {
      const next = orders.next(maker);
      if (this.prevent(levels, level, maker)) return true;
      // An iceberg that was last and shows more is last again.
      maker = this.ownFrom(next === 0 ? levels.last(level) : next);
    }
    return false;
  }

  /** The first of its own in a queue, from one maker on; 0 if there is none. */
  private ownFrom(from: number): number {
    let maker = from;
    while (maker !== 0 && !this.isOwn(maker)) maker = this.books.orders.next(maker);
    return maker;
  }

  /** One round: what is shown now is shared; then it trades in the order of the queue. */
  private allocate(steps: readonly Step[], leadAccount: number, level: number): void {
    const { order } = this;
    const { levels, orders, markets } = this.books;
    const makers: number[] = [];
    for (let maker = levels.first(level); maker !== 0; maker = orders.next(maker))
      makers.push(maker);
    const there = makers.map((maker) => orders.remaining(maker));
    const increment = markets.quantityIncrement(order.row);
    const isLead = (index: number): boolean =>
      orders.account(makers[index] as number) === leadAccount;
    const shares = shareOut(steps, order.remaining, there, increment, isLead);
    for (const [index, maker] of makers.entries()) {
      order.filling = shares[index] as number;
      if (order.filling > 0) this.trade(levels, level, maker);
    }
  }

  private sweepQueue(book: PriceLevels, level: number): boolean {
    const { order } = this;
    const { orders } = this.books;
    let maker = book.first(level);
    while (maker !== 0 && order.remaining > 0) {
      if (this.isOwn(maker)) {
        if (this.prevent(book, level, maker)) return true;
      } else {
        order.filling = Math.min(order.remaining, orders.remaining(maker));
        this.trade(book, level, maker);
      }
      maker = book.first(level);
    }
    return false;
  }

  /** The order trades `order.filling` lots with a maker. */
  private trade(book: PriceLevels, level: number, maker: number): void {
    const { order, books } = this;
    const price = book.price(level);
    this.takeFrom(book, level, maker);
    if (order.isByQuote) order.budget -= price * order.filling;
    const trade = this.events.fillTrade(maker, price);
    books.nextTradeId += 1;
    books.markets.setLastPrice(order.row, price);
    this.events.tell(trade);
    this.noteInLists(maker, price);
    this.refillOrEnd(book, level, maker, DoneReason.filled);
  }

  /** Tells the lists of the two, if they are in any, that they have traded. */
  private noteInLists(maker: number, price: number): void {
    const { order, books } = this;
    const lots = order.filling;
    const makersList = books.conditions.listId(maker);
    if (makersList !== 0) {
      const remaining = books.remainingOf(maker);
      this.lists.traded(makersList, books.orders.id(maker), { lots, price, remaining });
    }
    if (order.listId !== 0)
      this.lists.traded(order.listId, order.orderId, { lots, price, remaining: order.remaining });
  }

  /** The order and a maker both lose `order.filling` lots. */
  private takeFrom(book: PriceLevels, level: number, maker: number): void {
    const { order } = this;
    const { orders } = this.books;
    order.remaining -= order.filling;
    orders.setRemaining(maker, orders.remaining(maker) - order.filling);
    book.takeOff(level, order.filling);
  }

  /** When the shown lots of a maker are gone, an iceberg shows more at the end of the queue, and others end. */
  private refillOrEnd(book: PriceLevels, level: number, maker: number, reason: number): void {
    const { orders, conditions } = this.books;
    if (orders.remaining(maker) > 0) return;
    const reserve = conditions.reserve(maker);
    if (reserve === 0) {
      this.end(maker, reason);
      return;
    }
    const shown = Math.min(conditions.displayQuantity(maker), reserve);
    book.leave(level, maker);
    orders.setRemaining(maker, shown);
    conditions.setReserve(maker, reserve - shown);
    book.join(level, maker);
  }

  /** A maker is no more; its level stays until the sweep leaves it. */
  private end(maker: number, reason: number): void {
    const listId = this.books.conditions.listId(maker);
    const orderId = this.books.orders.id(maker);
    this.events.tellRestingDone(maker, reason);
    this.books.leave(maker);
    if (listId !== 0) this.lists.ended(listId, orderId, reason);
  }

  /** Whether a maker is the taker's own, and the taker asks for prevention. */
  private isOwn(maker: number): boolean {
    const { order } = this;
    if (order.selfTrade === SelfTrade.none) return false;
    const { orders, conditions } = this.books;
    if (orders.account(maker) === order.account) return true;
    return order.tradeGroup !== 0 && conditions.tradeGroup(maker) === order.tradeGroup;
  }

  /** Does instead of a trade what the order asks for. Answers whether the order ends. */
  private prevent(book: PriceLevels, level: number, maker: number): boolean {
    const { order, events } = this;
    const mode = order.selfTrade;
    if (mode === SelfTrade.decrement || mode === SelfTrade.transfer) {
      order.filling = Math.min(order.remaining, this.books.orders.remaining(maker));
      this.takeFrom(book, level, maker);
      events.tellPrevented(maker);
      this.refillOrEnd(book, level, maker, DoneReason.self_trade);
      return order.remaining === 0;
    }
    order.filling = 0;
    events.tellPrevented(maker);
    if (mode !== SelfTrade.expire_taker) this.end(maker, DoneReason.self_trade);
    return mode !== SelfTrade.expire_maker;
  }

  /** What of a level the order could trade with. */
  private tradable(book: PriceLevels, level: number, reference: number): Tradable {
    if (this.isOutsideBand(book.price(level), reference))
      return { there: 0, ends: true, isLeft: true };
    const { orders, conditions } = this.books;
    const passesOver = this.order.selfTrade === SelfTrade.expire_maker;
    let there = 0;
    let reserves = 0;
    let isOwnLast = false;
    for (let maker = book.first(level); maker !== 0; maker = orders.next(maker)) {
      isOwnLast = this.isOwn(maker);
      if (!isOwnLast) {
        there += orders.remaining(maker);
        reserves += conditions.reserve(maker);
      } else if (!passesOver) {
        // Icebergs would show more only behind it. Where lots are shared, it would be met before any of them trade.
        return { there: this.allocates(book) ? 0 : there, ends: true, isLeft: true };
      }
    }
    // Icebergs show their reserves only after that one has been met and removed; where lots are shared, it is before any trade.
    const isLeft = isOwnLast && reserves === 0 && !this.allocates(book);
    return { there: there + reserves, ends: false, isLeft };
  }

  /** Whether a price is outside the market's band, by the reference price of when the order began to trade. */
  private isOutsideBand(price: number, reference: number): boolean {
    const { bandBasisPoints } = this.books.markets.protection(this.order.row);
    return isTooFar(price, reference, bandBasisPoints);
  }

  /** The lots that a budget pays for at a price, in whole increments. Both divisions are exact: see `isMultipleOf`. */
  private affordable(budget: number, price: number): number {
    const increment = this.books.markets.quantityIncrement(this.order.row);
    return Math.floor(Math.floor(budget / price) / increment) * increment;
  }
}
