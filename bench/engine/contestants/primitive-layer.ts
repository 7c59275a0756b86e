import { type Engine, OrderType, TimeInForce } from "@pincex/engine";
import { TradeTally } from "../trade-tally.ts";
import {
  CommandType,
  ORDER_ID,
  PRICE,
  QUANTITY,
  SYMBOL,
  sideOf,
  TERMS,
  timeInForceOf,
  typeOf,
  WORDS,
  type Workload,
} from "../workload.ts";
import type { Attempt, Contestant } from "./contestant.ts";
import { ACCOUNT, engineFor, TradeReader } from "./engine-attempt.ts";

/** Ours as an embedder calls it: one method a command. The embedder keeps the ids that the engine gives. */
export const primitiveLayer: Contestant = {
  name: "@pincex/engine, primitives",
  isSlow: false,
  prepare: (workload) => () => new PrimitiveAttempt(workload),
};

// Members are `private` rather than `#` here: see `OrderBooks` in the engine.
class PrimitiveAttempt implements Attempt {
  readonly tally: TradeTally = new TradeTally();
  private readonly words: Int32Array;
  private readonly engine: Engine;
  private readonly engineIds: Int32Array;
  private readonly workloadIds: Int32Array;

  constructor(workload: Workload) {
    this.words = workload.words;
    this.engineIds = new Int32Array(workload.maxOrderId + 1);
    this.workloadIds = new Int32Array(workload.setup + workload.main + 1);
    this.engine = engineFor(workload, new TradeReader(this.tally, this.workloadIds));
  }

  perform(from: number, to: number): void {
    for (let at = from * WORDS; at < to * WORDS; at += WORDS) {
      const type = typeOf(this.words[at + TERMS] as number);
      if (type === CommandType.limit) this.placeLimit(at);
      else if (type === CommandType.market) this.placeMarket(at);
      else if (this.cancel(at) && type === CommandType.replace) this.placeLimit(at);
    }
  }

  private placeLimit(at: number): void {
    const { words } = this;
    const terms = words[at + TERMS] as number;
    this.awaitOrder(at);
    this.engineIds[words[at + ORDER_ID] as number] = this.engine.place(
      (words[at + SYMBOL] as number) + 1,
      ACCOUNT,
      sideOf(terms),
      OrderType.limit,
      timeInForceOf(terms),
      words[at + PRICE] as number,
      words[at + QUANTITY] as number,
      0,
    );
  }

  private placeMarket(at: number): void {
    const { words } = this;
    this.awaitOrder(at);
    this.engine.place(
      (words[at + SYMBOL] as number) + 1,
      ACCOUNT,
      sideOf(words[at + TERMS] as number),
      OrderType.market,
      TimeInForce.ioc,
      0,
      words[at + QUANTITY] as number,
      0,
    );
  }

  /** Trades are told before `place` answers with the id. */
  private awaitOrder(at: number): void {
    this.workloadIds[this.engine.nextOrderId] = this.words[at + ORDER_ID] as number;
  }

  private cancel(at: number): boolean {
    const market = (this.words[at + SYMBOL] as number) + 1;
    const orderId = this.engineIds[this.words[at + ORDER_ID] as number] as number;
    return this.engine.cancel(market, ACCOUNT, orderId);
  }
}
