import type { AccountKind } from "./account.ts";
import { type RoundedPart, type RoundingDirection, roundNext } from "./rounding.ts";

/** Which way each party of an entry is rounded, and which kind of account gets what is left over. */
export interface EntryRounding {
  readonly payer: RoundingDirection;
  readonly payee: RoundingDirection;
  /** What is charged. */
  readonly fee: RoundingDirection;
  /** What is given back of a fee. */
  readonly rebate: RoundingDirection;
  readonly dust: AccountKind;
}

/** A kind of entry, with the rule by which its amounts are made whole. */
export interface EntryType {
  /** The `kind` of its entries. */
  readonly kind: string;
  readonly rounding: EntryRounding;
}

/**
 * A trade, cumulative per order: who pays pays the fraction, who is paid waits for it, and what is between them is dust.
 *
 * So the dust account never falls below zero, and what an order's hold was made for is never exceeded.
 */
export const TRADE: EntryType = {
  kind: "trade",
  rounding: { payer: "up", payee: "down", fee: "up", rebate: "down", dust: "rounding" },
};

/** What payer and payee have been rounded by so far: the `carried` of the last move, nothing at the beginning. */
export interface CarriedByParties {
  readonly payer: bigint;
  readonly payee: bigint;
}

/** An exact move in whole units. */
export interface RoundedMove {
  readonly paid: bigint;
  readonly received: bigint;
  /**
   * What was paid and not received: the posting to the account of kind `rounding.dust`, so that the entry shows it. It may be
   * less than nothing when a payee gets what it waited for; over all moves it is never.
   */
  readonly dust: bigint;
  readonly carried: CarriedByParties;
}

/**
 * Makes an exact move whole for both parties, each on its own account of fractions.
 *
 * @example
 * // 1.5 units from an order that has paid nothing yet to one that waits for half a unit
 * roundMove(TRADE, 15n, 10n, { payer: 0n, payee: 5n });
 * // { paid: 2n, received: 2n, dust: 0n, carried: { payer: 5n, payee: 0n } }
 */
export const roundMove = (
  { rounding }: EntryType,
  exact: bigint,
  scale: bigint,
  carried: CarriedByParties,
): RoundedMove => {
  const payer = roundNext(rounding.payer, exact, scale, carried.payer);
  const payee = roundNext(rounding.payee, exact, scale, carried.payee);
  return {
    paid: payer.amount,
    received: payee.amount,
    dust: payer.amount - payee.amount,
    carried: { payer: payer.carried, payee: payee.carried },
  };
};

/** A fee's or a rebate's rate is in millionths. */
const PPM = 1_000_000n;

/**
 * The next part of an order's fee (or rebate) on what the order receives, in whole units of that.
 *
 * `ratePpm` is in millionths, 0 to 1,000,000, and may differ from part to part. No fee is above what it is taken from.
 *
 * @example
 * const first = roundFee(TRADE, 1_500n, 1_000, 0n); // 1.5 units owed: { amount: 2n, carried: 500000n }
 * roundFee(TRADE, 1_500n, 1_000, first.carried); // 3 owed in all: { amount: 1n, carried: 0n }
 */
export const roundFee = (
  { rounding }: EntryType,
  received: bigint,
  ratePpm: number,
  carried: bigint,
  party: "fee" | "rebate" = "fee",
): RoundedPart => {
  if (!Number.isInteger(ratePpm) || ratePpm < 0 || ratePpm > Number(PPM)) {
    throw new RangeError(`expected a rate of 0 to ${PPM} millionths, was ${ratePpm}`);
  }
  return roundNext(rounding[party], received * BigInt(ratePpm), PPM, carried);
};
