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
  }

  remove(slot: number): void {
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
