import { triggerOf, triggerOnOf } from "../conditions/condition-layout.ts";
import { Trigger, TriggerOn } from "../conditions/conditions.ts";
import { type ConditionStore, Place } from "../memory/condition-store.ts";
import type { OrderPool } from "../memory/order-pool.ts";
import { PriceLevels } from "../memory/price-levels.ts";
import { Side } from "../side.ts";
import { TrailingOrders } from "./trailing-orders.ts";

/** What an order waits for: that its price falls to its trigger, or rises to it. */
const FALL = 0;
const RISE = 1;

/**
 * The orders that wait for a price, in books of their own: for each market one of those that wait for the last trade's
 * price and one of those that wait for the mark price, each with a side for a fall and one for a rise. As among buys the
 * highest is best, the highest trigger of a fall is reached first; as among sells the lowest, the lowest of a rise.
 */
export class WaitingOrders {
  private readonly orders: OrderPool;
  private readonly conditions: ConditionStore;
  private readonly levels: PriceLevels;
  private readonly trailing: TrailingOrders;

  constructor(orders: OrderPool, conditions: ConditionStore, markets: number) {
    this.orders = orders;
    this.conditions = conditions;
    this.levels = new PriceLevels(orders, { levels: 1, markets: markets * 2 + 1 });
    this.trailing = new TrailingOrders(conditions, this);
  }

  /** Makes room for the market in a row. */
  addBook(row: number): void {
    this.levels.addBook(row * 2 + 1);
  }

  /** An order begins to wait; a trailing stop first has to learn its trigger. */
  add(slot: number): void {
    if (triggerOf(this.conditions.flags(slot)) === Trigger.trailing_stop) this.trailing.add(slot);
    else this.hang(slot);
  }

  remove(slot: number): void {
    if (triggerOf(this.conditions.flags(slot)) === Trigger.trailing_stop)
      this.trailing.remove(slot);
    if (this.conditions.place(slot) === Place.waiting) this.takeDown(slot);
  }

  /** Has the trailing stops of a market follow its prices. */
  follow(row: number, lastPrice: number, markPrice: number): void {
    this.trailing.follow(row, lastPrice, markPrice);
  }

  /** The order that these prices trigger first; 0 if they trigger none. */
  due(row: number, lastPrice: number, markPrice: number): number {
    return this.dueOn(row, TriggerOn.last, lastPrice) || this.dueOn(row, TriggerOn.mark, markPrice);
  }

  /** The slots of the waiting orders of a market, in no order that matters. */
  ordersOf(row: number): number[] {
    const slots = this.trailing.asideOf(row);
    for (const on of [TriggerOn.last, TriggerOn.mark]) {
      for (const direction of [FALL, RISE]) {
        let level = this.levels.best(sideOf(row, on, direction));
        for (; level !== 0; level = this.levels.worse(level)) {
          for (let slot = this.levels.first(level); slot !== 0; slot = this.orders.next(slot)) {
            slots.push(slot);
          }
        }
      }
    }
    return slots;
  }

  /** Puts an order at its trigger price, by its id. */
  hang(slot: number): void {
    const { conditions } = this;
    const on = triggerOnOf(conditions.flags(slot));
    const side = sideOf(conditions.row(slot), on, this.directionOf(slot));
    this.levels.joinById(this.levels.obtain(side, conditions.triggerPrice(slot)), slot);
    conditions.setPlace(slot, Place.waiting);
  }

  /** Takes an order away from its trigger price. */
  takeDown(slot: number): void {
    const level = this.orders.level(slot);
    this.levels.leave(level, slot);
    this.levels.removeIfEmpty(level);
    this.conditions.setPlace(slot, Place.aside);
  }

  private dueOn(row: number, on: number, price: number): number {
    if (price === 0) return 0;
    const { levels } = this;
    const rise = sideOf(row, on, RISE);
    if (levels.isWithin(rise, price)) return levels.first(levels.best(rise));
    const fall = sideOf(row, on, FALL);
    if (levels.isWithin(fall, price)) return levels.first(levels.best(fall));
    return 0;
  }

  /** A stop follows the price to where it hurts, a take-profit waits for where it pays. */
  private directionOf(slot: number): number {
    const isTakeProfit = triggerOf(this.conditions.flags(slot)) === Trigger.take_profit;
    const isBuy = this.conditions.side(slot) === Side.buy;
    return isBuy === isTakeProfit ? FALL : RISE;
  }
}

/** The name of a side in the books of those that wait: two rows for each market's, one for each price. */
const sideOf = (row: number, on: number, direction: number): number =>
  (row << 2) | (on << 1) | direction;
