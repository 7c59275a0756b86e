import { pegOf } from "../conditions/condition-layout.ts";
import { Peg } from "../conditions/conditions.ts";
import { type ConditionStore, Place } from "../memory/condition-store.ts";
import type { MarketTable } from "../memory/market-table.ts";
import type { OrderPool } from "../memory/order-pool.ts";
import type { PriceLevels } from "../memory/price-levels.ts";
import { Side } from "../side.ts";
import { type PegTerms, peggedPrice } from "./pegged-price.ts";

/**
 * What has to be known of a pegged order to see where it should stand: beside each other, because all of a market's are looked through
 * time after time, and the orders' own records are far apart.
 */
export interface PeggedOrder extends PegTerms {
  readonly slot: number;
  /** Which of the best shown prices it follows: `BID`, `ASK` or `BOTH`. */
  readonly follows: number;
  /** Ticks; 0: nowhere. */
  standsAt: number;
}

/** A market's pegged orders, and how far they have been looked through beside the best shown prices. */
interface Followers {
  /** Oldest first. */
  readonly orders: PeggedOrder[];
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
  private readonly byRow: Map<number, Followers> = new Map();

  constructor(orders: OrderPool, conditions: ConditionStore, hidden: PriceLevels) {
    this.orders = orders;
    this.conditions = conditions;
    this.hidden = hidden;
  }

  add(row: number, slot: number): void {
    const followers = this.followersOf(row);
    const { orders } = followers;
    const id = this.orders.id(slot);
    let at = orders.length;
    // One that its list has called for is older than others that have been looked at.
    while (at > 0 && this.orders.id((orders[at - 1] as PeggedOrder).slot) > id) at -= 1;
    orders.splice(at, 0, this.known(row, slot));
    followers.settled = Math.min(followers.settled, at);
    followers.moved = BOTH;
  }

  /** It need not be there: one that waits for its list is not. */
  remove(row: number, slot: number): void {
    const followers = this.byRow.get(row);
    const at = followers?.orders.findIndex((order) => order.slot === slot) ?? -1;
    if (followers === undefined || at < 0) return;
    followers.orders.splice(at, 1);
    if (at < followers.settled) followers.settled -= 1;
  }

  hasAny(row: number): boolean {
    return this.of(row).length > 0;
  }

  /** Those that have no price now. */
  asideOf(row: number): number[] {
    return this.of(row)
      .filter(({ standsAt }) => standsAt === 0)
      .map(({ slot }) => slot);
  }

  /** What has been looked at has to be looked at again. */
  unsettle(row: number): void {
    const followers = this.byRow.get(row);
    if (followers === undefined) return;
    followers.settled = 0;
    followers.moved = BOTH;
  }

  /**
   * The first that does not stand where it should beside the best shown prices, and counts as one that does from now on. `undefined` if all
   * do.
   */
  firstMisplaced(
    row: number,
    bid: number,
    ask: number,
    markets: MarketTable,
  ): PeggedOrder | undefined {
    const followers = this.byRow.get(row);
    if (followers === undefined) return undefined;
    compare(followers, bid, ask);
    const { orders, moved } = followers;
    while (followers.settled < orders.length) {
      const order = orders[followers.settled] as PeggedOrder;
      followers.settled += 1;
      if ((order.follows & moved) === 0) continue;
      if (peggedPrice(order, bid, ask, markets) !== order.standsAt) return order;
    }
    followers.moved = 0;
    return undefined;
  }

  private of(row: number): readonly PeggedOrder[] {
    return this.byRow.get(row)?.orders ?? [];
  }

  private followersOf(row: number): Followers {
    const there = this.byRow.get(row);
    if (there !== undefined) return there;
    const followers = { orders: [], bid: 0, ask: 0, settled: 0, moved: 0 };
    this.byRow.set(row, followers);
    return followers;
  }

  private known(row: number, slot: number): PeggedOrder {
    const { conditions } = this;
    const side = conditions.side(slot);
    const peg = pegOf(conditions.flags(slot));
    const isHidden = conditions.place(slot) === Place.hidden;
    return {
      slot,
      row,
      side,
      peg,
      pegOffset: conditions.pegOffset(slot),
      limit: conditions.price(slot),
      follows: followedBy(side, peg),
      standsAt: isHidden ? this.hidden.price(this.orders.level(slot)) : 0,
    };
  }
}

/** Notes which of the best shown prices have moved since the orders were looked at. */
const compare = (followers: Followers, bid: number, ask: number): void => {
  const moved = (followers.bid === bid ? 0 : BID) | (followers.ask === ask ? 0 : ASK);
  if (moved === 0) return;
  followers.bid = bid;
  followers.ask = ask;
  followers.settled = 0;
  followers.moved |= moved;
};

const followedBy = (side: number, peg: number): number => {
  if (peg === Peg.mid) return BOTH;
  return (side === Side.buy) === (peg === Peg.primary) ? BID : ASK;
};
