/** What follows when an order would trade at a price outside its market's band. */
export const OnBreach = {
  /** What is left of the order ends. */
  expire: 0,
  /** What is left rests if it may; the market is halted. */
  halt: 1,
  /** What is left rests if it may; the market collects orders for an auction. */
  auction: 2,
} as const;
export type OnBreachName = keyof typeof OnBreach;

/** How a market protects itself from prices far away and from too many orders. */
export interface Protection {
  /** How far a limit order's price may be from the reference price, in hundredths of a per cent of it; 0: anywhere. */
  readonly collarBasisPoints: number;
  /** How far from the reference price a trade's price may be, in hundredths of a per cent of it; 0: anywhere. */
  readonly bandBasisPoints: number;
  /** One of `OnBreach`. */
  readonly onBreach: number;
  /** Orders of one account that rest or wait in the market; 0: any number. */
  readonly maxOpenOrders: number;
}

export const NO_PROTECTION: Protection = {
  collarBasisPoints: 0,
  bandBasisPoints: 0,
  onBreach: OnBreach.expire,
  maxOpenOrders: 0,
};

/** Whether anything is protected: what to do on a breach is nothing by itself. */
export const protects = (protection: Protection): boolean =>
  protection.collarBasisPoints !== 0 ||
  protection.bandBasisPoints !== 0 ||
  protection.maxOpenOrders !== 0;

/** The widest distance: a hundred times the price. Times a price it stays below 2^53. */
export const MOST_DISTANCE = 1_000_000;

/** Whether a price is further from a reference price than so many basis points of it. A distance or a reference of 0 is none. */
export const isTooFar = (price: number, reference: number, basisPoints: number): boolean =>
  reference !== 0 &&
  basisPoints !== 0 &&
  Math.abs(price - reference) * 10_000 > reference * basisPoints;
