import type { EngineCommand } from "../../commands/command.ts";
import type { OpenOrder } from "../../open-order.ts";
import type { PhaseName } from "../../phases/phase.ts";
import { MARKETS } from "../order-flow.ts";
import { ReferenceEngine, type Refusal } from "../reference-engine.ts";
import { priceOf } from "./scale.ts";

/**
 * Where a flow has come to. A flow is made as it goes, so that whoever names an order mostly names one that is open, and times
 * are to come.
 */
export class Situation {
  readonly #engine: ReferenceEngine;
  readonly #lowest: number;

  /** `lowest` is the price of level 0 in the main market. */
  constructor(lowest: number, refuse: Refusal) {
    this.#engine = new ReferenceEngine(refuse);
    this.#lowest = lowest;
    for (const market of MARKETS) this.#engine.process(market);
  }

  follow(command: EngineCommand): void {
    this.#engine.process(command);
  }

  price(market: number, level: number): number {
    return priceOf(market, level, this.#lowest);
  }

  /** One of a market's open orders, or of those that rest: the fraction of them, from 0 to 1, that come before it. */
  openOrder(market: number, fraction: number, rests: boolean): OpenOrder | undefined {
    const orders = this.#engine
      .openOrders(market)
      .filter(({ state }) => !rests || state === "resting");
    return orders[Math.floor(fraction * orders.length)];
  }

  phase(market: number): PhaseName {
    return this.#engine.phase(market) ?? "open";
  }

  get time(): number {
    return this.#engine.time;
  }
}

/** Something that somebody wants to do, whatever the situation. */
export type Intent = (now: Situation) => EngineCommand;
