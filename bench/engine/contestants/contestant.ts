import type { TradeTally } from "../trade-tally.ts";
import type { Workload } from "../workload.ts";

/** Books in which nothing has happened yet, and what they trade. */
export interface Attempt {
  readonly tally: TradeTally;
  /** Processes the workload's commands from one number up to, not including, another. */
  perform(from: number, to: number): void;
}

/** An engine or a package of order books. */
export interface Contestant {
  readonly name: string;
  /** So much slower than the others that it gets the first part of the commands only. */
  readonly isSlow: boolean;
  /** Does beforehand what is not the contestant's own work; what it answers with begins anew each time it is called. */
  prepare(workload: Workload): () => Attempt;
}
