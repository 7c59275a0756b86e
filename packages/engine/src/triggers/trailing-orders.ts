import { triggerOnOf } from "../conditions/condition-layout.ts";
import { TriggerOn } from "../conditions/conditions.ts";
import { invariant } from "../invariant.ts";
import { type ConditionStore, Place } from "../memory/condition-store.ts";
import { Side } from "../side.ts";
import { MAX_INT32 } from "../whole-number.ts";

/** Where a trailing stop stands when it has a trigger. */
export interface TriggerBook {
  hang(slot: number): void;
  takeDown(slot: number): void;
}

/** The trailing stops of a market. */
interface Trailing {
  readonly slots: number[];
  /** Those of them that have come since the prices were followed last. */
  readonly fresh: number[];
  /** Between which last prices none of them moves, and between which mark prices. */
  readonly still: readonly [Still, Still];
}

/** The prices, in ticks, from the lowest to the highest at which those that follow them stay as they are: none, if the lowest is above the highest. */
interface Still {
  lowest: number;
  highest: number;
}

/**
 * The trailing stops, whose triggers follow their market's price at a distance and never move back.
 *
 * Most trades move none of them, because the price has been there since they began. How far it may go until one moves is found when they are
 * looked through, so that they are looked through only then.
 */
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
    const trailing = this.byRow.get(row) ?? {
      slots: [],
      fresh: [],
      still: [everywhere(), everywhere()],
    };
    trailing.slots.push(slot);
    trailing.fresh.push(slot);
    this.byRow.set(row, trailing);
    // Of a restored one, what it had learnt before.
    if (this.conditions.triggerPrice(slot) > 0) this.book.hang(slot);
  }

  /** The others may move no sooner than before. */
  remove(slot: number): void {
    const row = this.conditions.row(slot);
    const trailing = this.byRow.get(row);
    invariant(trailing !== undefined, "a trailing stop is among those of its market");
    leave(trailing.slots, slot);
    leave(trailing.fresh, slot);
    if (trailing.slots.length === 0) this.byRow.delete(row);
  }

  /** Those that stand nowhere: their trigger cannot be reached. In no order that matters. */
  asideOf(row: number): number[] {
    return (this.byRow.get(row)?.slots ?? []).filter(
      (slot) => this.conditions.place(slot) === Place.aside,
    );
  }

  /** Prices that are 0 are none. */
  follow(row: number, lastPrice: number, markPrice: number): void {
    const trailing = this.byRow.get(row);
    if (trailing === undefined) return;
    const { fresh, still } = trailing;
    for (let slot = fresh.pop(); slot !== undefined; slot = fresh.pop())
      this.begin(still, slot, lastPrice, markPrice);
    if (!isStill(still[TriggerOn.last], lastPrice)) this.move(trailing, TriggerOn.last, lastPrice);
    if (!isStill(still[TriggerOn.mark], markPrice)) this.move(trailing, TriggerOn.mark, markPrice);
  }

  /** Has one that has come follow its price, too. */
  private begin(
    still: Trailing["still"],
    slot: number,
    lastPrice: number,
    markPrice: number,
  ): void {
    const isOnLast = triggerOnOf(this.conditions.flags(slot)) === TriggerOn.last;
    const price = isOnLast ? lastPrice : markPrice;
    const range = still[isOnLast ? TriggerOn.last : TriggerOn.mark];
    if (price === 0) {
      forget(range);
      return;
    }
    this.followOne(slot, price);
    this.narrow(range, slot);
  }

  /** Has those that follow one of the prices follow it, and learns how far it may go until the next moves. */
  private move({ slots, still }: Trailing, on: 0 | 1, price: number): void {
    const { conditions } = this;
    const range = still[on];
    range.lowest = 1;
    range.highest = MAX_INT32;
    for (const slot of slots) {
      if (triggerOnOf(conditions.flags(slot)) !== on) continue;
      this.followOne(slot, price);
      this.narrow(range, slot);
    }
  }

  /** Leaves of a range the prices at which an order, which has followed, stays as it is. */
  private narrow(range: Still, slot: number): void {
    const { conditions } = this;
    const isBuy = conditions.side(slot) === Side.buy;
    const extreme = conditions.extreme(slot);
    const activation = conditions.activationPrice(slot);
    // Up to its extreme it stays; at its activation price it begins.
    if (isBuy) range.lowest = Math.max(range.lowest, extreme || activation + 1);
    else range.highest = Math.min(range.highest, extreme || activation - 1);
  }

  private followOne(slot: number, price: number): void {
    const { conditions } = this;
    const isBuy = conditions.side(slot) === Side.buy;
    const before = conditions.extreme(slot);
    if (before === 0 && !this.begins(slot, price, isBuy)) return;
    if (before !== 0 && (isBuy ? price >= before : price <= before)) return;
    conditions.setExtreme(slot, price);
    const distance = this.distance(slot, price);
    const trigger = isBuy ? Math.min(price + distance, MAX_INT32 - 1) : price - distance;
    if (conditions.place(slot) === Place.waiting) this.book.takeDown(slot);
    conditions.setTriggerPrice(slot, Math.max(trigger, 0));
    if (trigger > 0) this.book.hang(slot);
  }

  private begins(slot: number, price: number, isBuy: boolean): boolean {
    const activation = this.conditions.activationPrice(slot);
    if (activation === 0) return true;
    return isBuy ? price <= activation : price >= activation;
  }

  private distance(slot: number, extreme: number): number {
    const offset = this.conditions.trailingOffset(slot);
    if (offset !== 0) return offset;
    // At most 2^31 × 10^4: exact in a double.
    return Math.max(1, Math.floor((extreme * this.conditions.trailingBasisPoints(slot)) / 10_000));
  }
}

/** Of no orders. */
const everywhere = (): Still => ({ lowest: 1, highest: MAX_INT32 });

/** Takes an order out of those of a market, if it is there. */
const leave = (slots: number[], slot: number): void => {
  const at = slots.indexOf(slot);
  if (at < 0) return;
  slots[at] = slots[slots.length - 1] as number;
  slots.pop();
};

/** Whatever the price will be, somebody may move. */
const forget = (still: Still): void => {
  still.lowest = MAX_INT32;
  still.highest = 0;
};

/** Whether none of those that follow a price moves; they don't follow none. */
const isStill = ({ lowest, highest }: Still, price: number): boolean =>
  price === 0 || (price >= lowest && price <= highest);
