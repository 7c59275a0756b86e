import { triggerOnOf } from "../conditions/condition-layout.ts";
import { TriggerOn } from "../conditions/conditions.ts";
import { type ConditionStore, Place } from "../memory/condition-store.ts";
import type { OrderPool } from "../memory/order-pool.ts";
import { Side } from "../side.ts";
import { MAX_INT32 } from "../whole-number.ts";

/** Where a trailing stop stands when it has a trigger. */
export interface TriggerBook {
  hang(slot: number): void;
  takeDown(slot: number): void;
}

/** The trailing stops, whose triggers follow their market's price at a distance and never move back. */
export class TrailingOrders {
  private readonly orders: OrderPool;
  private readonly conditions: ConditionStore;
  private readonly book: TriggerBook;
  /** By the row of the market, oldest first. */
  private readonly byRow: Map<number, number[]> = new Map();
  /** The prices, last and mark, that those of a row have followed. */
  private readonly followed: Map<number, readonly [number, number]> = new Map();

  constructor(orders: OrderPool, conditions: ConditionStore, book: TriggerBook) {
    this.orders = orders;
    this.conditions = conditions;
    this.book = book;
  }

  add(slot: number): void {
    const row = this.conditions.row(slot);
    const slots = this.byRow.get(row) ?? [];
    this.followed.delete(row);
    slots.push(slot);
    slots.sort((one, other) => this.orders.id(one) - this.orders.id(other));
    this.byRow.set(row, slots);
    // Of a restored one, what it had learnt before.
    if (this.conditions.triggerPrice(slot) > 0) this.book.hang(slot);
  }

  remove(slot: number): void {
    const row = this.conditions.row(slot);
    const slots = (this.byRow.get(row) ?? []).filter((each) => each !== slot);
    if (slots.length === 0) this.byRow.delete(row);
    else this.byRow.set(row, slots);
  }

  /** Those that stand nowhere: their trigger cannot be reached. */
  asideOf(row: number): number[] {
    return (this.byRow.get(row) ?? []).filter(
      (slot) => this.conditions.place(slot) === Place.aside,
    );
  }

  follow(row: number, lastPrice: number, markPrice: number): void {
    const slots = this.byRow.get(row);
    if (slots === undefined) return;
    const followed = this.followed.get(row);
    if (followed?.[0] === lastPrice && followed[1] === markPrice) return;
    this.followed.set(row, [lastPrice, markPrice]);
    for (const slot of slots) {
      const on = triggerOnOf(this.conditions.flags(slot));
      const price = on === TriggerOn.last ? lastPrice : markPrice;
      if (price !== 0) this.followOne(slot, price);
    }
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
