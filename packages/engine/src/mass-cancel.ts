import { Sides } from "./commands/command.ts";
import { DoneReason } from "./done-reason.ts";
import type { EventWriter } from "./events/event-writer.ts";
import type { OrderBooks } from "./order-books.ts";
import type { CallAuction } from "./phases/call-auction.ts";
import { allowsCancelling } from "./phases/phase-rules.ts";
import { Side } from "./side.ts";
import type { Deadlines } from "./time/deadlines.ts";
import { TimeInForce } from "./time-in-force.ts";

/** Orders that end by themselves or together: cancelled, expired, closed out, delisted. Always oldest first. */
export class MassCancel {
  private readonly books: OrderBooks;
  private readonly events: EventWriter;
  private readonly auction: CallAuction;
  private readonly deadlines: Deadlines;
  /** The dead-man's switches that are set: account to time. */
  readonly switches: Map<number, number> = new Map();

  constructor(books: OrderBooks, events: EventWriter, auction: CallAuction, deadlines: Deadlines) {
    this.books = books;
    this.events = events;
    this.auction = auction;
    this.deadlines = deadlines;
  }

  /** One order is no more. */
  end(slot: number, reason: number): void {
    this.events.tellRestingDone(slot, reason);
    const level = this.books.remove(slot);
    if (level !== 0) this.events.tellLevel(level);
  }

  /** The phase has become closed. */
  endDayOrders(row: number): void {
    const { conditions } = this.books;
    for (const slot of this.books.ordersOf(row)) {
      if (conditions.has(slot) && conditions.timeInForce(slot) === TimeInForce.day)
        this.end(slot, DoneReason.expired);
    }
  }

  endAllOf(row: number, reason: number): void {
    for (const slot of this.books.ordersOf(row)) this.end(slot, reason);
  }

  /** Market 0: in all markets; account 0: of all accounts. */
  cancelAll(market: number, account: number, sides: number): void {
    const rows = this.cancelMatching(market, account, sides);
    this.tellIndicatives(rows);
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
    const rows = slots.map((slot) => this.books.rowOf(slot));
    for (const slot of slots) this.end(slot, DoneReason.cancelled);
    return rows;
  }

  setSwitch(account: number, at: number): void {
    if (at === 0) {
      this.switches.delete(account);
      return;
    }
    this.switches.set(account, at);
    this.deadlines.add({ time: at, account, orderId: 0 });
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
    this.tellIndicatives(rows);
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
  private tellIndicatives(rows: readonly number[]): void {
    const { markets } = this.books;
    const touched = [...new Set(rows)].sort(
      (one, other) => markets.market(one) - markets.market(other),
    );
    for (const row of touched) this.auction.tellIndicative(row);
  }
}
