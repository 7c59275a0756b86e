import { pegOf } from "../conditions/condition-layout.ts";
import { Peg } from "../conditions/conditions.ts";
import { type ConditionStore, Place } from "../memory/condition-store.ts";
import type { MarketTable } from "../memory/market-table.ts";
import type { OrderPool } from "../memory/order-pool.ts";
import { OrdersByRow } from "../memory/orders-by-row.ts";
import type { PriceLevels } from "../memory/price-levels.ts";
import { Side } from "../side.ts";
import { peggedPrice } from "./pegged-price.ts";

/** How far a market's pegged orders have been looked through beside the best shown prices. */
interface Look {
  bid: number;
  ask: number;
  /** So many, the oldest, stand where they should. */
  settled: number;
  /** What of the others may not: those that follow a price that has moved. Bits: `BID`, `ASK`. */
  moved: number;
}

const BID = 1;
const ASK = 2;
const BOTH = 3;

/**
 * The orders whose prices follow the best shown ones, wherever they stand. After each command those are looked at that follow a price which has
 * moved since they were looked at last; what is done does not depend on that.
 */
export class PeggedOrders {
  private readonly orders: OrderPool;
  private readonly conditions: ConditionStore;
  private readonly hidden: PriceLevels;
  private readonly byRow: OrdersByRow;
  private readonly looks: Map<number, Look> = new Map();
  /** Ticks: where the order that was found misplaced last should stand; 0: nowhere. */
  target = 0;

  constructor(orders: OrderPool, conditions: ConditionStore, hidden: PriceLevels) {
    this.orders = orders;
    this.conditions = conditions;
    this.hidden = hidden;
    this.byRow = new OrdersByRow(orders);
  }

  add(row: number, slot: number): void {
    const at = this.byRow.add(row, slot);
    const look = this.lookOf(row);
    look.moved = BOTH;
    // One that its list has called for is older than others that have been looked at.
    look.settled = Math.min(look.settled, at);
  }

  remove(row: number, slot: number): void {
    const at = this.byRow.remove(row, slot);
    if (at < 0) return;
    const look = this.lookOf(row);
    if (at < look.settled) look.settled -= 1;
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
    const look = this.lookOf(row);
    look.settled = 0;
    look.moved = BOTH;
  }

  /** Whether all are known to stand where they should beside the best shown prices. */
  areSettled(row: number, bid: number, ask: number): boolean {
    const look = this.lookOf(row);
    return look.bid === bid && look.ask === ask && look.settled === this.of(row).length;
  }

  /**
   * The first that does not stand where it should beside the best shown prices, and counts as one that does from now on; 0 if all do.
   * Where it should stand is in `target`.
   */
  firstMisplaced(row: number, bid: number, ask: number, markets: MarketTable): number {
    const look = this.lookBeside(row, bid, ask);
    const slots = this.of(row);
    while (look.settled < slots.length) {
      const slot = slots[look.settled] as number;
      look.settled += 1;
      if ((this.followedBy(slot) & look.moved) === 0) continue;
      this.target = this.targetOf(slot, bid, ask, markets);
      if (this.target !== this.standsAt(slot)) return slot;
    }
    look.moved = 0;
    return 0;
  }

  private lookBeside(row: number, bid: number, ask: number): Look {
    const look = this.lookOf(row);
    const moved = (look.bid === bid ? 0 : BID) | (look.ask === ask ? 0 : ASK);
    if (moved === 0) return look;
    look.bid = bid;
    look.ask = ask;
    look.settled = 0;
    look.moved |= moved;
    return look;
  }

  private lookOf(row: number): Look {
    const there = this.looks.get(row);
    if (there !== undefined) return there;
    const look: Look = { bid: 0, ask: 0, settled: 0, moved: BOTH };
    this.looks.set(row, look);
    return look;
  }

  /** Which of the best shown prices an order follows. */
  private followedBy(slot: number): number {
    const peg = pegOf(this.conditions.flags(slot));
    if (peg === Peg.mid) return BOTH;
    const isBuy = this.conditions.side(slot) === Side.buy;
    return isBuy === (peg === Peg.primary) ? BID : ASK;
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
