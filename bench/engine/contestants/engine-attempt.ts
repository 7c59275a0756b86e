import { Engine, type EngineHandler, EventKind, type EventRegister } from "@pincex/engine";
import type { TradeTally } from "../trade-tally.ts";
import { largestQuantity, type Workload } from "../workload.ts";

/** Everything is placed for one account. */
export const ACCOUNT = 1;

/** Reads every trade of an engine, whose ids it has to translate into the workload's. */
export class TradeReader implements EngineHandler {
  readonly tally: TradeTally;
  /** The workload's ids by the engine's. */
  readonly workloadIds: Int32Array;

  constructor(tally: TradeTally, workloadIds: Int32Array) {
    this.tally = tally;
    this.workloadIds = workloadIds;
  }

  event(event: EventRegister): void {
    if (event.kind !== EventKind.trade) return;
    this.tally.trade(
      this.workloadIds[event.makerOrderId] as number,
      this.workloadIds[event.takerOrderId] as number,
      event.price,
      event.quantity,
    );
  }
}

/** An engine with the workload's markets: symbol 0 is market 1. */
export const engineFor = (workload: Workload, handler: EngineHandler): Engine => {
  const { symbols, setup, maxPrice } = workload;
  const engine = new Engine({ handler, capacity: { markets: symbols, orders: setup } });
  const maxQuantity = largestQuantity(workload);
  for (let market = 1; market <= symbols; market += 1) {
    if (engine.addMarket(market, maxPrice, maxQuantity, 1, 1, 1, 0)) continue;
    throw new RangeError(
      `expected prices and quantities whose product is below 2^53, was ${maxPrice} × ${maxQuantity}`,
    );
  }
  return engine;
};
