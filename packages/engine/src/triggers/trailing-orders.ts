import { triggerOnOf } from "../conditions/condition-layout.ts";
import { TriggerOn } from "../conditions/conditions.ts";
import { type ConditionStore, Place } from "../memory/condition-store.ts";
import { Side } from "../side.ts";
import { MAX_INT32 } from "../whole-number.ts";
import { TrailingQueue } from "./trailing-queue.ts";

/** Where a trailing stop stands when it has a trigger. */
export interface TriggerBook {
  hang(slot: number): void;
  takeDown(slot: number): void;
}

/** The trailing stops of a market. */
interface Trailing {
  /** Those that have come since the prices were followed last. */
  readonly fresh: number[];
  /** The others, in the order of `queueOf`. */
  readonly queues: readonly TrailingQueue[];
}

/** The trailing stops, whose triggers follow their market's price at a distance and never move back. */
export class TrailingOrders {
  private readonly conditions: ConditionStore;
  private readonly book: TriggerBook;
  private readonly byRow: Map<number, Trailing> = new Map();

  constructor(conditions: ConditionStore, book: TriggerBook) {
    this.conditions = conditions;
    this.book = book;
  }

  add(slot: number): void {
    const row = this.conditions.row(slot);
    const trailing = this.byRow.get(row) ?? { fresh: [], queues: this.newQueues() };
    trailing.fresh.push(slot);
    this.byRow.set(row, trailing);
    // Of a restored one, what it had learnt before.
    if (this.conditions.triggerPrice(slot) > 0) this.book.hang(slot);
  }

  remove(slot: number): void {
    const row = this.conditions.row(slot);
    const trailing = this.byRow.get(row);
    if (trailing === undefined) return;
    const { fresh, queues } = trailing;
    const at = fresh.indexOf(slot);
    if (at >= 0) fresh.splice(at, 1);
    else this.queueOf(queues, slot).remove(slot);
    if (fresh.length === 0 && queues.every(({ isEmpty }) => isEmpty)) this.byRow.delete(row);
  }

  /** Those that stand nowhere, because their trigger cannot be reached; in no order that matters. */
  asideOf(row: number): number[] {
    const trailing = this.byRow.get(row);
    if (trailing === undefined) return [];
    const { fresh, queues } = trailing;
    const slots = [...fresh, ...queues.flatMap((queue) => queue.slots())];
    return slots.filter((slot) => this.conditions.place(slot) === Place.aside);
  }

  /** A price of 0 is none. */
  follow(row: number, lastPrice: number, markPrice: number): void {
    const trailing = this.byRow.get(row);
    if (trailing === undefined) return;
    const { fresh, queues } = trailing;
    while (fresh.length > 0) this.enqueue(queues, fresh.pop() as number);
    for (let at = 0; at < queues.length; at += 1)
      (queues[at] as TrailingQueue).follow(at >> 1 === TriggerOn.last ? lastPrice : markPrice);
  }

  private enqueue(queues: readonly TrailingQueue[], slot: number): void {
    const { conditions } = this;
    this.queueOf(queues, slot).add(
      slot,
      conditions.extreme(slot),
      conditions.activationPrice(slot),
    );
  }

  /** One for each price that can be followed, and each side. */
  private newQueues(): readonly TrailingQueue[] {
    const move = (slot: number, price: number): void => this.move(slot, price);
    return [TriggerOn.last, TriggerOn.mark].flatMap(() =>
      [Side.buy, Side.sell].map((side) => new TrailingQueue(side, move)),
    );
  }

  private queueOf(queues: readonly TrailingQueue[], slot: number): TrailingQueue {
    const on = triggerOnOf(this.conditions.flags(slot));
    return queues[(on << 1) | this.conditions.side(slot)] as TrailingQueue;
  }

  /** A trailing stop gets the trigger that it has beside a price, which is the best for its owner so far. */
  private move(slot: number, price: number): void {
    const { conditions } = this;
    const distance = this.distance(slot, price);
    const isBuy = conditions.side(slot) === Side.buy;
    const trigger = isBuy ? Math.min(price + distance, MAX_INT32 - 1) : price - distance;
    conditions.setExtreme(slot, price);
    if (conditions.place(slot) === Place.waiting) this.book.takeDown(slot);
    conditions.setTriggerPrice(slot, Math.max(trigger, 0));
    if (trigger > 0) this.book.hang(slot);
  }

  private distance(slot: number, extreme: number): number {
    const offset = this.conditions.trailingOffset(slot);
    if (offset !== 0) return offset;
    // At most 2^31 × 10^4: exact in a double.
    return Math.max(1, Math.floor((extreme * this.conditions.trailingBasisPoints(slot)) / 10_000));
  }
}
