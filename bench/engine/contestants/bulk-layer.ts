import type { Engine } from "@pincex/engine";
import { TradeTally } from "../trade-tally.ts";
import type { Workload } from "../workload.ts";
import type { Attempt, Contestant } from "./contestant.ts";
import { engineFor, TradeReader } from "./engine-attempt.ts";
import { type EngineCommands, engineCommands, typedCommands } from "./engine-commands.ts";

/** Ours as a journal or a replay uses it: encoded commands in bulk, every event written and handed to a handler. */
export const bulkLayer: Contestant = bulk("@pincex/engine, bulk", engineCommands);

/** The same with all types of orders, which no other contestant has. */
export const typedLayer: Contestant = bulk("@pincex/engine, bulk, all types", typedCommands);

function bulk(name: string, encoded: (workload: Workload) => EngineCommands): Contestant {
  return {
    name,
    isSlow: false,
    prepare: (workload) => {
      const commands = encoded(workload);
      return () => {
        const tally = new TradeTally();
        const engine = engineFor(workload, new TradeReader(tally, commands.workloadIds));
        return new BulkAttempt(engine, commands, tally);
      };
    },
  };
}

class BulkAttempt implements Attempt {
  readonly tally: TradeTally;
  readonly #engine: Engine;
  readonly #commands: EngineCommands;

  constructor(engine: Engine, commands: EngineCommands, tally: TradeTally) {
    this.#engine = engine;
    this.#commands = commands;
    this.tally = tally;
  }

  perform(from: number, to: number): void {
    const { views, offsets } = this.#commands;
    this.#engine.processAll(views, offsets[from] as number, offsets[to] as number);
  }
}
