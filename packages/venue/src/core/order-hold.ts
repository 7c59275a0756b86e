import { Side } from "@pincex/engine";

/** What turns a market's ticks and lots into smallest units. */
export interface MarketUnits {
  readonly lotUnits: bigint;
  readonly tickLotUnits: bigint;
  readonly quantityIncrement: number;
}

/**
 * What an order reserves: the worst that can still happen to it, in smallest units of what it gives.
 *
 * A buy gives quote: its limit (a market order: its worst acceptable price) times what is open, or what is left of its
 * budget. A sell gives base: what is open. A sell by quote quantity gives the most lots that its budget can take at its
 * worst price. Fees need nothing here: they are taken from what is received.
 *
 * Each fill lowers it by at least what the fill gives, since no fill is at a worse price; the difference is the price
 * improvement, free at once.
 */
export const neededHold = (
  side: number,
  price: number,
  remaining: number,
  budget: number,
  units: MarketUnits,
): bigint => {
  if (side === Side.buy) {
    return BigInt(budget > 0 ? budget : price * remaining) * units.tickLotUnits;
  }
  return BigInt(budget > 0 ? mostLots(budget, price, units) : remaining) * units.lotUnits;
};

/** Whether an order's worst case is known before it trades. */
export const isBounded = (side: number, price: number, byQuote: boolean): boolean =>
  price > 0 || (side === Side.buy ? byQuote : !byQuote);

const mostLots = (budget: number, price: number, { quantityIncrement }: MarketUnits): number => {
  const lots = Math.floor(budget / price);
  return lots - (lots % quantityIncrement);
};
