import type { BookLevel } from "../../engine.ts";
import type { PhaseName } from "../../phases/phase.ts";
import type { SideName } from "../../side.ts";
import type { Allocation } from "./allocation.ts";
import { byRank, type Order, type Wait } from "./order.ts";
import type { MarketRules } from "./price-increments.ts";
import type { Protection } from "./protection.ts";
import type { Uncrossing } from "./uncrossing.ts";

/** A market as the reference engine keeps it. */
export interface Market {
  /** As they are now. */
  rules: MarketRules;
  protection: Protection;
  phase: PhaseName;
  allocation: Allocation;
  /** Ticks; 0 before the first trade. */
  lastPrice: number;
  /** Ticks; 0 before it is set. */
  markPrice: number;
  /** Ticks; 0 unless it is set. */
  referencePrice: number;
  /** What its last `indicative` said. */
  told: Uncrossing;
}

/** All orders that rest, wait or are pending, in one array, and whatever can be asked about them. */
export class Orders {
  #all: Order[] = [];

  add(order: Order): void {
    this.#all.push(order);
  }

  remove(order: Order): void {
    this.#all = this.#all.filter((each) => each !== order);
  }

  /** By id. */
  get all(): Order[] {
    return [...this.#all].sort((one, other) => one.orderId - other.orderId);
  }

  of(market: number): Order[] {
    return this.all.filter((order) => order.market === market);
  }

  /** Those of a market that wait for something. */
  waiting(market: number, wait: Wait): Order[] {
    return this.of(market).filter(
      ({ state, waitsFor }) => state === "waiting" && waitsFor === wait,
    );
  }

  pending(market: number): Order[] {
    return this.of(market).filter(({ state }) => state === "pending");
  }

  resting(market: number): Order[] {
    return this.of(market).filter(({ state }) => state === "resting");
  }

  /** Who would trade first comes first. */
  inRank(market: number, side: SideName): Order[] {
    return this.resting(market)
      .filter((order) => order.side === side)
      .sort(byRank);
  }

  /** Those that everybody sees. */
  shown(market: number, side: SideName): Order[] {
    return this.inRank(market, side).filter(({ shown }) => shown > 0);
  }

  level(market: number, side: SideName, price: number): BookLevel {
    const orders = this.shown(market, side).filter((order) => order.price === price);
    const quantity = orders.reduce((sum, { shown }) => sum + shown, 0);
    return { price, quantity, orders: orders.length };
  }

  /** Best level first. */
  depth(market: number, side: SideName): BookLevel[] {
    const prices = new Set(this.shown(market, side).map(({ price }) => price));
    return [...prices].map((price) => this.level(market, side, price));
  }

  /** The other orders of its list that are still there, by id. */
  othersOfList(order: Order): Order[] {
    return this.all.filter(
      (other) => order.list !== undefined && other.list === order.list && other !== order,
    );
  }

  isOpen(order: Order): boolean {
    return this.#all.includes(order);
  }

  withClientOrderId(name: {
    market: number;
    account: number;
    clientOrderId: number;
  }): Order | undefined {
    return this.#all.find(
      ({ market, account, conditions }) =>
        market === name.market &&
        account === name.account &&
        conditions.clientOrderId === name.clientOrderId,
    );
  }

  named(name: { market: number; account: number; orderId: number }): Order | undefined {
    return this.#all.find(
      ({ market, account, orderId }) =>
        market === name.market && account === name.account && orderId === name.orderId,
    );
  }
}
