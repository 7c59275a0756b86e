/**
 * Orders for any number of markets, the same for every contestant: first those that make the books, then those that are
 * measured. A command is six words of 32 bits, side by side as they are in the file (see `obw.ts`), because a million
 * objects would be a load on the collector that no contestant has caused.
 */
export interface Workload {
  /** Commands that make the books. They come first. */
  readonly setup: number;
  /** Commands that are measured. */
  readonly main: number;
  readonly symbols: number;
  readonly maxOrderId: number;
  /** Ticks; of all limits. */
  readonly minPrice: number;
  readonly maxPrice: number;
  readonly words: Int32Array;
}

export const WORDS = 6;

// The words of a command. The first is three bytes: what is asked, side, time in force (both as the engine's codes).
export const TERMS = 0;
/** From 0. */
export const SYMBOL = 1;
/** Given by whoever places the order, from 1, dense, never used again. */
export const ORDER_ID = 2;
/** Ticks; 0 of a market order and a cancel. */
export const PRICE = 3;
/** Lots; 0 of a cancel. */
export const QUANTITY = 4;

/** What is asked. A replacement cancels and enters the same id anew, at the end of the queue; it may trade. */
export const CommandType = { limit: 0, cancel: 1, market: 2, replace: 3 } as const;

export const termsOf = (type: number, side: number, timeInForce: number): number =>
  type | (side << 8) | (timeInForce << 16);

export const typeOf = (terms: number): number => terms & 0xff;

export const sideOf = (terms: number): number => (terms >>> 8) & 0xff;

export const timeInForceOf = (terms: number): number => (terms >>> 16) & 0xff;

/** Whether the command brings an order with a new id. */
export const entersOrder = (terms: number): boolean =>
  typeOf(terms) === CommandType.limit || typeOf(terms) === CommandType.market;

/** The largest quantity that is asked for, in lots. */
export const largestQuantity = ({ words }: Workload): number => {
  let largest = 0;
  for (let at = QUANTITY; at < words.length; at += WORDS) {
    largest = Math.max(largest, words[at] as number);
  }
  return largest;
};

/** The workload without what comes after so many of the commands to be measured. */
export const firstPart = (workload: Workload, main: number): Workload => ({
  ...workload,
  main,
  words: workload.words.subarray(0, (workload.setup + main) * WORDS),
});
