import { roundFee, TRADE } from "@pincex/ledger";

/** A fee rate's unit: a fee of 1,000,000 ppm is all that was received. */
export const PPM = 1_000_000;

/** What one fill is charged, and what that leaves the order with. */
export interface FeeCharge {
  readonly fee: bigint;
  /** What the order has paid beyond its exact fee so far, in millionths of a smallest unit: 0 to 999,999. */
  readonly overpaidPpm: number;
}

/**
 * The fee of one fill, by the ledger's rule for trades: what the order owes in total, rounded up once, less what it has been
 * charged. A rate below zero is a rebate: what the order is owed in total, rounded down once, less what it has been paid.
 *
 * The fees of an order's fills so add up to the fee on their sum, however it was split, and never exceed what was
 * received. Because the total is rounded up, an order has always paid less than one smallest unit too much; that
 * fraction is all that needs to be remembered from fill to fill.
 *
 * @example
 * ```ts
 * const first = chargeFee(1_500n, 1_000, 0); // 1.5 units owed: 2 charged
 * const second = chargeFee(1_500n, 1_000, first.overpaidPpm); // 3 owed in total: 1 charged
 * ```
 */
export const chargeFee = (amount: bigint, ratePpm: number, overpaidPpm: number): FeeCharge => {
  const product = Number(amount) * ratePpm;
  if (Math.abs(product) <= LARGEST_PRODUCT) return chargeSmallFee(product - overpaidPpm);
  const carried = BigInt(overpaidPpm);
  const rounded =
    ratePpm < 0
      ? roundFee(TRADE, amount, -ratePpm, carried, "rebate")
      : roundFee(TRADE, amount, ratePpm, carried);
  const fee = ratePpm < 0 ? -rounded.amount : rounded.amount;
  return { fee, overpaidPpm: Number(rounded.carried) };
};

/** What is owed of it, less or plus a fraction, is exact. */
const LARGEST_PRODUCT = Number.MAX_SAFE_INTEGER - PPM;

/** The same rule without a bigint: nearly every fee. */
const chargeSmallFee = (owedPpm: number): FeeCharge => {
  // The remainder is exact where the quotient of two doubles may not be.
  const beyondWhole = owedPpm % PPM;
  const whole = (owedPpm - beyondWhole) / PPM;
  if (beyondWhole > 0) return { fee: BigInt(whole + 1), overpaidPpm: PPM - beyondWhole };
  // Of a zero that is negative, too, nothing is carried.
  return { fee: BigInt(whole), overpaidPpm: beyondWhole === 0 ? 0 : -beyondWhole };
};
