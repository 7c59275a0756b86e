import { Side } from "@pincex/engine";
import type { TradeTally } from "../trade-tally.ts";

interface ObjectsOrder {
  readonly id: number;
  readonly side: number;
  readonly price: number;
  remaining: number;
}

/** One side: queues by price, and the prices sorted, best last. */
class ObjectsSide {
  readonly queues: Map<number, ObjectsOrder[]> = new Map();
  readonly prices: number[] = [];
  /** 1 where the highest price is the best, −1 where the lowest is. */
  readonly #direction: number;

  constructor(side: number) {
    this.#direction = side === Side.buy ? 1 : -1;
  }

  add(order: ObjectsOrder): void {
    const queue = this.queues.get(order.price);
    if (queue !== undefined) {
      queue.push(order);
      return;
    }
    this.queues.set(order.price, [order]);
    this.prices.splice(this.#placeOf(order.price), 0, order.price);
  }

  remove(order: ObjectsOrder): void {
    const queue = this.queues.get(order.price) as ObjectsOrder[];
    queue.splice(queue.indexOf(order), 1);
    if (queue.length > 0) return;
    this.queues.delete(order.price);
    this.prices.splice(this.#placeOf(order.price), 1);
  }

  /** How many prices are worse. */
  #placeOf(price: number): number {
    let low = 0;
    let high = this.prices.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (((this.prices[middle] as number) - price) * this.#direction < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The order book that one writes on an afternoon: an object an order, a Map of queues, a sorted array of prices. */
export class ObjectsBook {
  readonly #tally: TradeTally;
  readonly #sides: readonly ObjectsSide[] = [new ObjectsSide(Side.buy), new ObjectsSide(Side.sell)];
  readonly #orders: Map<number, ObjectsOrder> = new Map();

  constructor(tally: TradeTally) {
    this.#tally = tally;
  }

  /** What is left rests if it may. */
  limit(id: number, side: number, price: number, quantity: number, mayRest: boolean): void {
    const remaining = this.#match(id, side, price, quantity);
    if (remaining === 0 || !mayRest) return;
    const order = { id, side, price, remaining };
    this.#orders.set(id, order);
    (this.#sides[side] as ObjectsSide).add(order);
  }

  market(id: number, side: number, quantity: number): void {
    this.#match(id, side, side === Side.buy ? Number.POSITIVE_INFINITY : 0, quantity);
  }

  cancel(id: number): boolean {
    const order = this.#orders.get(id);
    if (order === undefined) return false;
    this.#orders.delete(id);
    (this.#sides[order.side] as ObjectsSide).remove(order);
    return true;
  }

  /** Answers with what is left. */
  #match(takerId: number, side: number, limit: number, quantity: number): number {
    const { prices, queues } = this.#sides[1 - side] as ObjectsSide;
    let remaining = quantity;
    while (remaining > 0 && prices.length > 0) {
      const price = prices[prices.length - 1] as number;
      if (side === Side.buy ? price > limit : price < limit) break;
      const queue = queues.get(price) as ObjectsOrder[];
      remaining = this.#matchQueue(queue, takerId, remaining);
      if (queue.length > 0) continue;
      queues.delete(price);
      prices.pop();
    }
    return remaining;
  }

  #matchQueue(queue: ObjectsOrder[], takerId: number, quantity: number): number {
    let remaining = quantity;
    while (remaining > 0 && queue.length > 0) {
      const maker = queue[0] as ObjectsOrder;
      const filled = Math.min(remaining, maker.remaining);
      remaining -= filled;
      maker.remaining -= filled;
      this.#tally.trade(maker.id, takerId, maker.price, filled);
      if (maker.remaining > 0) continue;
      queue.shift();
      this.#orders.delete(maker.id);
    }
    return remaining;
  }
}
