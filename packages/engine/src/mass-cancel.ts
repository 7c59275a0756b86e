import { Sides } from "./commands/command.ts";
import { DoneReason } from "./done-reason.ts";
import type { EventWriter } from "./events/event-writer.ts";
import { ListKeeping } from "./lists/list-keeping.ts";
import type { OrderBooks } from "./order-books.ts";
import { Phase } from "./phases/phase.ts";
import { allowsCancelling } from "./phases/phase-rules.ts";
import { Side } from "./side.ts";
import type { Deadline, Deadlines } from "./time/deadlines.ts";
import { TimeInForce } from "./time-in-force.ts";

/** Orders that end by themselves or together: cancelled, expired, closed out, delisted. Always oldest first. */
export class MassCancel {
  private readonly books: OrderBooks;
  private readonly events: EventWriter;
  private readonly deadlines: Deadlines;
  /** What follows in a market in which orders have ended. */
  private readonly afterwards: (row: number) => void;
  readonly lists: ListKeeping;
  /** The dead-man's switches that are set: account to time. */
  readonly switches: Map<number, number> = new Map();

  constructor(
    books: OrderBooks,
    events: EventWriter,
    deadlines: Deadlines,
    afterwards: (row: number) => void,
  ) {
    this.books = books;
    this.events = events;
    this.deadlines = deadlines;
    this.afterwards = afterwards;
    this.lists = new ListKeeping(books, (slot, reason) => this.end(slot, reason));
  }

  /** One order is no more, and maybe its list. */
  end(slot: number, reason: number): void {
    const { books } = this;
    const listId = books.conditions.listId(slot);
    const orderId = books.orders.id(slot);
    this.events.tellRestingDone(slot, reason);
    const level = books.remove(slot);
    if (level !== 0) this.events.tellLevel(level);
    if (listId !== 0) this.lists.ended(listId, orderId, reason);
  }

  /** A market's phase has become another: the time of some orders is over. */
  endWithPhase(row: number, before: number, phase: number): void {
    const over = timesOver(before, phase);
    if (over.length === 0) return;
    const { conditions } = this.books;
    const ends = this.books
      .ordersOf(row)
      .filter((slot) => conditions.has(slot) && over.includes(conditions.timeInForce(slot)));
    this.endEach(this.idsOf(ends), DoneReason.expired);
  }

  endAllOf(row: number, reason: number): void {
    this.endEach(this.idsOf(this.books.ordersOf(row)), reason);
  }

  private idsOf(slots: readonly number[]): number[] {
    return slots.map((slot) => this.books.orders.id(slot));
  }

  /** Some may end with others, because of a list. Answers the rows of the markets of those that ended by themselves. */
  private endEach(orderIds: readonly number[], reason: number): number[] {
    const rows: number[] = [];
    for (const orderId of orderIds) {
      const slot = this.books.index.find(orderId);
      if (slot === 0) continue;
      rows.push(this.books.rowOf(slot));
      this.end(slot, reason);
    }
    return rows;
  }

  /** Market 0: in all markets; account 0: of all accounts. */
  cancelAll(market: number, account: number, sides: number): void {
    const rows = this.cancelMatching(market, account, sides);
    this.followUp(rows);
    this.events.tellOrdersCancelled(market, account, rows.length);
  }

  /** Answers the rows of the markets that the orders were in. */
  private cancelMatching(market: number, account: number, sides: number): number[] {
    const { orders } = this.books;
    const slots = this.rowsOf(market)
      .flatMap((row) => this.books.ordersOf(row))
      .filter((slot) => account === 0 || orders.account(slot) === account)
      .filter((slot) => this.isOn(slot, sides))
      .sort((one, other) => orders.id(one) - orders.id(other));
    return this.endEach(this.idsOf(slots), DoneReason.cancelled);
  }

  setSwitch(account: number, at: number): void {
    if (at === 0) {
      this.switches.delete(account);
      return;
    }
    this.switches.set(account, at);
    this.deadlines.add({ time: at, account, orderId: 0 });
  }

  /** When something falls due next; `Infinity` for never. What no longer holds is forgotten on the way. */
  nextDue(): number {
    for (let due = this.deadlines.first; due !== undefined; due = this.deadlines.first) {
      if (this.stillHolds(due)) return due.time;
      this.deadlines.takeDue(due.time);
    }
    return Number.POSITIVE_INFINITY;
  }

  /** A switch may have been set anew, and an order may be gone. */
  private stillHolds({ time, account, orderId }: Deadline): boolean {
    if (account !== 0) return this.switches.get(account) === time;
    return this.books.index.find(orderId) !== 0;
  }

  /** Ends what falls due by a time. */
  endDue(time: number): void {
    const rows: number[] = [];
    for (
      let due = this.deadlines.takeDue(time);
      due !== undefined;
      due = this.deadlines.takeDue(time)
    ) {
      if (due.account !== 0) {
        if (this.switches.get(due.account) !== due.time) continue;
        this.switches.delete(due.account);
        const cancelled = this.cancelMatching(0, due.account, Sides.both);
        rows.push(...cancelled);
        this.events.tellOrdersCancelled(0, due.account, cancelled.length);
        continue;
      }
      const slot = this.books.index.find(due.orderId);
      if (slot === 0) continue;
      rows.push(this.books.rowOf(slot));
      this.end(slot, DoneReason.expired);
    }
    this.followUp(rows);
  }

  private rowsOf(market: number): number[] {
    const { markets } = this.books;
    const rows = market === 0 ? markets.rowsByNumber() : [markets.row(market)];
    return rows.filter((row) => allowsCancelling(markets.phase(row)));
  }

  private isOn(slot: number, sides: number): boolean {
    if (sides === Sides.both) return true;
    return (this.books.sideOf(slot) === Side.buy) === (sides === Sides.buy);
  }

  /** By the numbers of the markets. */
  private followUp(rows: readonly number[]): void {
    const { markets } = this.books;
    const touched = [...new Set(rows)].sort(
      (one, other) => markets.market(one) - markets.market(other),
    );
    for (const row of touched) this.afterwards(row);
  }
}

/** The times in force that are over when a market's phase becomes another. */
const timesOver = (before: number, phase: number): number[] => {
  const over: number[] = [];
  if (phase === Phase.closed) over.push(TimeInForce.day, TimeInForce.at_close);
  if (phase === before) return over;
  if (before === Phase.pre_open) over.push(TimeInForce.at_open);
  if (before === Phase.closing_auction) over.push(TimeInForce.at_close);
  return over;
};
