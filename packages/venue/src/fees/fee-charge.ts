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
 * charged.
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
export const chargeFee = (received: bigint, ratePpm: number, overpaidPpm: number): FeeCharge => {
  const product = Number(received) * ratePpm;
  if (product <= Number.MAX_SAFE_INTEGER) return chargeSmallFee(product - overpaidPpm);
  const { amount, carried } = roundFee(TRADE, received, ratePpm, BigInt(overpaidPpm));
  return { fee: amount, overpaidPpm: Number(carried) };
};

/** The same rule without a bigint: nearly every fee. */
const chargeSmallFee = (owedPpm: number): FeeCharge => {
  if (owedPpm <= 0) return { fee: 0n, overpaidPpm: -owedPpm };
  // The remainder is exact where the quotient of two doubles may not be.
  const beyondWhole = owedPpm % PPM;
  const whole = (owedPpm - beyondWhole) / PPM;
  if (beyondWhole === 0) return { fee: BigInt(whole), overpaidPpm: 0 };
  return { fee: BigInt(whole + 1), overpaidPpm: PPM - beyondWhole };
};
