import type { EngineCommand } from "../commands/command.ts";
import { type BookLevel, Engine, type RestingOrder } from "../engine.ts";
import type { EngineEvent } from "../events/event.ts";
import { EventKind } from "../events/event-layout.ts";
import type { OpenOrder } from "../open-order.ts";
import { Side, type SideName } from "../side.ts";
import { EventLog } from "./event-log.ts";
import { ReferenceEngine, type Refusal, type Withdrawal } from "./reference-engine.ts";

/** What a story needs of an engine, the slow one or the fast one. */
export interface ToldEngine {
  process(command: EngineCommand): EngineEvent[];
  depth(market: number, side: SideName): BookLevel[];
  restingOrders(market: number, side: SideName): RestingOrder[];
  openOrders(market: number): OpenOrder[];
  lastPrice(market: number): number;
}

/** An engine whose Admission port answers as it is told. */
export type MakesEngine = (refuse?: Refusal, withdraw?: Withdrawal) => ToldEngine;

/** Both engines: what one does, the other must. */
export const BOTH_ENGINES: readonly [name: string, makes: MakesEngine][] = [
  ["the slow engine", (refuse, withdraw) => new ReferenceEngine(refuse, withdraw)],
  ["the fast engine", (refuse, withdraw) => new FastEngine(refuse, withdraw)],
];

/** The fast engine, spoken to as the slow one is; it checks its invariants after every command. */
class FastEngine implements ToldEngine {
  readonly #log: EventLog = new EventLog();
  readonly #engine: Engine;

  constructor(refuse: Refusal = () => 0, withdraw: Withdrawal = () => undefined) {
    this.#engine = new Engine({
      handler: this.#log,
      admission: {
        admit: ({ account, quantity, kind }, list) =>
          refuse({ account, quantity: kind === EventKind.repegged ? 0 : quantity }, list),
        withdraw,
      },
    });
  }

  process(command: EngineCommand): EngineEvent[] {
    this.#engine.perform(command);
    this.#engine.checkInvariants();
    return this.#log.take();
  }

  depth(market: number, side: SideName): BookLevel[] {
    return this.#engine.depth(market, Side[side]);
  }

  restingOrders(market: number, side: SideName): RestingOrder[] {
    return [...this.#engine.restingOrders(market, Side[side])];
  }

  openOrders(market: number): OpenOrder[] {
    return this.#engine.openOrders(market);
  }

  lastPrice(market: number): number {
    return this.#engine.lastPrice(market);
  }
}
