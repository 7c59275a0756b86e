/** Where a command writes: `process.stdout` and `process.stderr` fit. */
export interface Output {
  write(text: string): unknown;
  /** Whether somebody watches. */
  readonly isTTY?: boolean;
}

/** The two streams of a command. */
export interface Outputs {
  readonly stdout: Output;
  readonly stderr: Output;
}
