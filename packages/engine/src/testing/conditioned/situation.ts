import type { EngineCommand, PriceBand } from "../../commands/command.ts";
import type { OpenOrder } from "../../open-order.ts";
import type { PhaseName } from "../../phases/phase.ts";
import { MARKETS } from "../order-flow.ts";
import { ReferenceEngine, type Refusal, type Withdrawal } from "../reference-engine.ts";
import { priceOf } from "./scale.ts";

/**
 * Where a flow has come to. A flow is made as it goes, so that whoever names an order mostly names one that is open, and times
 * are to come.
 */
export class Situation {
  readonly #engine: ReferenceEngine;
  readonly #lowest: number;
  readonly #bands: Map<number, readonly PriceBand[]> = new Map();

  /** `lowest` is the price of level 0 in the main market. */
  constructor(
    lowest: number,
    { refuse, withdraw }: { readonly refuse: Refusal; readonly withdraw: Withdrawal },
  ) {
    this.#engine = new ReferenceEngine(refuse, withdraw);
    this.#lowest = lowest;
    for (const market of MARKETS) this.#engine.process(market);
  }

  follow(command: EngineCommand): void {
    for (const event of this.#engine.process(command)) {
      if (event.kind === "price_increments_set") this.#bands.set(event.market, event.bands);
    }
  }

  /** The price of a level; in a band of prices with another increment the next one below it that is a multiple. */
  price(market: number, level: number): number {
    const price = priceOf(market, level, this.#lowest);
    const { increment = 1 } = this.#bands.get(market)?.findLast(({ from }) => from <= price) ?? {};
    return Math.max(1, price - (price % increment));
  }

  /** One of a market's open orders, or of those that rest: the fraction of them, from 0 to 1, that come before it. */
  openOrder(market: number, fraction: number, rests: boolean): OpenOrder | undefined {
    const orders = this.#engine
      .openOrders(market)
      .filter(({ state }) => !rests || state === "resting");
    return orders[Math.floor(fraction * orders.length)];
  }

  /** One of a market's open orders that have a name of their owner's: the fraction of them, from 0 to 1, that come before it. */
  namedOrder(market: number, fraction: number): OpenOrder | undefined {
    const orders = this.#engine.openOrders(market).filter(({ clientOrderId }) => clientOrderId > 0);
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
