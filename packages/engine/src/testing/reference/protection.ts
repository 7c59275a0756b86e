import type { ChangeMarket } from "../../commands/command.ts";

/** What protects a market, as the last change has it. */
export type Protection = Pick<
  ChangeMarket,
  "collarBasisPoints" | "bandBasisPoints" | "onBreach" | "maxOpenOrders"
>;

/** What of a market says which prices are too far away. */
interface ProtectedMarket {
  readonly protection: Protection;
  /** Ticks; 0 unless it is set. */
  readonly referencePrice: number;
  /** Ticks; 0 before the first trade. */
  readonly lastPrice: number;
}

export const UNPROTECTED: Protection = {
  collarBasisPoints: 0,
  bandBasisPoints: 0,
  onBreach: "expire",
  maxOpenOrders: 0,
};

export const isProtected = ({ protection }: ProtectedMarket): boolean =>
  protection.collarBasisPoints > 0 ||
  protection.bandBasisPoints > 0 ||
  protection.maxOpenOrders > 0;

export const isOutsideCollar = (price: number, market: ProtectedMarket): boolean =>
  isTooFar(price, referenceOf(market), market.protection.collarBasisPoints);

/** Which prices are outside the band, for as long as one order trades: its own trades don't move it. */
export const bandOf = (market: ProtectedMarket): ((price: number) => boolean) => {
  const reference = referenceOf(market);
  const { bandBasisPoints } = market.protection;
  return (price) => isTooFar(price, reference, bandBasisPoints);
};

const referenceOf = ({ referencePrice, lastPrice }: ProtectedMarket): number =>
  referencePrice === 0 ? lastPrice : referencePrice;

const isTooFar = (price: number, reference: number, basisPoints: number): boolean => {
  if (reference === 0 || basisPoints === 0) return false;
  const furthest = BigInt(reference) * BigInt(basisPoints);
  const distance = (BigInt(price) - BigInt(reference)) * 10_000n;
  return distance > furthest || -distance > furthest;
};
