import type { BookRow, BookSnapshot } from "./market-feed.ts";

/** A step of a depth chart: what could be traded up to a price, all better levels included. */
export interface DepthPoint {
  /** In ticks. */
  readonly price: number;
  /** In lots; exact below 2^53. */
  readonly quantity: number;
  /** What it would cost or bring, in ticks × lots. */
  readonly notional: bigint;
}

/** Both sides of a depth chart, each from the best price on. */
export interface DepthChart {
  readonly bids: readonly DepthPoint[];
  readonly asks: readonly DepthPoint[];
}

/**
 * The steps of a book's depth chart: one for each level that the snapshot has.
 *
 * @example
 * ```ts
 * import { depthChart } from "@pincex/market-data";
 *
 * const { bids } = depthChart({ updateId: 3, bids: [[99, 4], [98, 1]], asks: [] });
 * bids[1]; // => { price: 98, quantity: 5, notional: 494n }
 * ```
 */
export const depthChart = ({ bids, asks }: BookSnapshot): DepthChart => ({
  bids: pointsOf(bids),
  asks: pointsOf(asks),
});

const pointsOf = (rows: readonly BookRow[]): DepthPoint[] => {
  let quantity = 0;
  let notional = 0n;
  return rows.map(([price, lots]) => {
    quantity += lots;
    notional += BigInt(price) * BigInt(lots);
    return { price, quantity, notional };
  });
};
