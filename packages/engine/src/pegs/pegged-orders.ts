import { pegOf } from "../conditions/condition-layout.ts";
import { type ConditionStore, Place } from "../memory/condition-store.ts";
import type { MarketTable } from "../memory/market-table.ts";
import type { OrderPool } from "../memory/order-pool.ts";
import { OrdersByRow } from "../memory/orders-by-row.ts";
import type { PriceLevels } from "../memory/price-levels.ts";
import { peggedPrice } from "./pegged-price.ts";

/** How far a market's pegged orders have been looked through: up to an id, beside these best shown prices, all stand where they should. */
interface Settled {
  readonly bid: number;
  readonly ask: number;
  readonly upTo: number;
}

/** A pegged order that does not stand where it should. */
export interface Misplaced {
  readonly slot: number;
  /** Ticks: where it should; 0: nowhere. */
  readonly price: number;
}

/** The orders whose prices follow the best shown ones, wherever they stand. */
export class PeggedOrders {
  private readonly orders: OrderPool;
  private readonly conditions: ConditionStore;
  private readonly hidden: PriceLevels;
  private readonly byRow: OrdersByRow;
  /** By row. Saves looking at all of them after each command; what is done does not depend on it. */
  private readonly settled: Map<number, Settled> = new Map();

  constructor(orders: OrderPool, conditions: ConditionStore, hidden: PriceLevels) {
    this.orders = orders;
    this.conditions = conditions;
    this.hidden = hidden;
    this.byRow = new OrdersByRow(orders);
  }

  add(row: number, slot: number): void {
    this.byRow.add(row, slot);
    const settled = this.settled.get(row);
    // One that its list has called for is older than others that have been looked at.
    if (settled !== undefined && this.orders.id(slot) < settled.upTo) this.unsettle(row);
  }

  remove(row: number, slot: number): void {
    this.byRow.remove(row, slot);
  }

  of(row: number): readonly number[] {
    return this.byRow.of(row);
  }

  /** Those that have no price now. */
  asideOf(row: number): number[] {
    return this.of(row).filter((slot) => this.conditions.place(slot) === Place.aside);
  }

  /** What has been looked at has to be looked at again. */
  unsettle(row: number): void {
    this.settled.delete(row);
  }

  /** The first that does not stand where it should beside the best shown prices, and counts as one that does from now on. */
  firstMisplaced(
    row: number,
    bid: number,
    ask: number,
    markets: MarketTable,
  ): Misplaced | undefined {
    const before = this.settled.get(row);
    const isSame = before !== undefined && before.bid === bid && before.ask === ask;
    const from = isSame ? before.upTo : 0;
    let upTo = from;
    let misplaced: Misplaced | undefined;
    const slots = this.of(row);
    for (let at = this.byRow.youngerThan(row, from); at < slots.length; at += 1) {
      const slot = slots[at] as number;
      upTo = this.orders.id(slot);
      const price = this.targetOf(slot, bid, ask, markets);
      if (price === this.standsAt(slot)) continue;
      misplaced = { slot, price };
      break;
    }
    if (!isSame || upTo !== from) this.settled.set(row, { bid, ask, upTo });
    return misplaced;
  }

  private targetOf(slot: number, bid: number, ask: number, markets: MarketTable): number {
    const { conditions } = this;
    const terms = {
      row: conditions.row(slot),
      side: conditions.side(slot),
      peg: pegOf(conditions.flags(slot)),
      pegOffset: conditions.pegOffset(slot),
      limit: conditions.price(slot),
    };
    return peggedPrice(terms, bid, ask, markets);
  }

  private standsAt(slot: number): number {
    if (this.conditions.place(slot) !== Place.hidden) return 0;
    return this.hidden.price(this.orders.level(slot));
  }
}
