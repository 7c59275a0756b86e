/** One measured figure, as it is printed: a JSON line. */
export interface Figure {
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

/** Prints a figure. */
export type Print = (figure: Figure) => void;

/** How a group of benches is run. */
export interface BenchOptions {
  /** A quick look: fewer operations and rounds. */
  readonly short: boolean;
}
