import { selfTradeOf } from "../conditions/condition-layout.ts";
import { SelfTrade } from "../conditions/conditions.ts";
import type { ConditionStore } from "../memory/condition-store.ts";
import type { OrderPool } from "../memory/order-pool.ts";
import { bookSide, PriceLevels, priceKey } from "../memory/price-levels.ts";
import { Side } from "../side.ts";

/**
 * The orders that wait until all of them can trade, by their limits: only those whose limit reaches the best price of the other side
 * need a look.
 */
export class AllOrNoneOrders {
  private readonly orders: OrderPool;
  private readonly conditions: ConditionStore;
  private readonly levels: PriceLevels;
  /** How many of them don't trade with their own. */
  private preventing = 0;

  constructor(orders: OrderPool, conditions: ConditionStore, markets: number) {
    this.orders = orders;
    this.conditions = conditions;
    this.levels = new PriceLevels(orders, { levels: 1, markets });
  }

  /** Makes room for the market in a row. */
  addBook(row: number): void {
    this.levels.addBook(row);
  }

  add(slot: number): void {
    const { conditions } = this;
    const side = bookSide(conditions.row(slot), conditions.side(slot));
    this.levels.join(this.levels.obtain(side, conditions.price(slot)), slot);
    if (selfTradeOf(conditions.flags(slot)) !== SelfTrade.none) this.preventing += 1;
  }

  remove(slot: number): void {
    if (selfTradeOf(this.conditions.flags(slot)) !== SelfTrade.none) this.preventing -= 1;
    const level = this.orders.level(slot);
    this.levels.leave(level, slot);
    this.levels.removeIfEmpty(level);
  }

  hasAny(row: number): boolean {
    return (
      this.levels.best(bookSide(row, Side.buy)) !== 0 ||
      this.levels.best(bookSide(row, Side.sell)) !== 0
    );
  }

  /** Those of a market, in no order that matters. */
  of(row: number): number[] {
    return [...this.reaching(row, Side.buy, 1), ...this.reaching(row, Side.sell, MOST)];
  }

  /** Whether a plain order that comes to rest, where they have all been looked at, is one that any of them could trade with. */
  mayTakeFrom(row: number, side: number, price: number): boolean {
    return this.levels.isWithin(bookSide(row, 1 - side), price);
  }

  /** Whether an order that goes can have been in the way of any of them: only its owner's. */
  mayBeFreed(): boolean {
    return this.preventing > 0;
  }

  /** Whether a buy's limit is at the ask or above, or a sell's at the bid or below; 0 is no price. */
  anyReaches(row: number, bid: number, ask: number): boolean {
    const { levels } = this;
    return (
      (ask !== 0 && levels.isWithin(bookSide(row, Side.buy), ask)) ||
      (bid !== 0 && levels.isWithin(bookSide(row, Side.sell), bid))
    );
  }

  /** Those of a side whose limit is at a price or beyond, in no order that matters. */
  private reaching(row: number, side: number, price: number): number[] {
    const slots: number[] = [];
    this.visit(row, side, price, (slot) => slots.push(slot));
    return slots;
  }

  /** Visits those of a side whose limit is at a price or beyond; 0 is no price. */
  visit(row: number, side: number, price: number, visitor: (slot: number) => void): void {
    const name = bookSide(row, side);
    if (price === 0) return;
    const worst = priceKey(name, price);
    let level = this.levels.best(name);
    for (; level !== 0 && this.levels.key(level) >= worst; level = this.levels.worse(level)) {
      for (let slot = this.levels.first(level); slot !== 0; slot = this.orders.next(slot))
        visitor(slot);
    }
  }
}

/** No price is above it. */
const MOST = 0x7fff_fffe;
