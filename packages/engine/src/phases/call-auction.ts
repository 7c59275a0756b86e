import { DoneReason } from "../done-reason.ts";
import type { EventWriter } from "../events/event-writer.ts";
import type { IncomingOrder } from "../incoming-order.ts";
import type { ListKeeping } from "../lists/list-keeping.ts";
import { bookSide } from "../memory/price-levels.ts";
import type { OrderBooks } from "../order-books.ts";
import { Ranking } from "../ranking.ts";
import { Side } from "../side.ts";
import { collects } from "./phase-rules.ts";
import {
  type Interest,
  NOTHING_CROSSES,
  type Uncrossing,
  uncrossingAt,
} from "./uncrossing-price.ts";

/** Uncrosses a market in which orders have collected, and tells beforehand what that would do. */
export class CallAuction {
  private readonly order: IncomingOrder;
  private readonly books: OrderBooks;
  private readonly events: EventWriter;
  private readonly lists: ListKeeping;
  /** What was told last of each row that collects, unless that is nothing. */
  private readonly told: Map<number, Uncrossing> = new Map();

  constructor(order: IncomingOrder, books: OrderBooks, events: EventWriter, lists: ListKeeping) {
    this.order = order;
    this.books = books;
    this.events = events;
    this.lists = lists;
  }

  /** What uncrossing would do now. */
  indicative(row: number): Uncrossing {
    const { books } = this;
    const bid = books.bestPrice(row, Side.buy);
    const ask = books.bestPrice(row, Side.sell);
    // Without a bid that is 0, below any ask.
    if (ask === 0 || bid < ask) return NOTHING_CROSSES;
    return uncrossingAt(
      this.interests(this.queue(row, Side.buy, ask)),
      this.interests(this.queue(row, Side.sell, bid)),
      books.markets.lastPrice(row),
    );
  }

  /** Tells what uncrossing would do, if that is something else than was told last. */
  tellIndicative(row: number): void {
    const { markets } = this.books;
    if (!collects(markets.phase(row))) return;
    const now = this.indicative(row);
    const { price, quantity, surplus } = this.told.get(row) ?? NOTHING_CROSSES;
    if (now.price === price && now.quantity === quantity && now.surplus === surplus) return;
    this.told.set(row, now);
    this.events.tellIndicative(markets.market(row), now.price, now.quantity, now.surplus);
  }

  /** What would be told now has been told: of a restored market. */
  recall(row: number): void {
    if (collects(this.books.markets.phase(row))) this.told.set(row, this.indicative(row));
  }

  /** Nothing has been told of a market that no longer collects. */
  forget(row: number): void {
    this.told.delete(row);
  }

  /** Trades all that can trade, at one price. */
  uncross(row: number): void {
    const { books, order } = this;
    const { price, quantity } = this.indicative(row);
    if (quantity === 0) return;
    const buys = this.queue(row, Side.buy, price);
    const sells = this.queue(row, Side.sell, price);
    const changed = [...shownLevels(books, buys), ...shownLevels(books, sells)];
    let left = quantity;
    let bought = 0;
    let sold = 0;
    while (left > 0) {
      const buy = buys[bought] as number;
      const sell = sells[sold] as number;
      order.filling = Math.min(left, books.remainingOf(buy), books.remainingOf(sell));
      left -= order.filling;
      this.trade(row, price, buy, sell);
      if (books.remainingOf(buy) === 0) bought += 1;
      if (books.remainingOf(sell) === 0) sold += 1;
      const isBuyFirst = books.orders.id(buy) < books.orders.id(sell);
      for (const slot of isBuyFirst ? [buy, sell] : [sell, buy]) {
        this.noteInList(slot, price);
        this.endOrShow(slot);
      }
    }
    books.markets.setLastPrice(row, price);
    this.tellChanged(changed);
  }

  /** Two orders trade `order.filling` lots; the older one is the maker. */
  private trade(row: number, price: number, buy: number, sell: number): void {
    const { books } = this;
    const buyIsMaker = books.orders.id(buy) < books.orders.id(sell);
    this.takeOff(buy);
    this.takeOff(sell);
    this.events.tellUncrossed(row, price, buyIsMaker ? buy : sell, buyIsMaker ? sell : buy);
    books.nextTradeId += 1;
  }

  private noteInList(slot: number, price: number): void {
    const { books } = this;
    const listId = books.conditions.listId(slot);
    if (listId === 0) return;
    const trade = { lots: this.order.filling, price, remaining: books.remainingOf(slot) };
    this.lists.traded(listId, books.orders.id(slot), trade);
  }

  /** An order that has traded ends if nothing is left of it; an iceberg shows anew what is. */
  private endOrShow(slot: number): void {
    const { books } = this;
    const remaining = books.remainingOf(slot);
    if (remaining === 0) this.end(slot);
    else books.showAnew(slot, Math.min(books.conditions.displayQuantity(slot), remaining));
  }

  /** Tells the levels that are no longer what they were. */
  private tellChanged(levelsBefore: readonly LevelBefore[]): void {
    const { levels } = this.books;
    for (const { level, quantity, orders } of levelsBefore) {
      if (levels.quantity(level) === quantity && levels.orders(level) === orders) continue;
      levels.removeIfEmpty(level);
      this.events.tellLevel(level);
    }
  }

  /** The orders of a side at a price or better: by price, shown before hidden, then by their places. */
  private queue(row: number, side: number, worst: number): number[] {
    const slots: number[] = [];
    const ranking = new Ranking(this.books, bookSide(row, side), worst);
    while (ranking.next()) {
      const { book, level } = ranking;
      for (let slot = book.first(level); slot !== 0; slot = this.books.orders.next(slot)) {
        slots.push(slot);
      }
    }
    return slots;
  }

  private interests(slots: readonly number[]): Interest[] {
    return slots.map((slot) => ({
      price: this.books.priceOf(slot),
      quantity: this.books.remainingOf(slot),
    }));
  }

  /** An order loses the lots that it trades, those that are shown first; an iceberg keeps its place meanwhile. */
  private takeOff(slot: number): void {
    const { books, order } = this;
    const { orders, conditions } = books;
    const shown = Math.min(order.filling, orders.remaining(slot));
    orders.setRemaining(slot, orders.remaining(slot) - shown);
    books.bookOf(slot).takeOff(orders.level(slot), shown);
    if (shown < order.filling) {
      conditions.setReserve(slot, conditions.reserve(slot) - (order.filling - shown));
    }
  }

  private end(slot: number): void {
    const { books } = this;
    const listId = books.conditions.listId(slot);
    const orderId = books.orders.id(slot);
    this.events.tellRestingDone(slot, DoneReason.filled);
    if (books.bookOf(slot) === books.hidden) books.remove(slot);
    else books.leave(slot);
    if (listId !== 0) this.lists.ended(listId, orderId, DoneReason.filled);
  }
}

interface LevelBefore {
  readonly level: number;
  readonly quantity: number;
  readonly orders: number;
}

/** The levels that everybody sees on which these orders stand, as they are now. */
const shownLevels = (books: OrderBooks, slots: readonly number[]): LevelBefore[] => {
  const shown = slots.filter((slot) => books.bookOf(slot) === books.levels);
  const levels = new Set(shown.map((slot) => books.orders.level(slot)));
  return [...levels].map((level) => ({
    level,
    quantity: books.levels.quantity(level),
    orders: books.levels.orders(level),
  }));
};
