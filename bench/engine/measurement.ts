import { bytesPerCommand } from "./allocation.ts";
import type { Attempt, Contestant } from "./contestants/contestant.ts";
import { type Latency, latencyOf } from "./latency.ts";
import { secondsOf } from "./stopwatch.ts";
import type { Workload } from "./workload.ts";

/** What to measure of a contestant. */
export interface Measure {
  /** Commands in each pass. Passes follow one another in the same books while there are enough commands. */
  readonly commands: number;
  /** How many passes are measured, after one that is not, for the compiler. */
  readonly passes: number;
  /** Whether latency and allocation are measured, too. */
  readonly isDetailed: boolean;
}

/** What came of the first commands after those that make the books. */
export interface Traded {
  readonly commands: number;
  readonly trades: number;
  /** Lots. */
  readonly volume: number;
  readonly checksum: string;
}

export interface Measurement extends Traded {
  /** Of each pass. */
  readonly seconds: readonly number[];
  readonly bytesPerOperation: number | null;
  readonly latencyNs: Latency | null;
}

/** Allocation hardly varies, so that it does not need every command. */
const ALLOCATION_COMMANDS = 200_000;

export const measured = async (
  contestant: Contestant,
  workload: Workload,
  { commands, passes, isDetailed }: Measure,
): Promise<Measurement> => {
  const books = new Books(workload, contestant);
  books.pass(commands, (attempt, from, to) => attempt.perform(from, to));
  const seconds: number[] = [];
  for (let pass = 0; pass < passes; pass += 1) {
    books.pass(commands, (attempt, from, to) => {
      globalThis.gc?.();
      seconds.push(secondsOf(() => attempt.perform(from, to)));
    });
  }
  const traded = books.traded();
  const latencyNs = isDetailed ? books.pass(commands, latencyOf) : null;
  const few = Math.min(commands, ALLOCATION_COMMANDS);
  const bytesPerOperation = isDetailed ? await books.pass(few, bytesPerCommand) : null;
  return { ...traded, seconds, bytesPerOperation, latencyNs };
};

/** What a contestant trades on a whole workload. */
export const tradedOn = (workload: Workload, contestant: Contestant): Traded => {
  const books = new Books(workload, contestant);
  books.pass(workload.main, (attempt, from, to) => attempt.perform(from, to));
  return books.traded();
};

/** A contestant's books, and how far they have come. */
class Books {
  readonly #workload: Workload;
  readonly #start: () => Attempt;
  #attempt: Attempt;
  #done = 0;

  constructor(workload: Workload, contestant: Contestant) {
    this.#workload = workload;
    this.#start = contestant.prepare(workload);
    this.#attempt = this.#made();
  }

  /** Does something with the next commands, or with the first in new books if there are not so many left. */
  pass<Result>(
    count: number,
    work: (attempt: Attempt, from: number, to: number) => Result,
  ): Result {
    const { setup, main } = this.#workload;
    if (this.#done + count > main) this.#attempt = this.#made();
    const from = setup + this.#done;
    this.#done += count;
    return work(this.#attempt, from, from + count);
  }

  traded(): Traded {
    const { trades, volume, checksum } = this.#attempt.tally;
    return { commands: this.#done, trades, volume, checksum };
  }

  #made(): Attempt {
    const attempt = this.#start();
    attempt.perform(0, this.#workload.setup);
    this.#done = 0;
    return attempt;
  }
}
