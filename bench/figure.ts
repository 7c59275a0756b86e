/** One measured figure, as it is printed: a JSON line. */
interface Figure {
  /** Group and name, such as "engine/mixed". */
  readonly bench: string;
  readonly ours: number;
  readonly unit: string;
  /** What ours is compared with, in the same run. */
  readonly peer: string;
  readonly theirs: number;
  /** ours ÷ theirs. */
  readonly ratio: number;
  readonly note: string;
}

/** What one contestant has done, as it is printed: a JSON line. What all must share stands beside what they compete in. */
export interface ContestantLine {
  /** Group and workload, such as "engine/mixed". */
  readonly bench: string;
  readonly contestant: string;
  /** How many commands the trades are of, not counting those that made the books. The last of them were measured. */
  readonly commands: number;
  readonly opsPerSecond: number;
  readonly trades: number;
  /** Lots. */
  readonly volume: number;
  /** Of every trade's maker, taker, price and quantity, in sequence. */
  readonly checksum: string;
  /** On the heap; `null` if it was not measured. */
  readonly bytesPerOperation: number | null;
  /** Nanoseconds of single commands, the clock's own share (`timer`) included; `null` if they were not measured. */
  readonly latencyNs: {
    readonly p50: number;
    readonly p99: number;
    readonly p999: number;
    readonly p9999: number;
    readonly max: number;
    readonly timer: number;
  } | null;
}

/** Prints a line. */
export type Print = (line: Figure | ContestantLine) => void;

/** How a group of benches is run. */
export interface BenchOptions {
  /** A quick look: fewer operations and rounds. */
  readonly short: boolean;
  /** How often every contestant has its turn; the group's own number if undefined. Of the engine only. */
  readonly rounds?: number | undefined;
  /** Files to measure instead of what is generated. Of the engine only. */
  readonly workloads?: readonly string[];
}

/** Whoever started the bench has to change something: shown as a sentence, without a stack. */
export class Refusal extends Error {}
