/** Amounts stay on both sides of zero below 2^127, so that they fit into a record's 16 bytes. */
export const AMOUNT_LIMIT: bigint = 2n ** 127n;

/** The most decimals that an asset may have. */
export const DECIMALS_LIMIT = 36;

/** An amount was read, or the reason why it can't be. */
export type ParsedAmount =
  | { readonly ok: true; readonly amount: bigint }
  | {
      readonly ok: false;
      readonly code: "decimal_malformed" | "decimal_too_precise" | "decimal_out_of_range";
    };

const NEGATIVE_LIMIT = -AMOUNT_LIMIT;

export const isAmountInRange = (amount: bigint): boolean =>
  amount < AMOUNT_LIMIT && amount > NEGATIVE_LIMIT;

/** Throws a `TypeError` for what isn't a bigint: money is never a float. */
export const assertAmount = (amount: bigint): void => {
  if (typeof amount === "bigint") return;
  throw new TypeError(`expected an amount as bigint, was ${typeof amount} ${amount}`);
};

/** Nobody writes a longer amount by mistake, and longer texts take ever longer to read. */
const TEXT_LIMIT = 128;

/**
 * Reads a decimal text as a whole number of smallest units, exactly.
 *
 * The text is an optional minus, digits without needless zeros in front, and optionally a point with digits after it: no plus, no
 * exponent, no spaces. Digits beyond `decimals` (0 to 36) must be zeros, because nothing is rounded silently.
 *
 * @example
 * parseAmount("0.015", 8); // { ok: true, amount: 1500000n }
 * parseAmount("0.015", 2); // { ok: false, code: "decimal_too_precise" }
 */
export const parseAmount = (text: string, decimals: number): ParsedAmount => {
  assertDecimals(decimals);
  const parts = text.length > TEXT_LIMIT ? null : /^(-?)(0|[1-9]\d*)(?:\.(\d+))?$/.exec(text);
  if (parts === null) return { ok: false, code: "decimal_malformed" };
  const [, minus = "", whole = "", fraction = ""] = parts;
  if (/[1-9]/.test(fraction.slice(decimals))) return { ok: false, code: "decimal_too_precise" };
  const magnitude = BigInt(whole + fraction.slice(0, decimals).padEnd(decimals, "0"));
  if (magnitude >= AMOUNT_LIMIT) return { ok: false, code: "decimal_out_of_range" };
  return { ok: true, amount: minus === "" ? magnitude : -magnitude };
};

/**
 * Writes smallest units as a decimal text, always with all of the asset's decimals, so that columns line up and no reader
 * guesses a tolerance from a shortened figure.
 *
 * @example
 * formatAmount(1500000n, 8); // "0.01500000"
 */
export const formatAmount = (amount: bigint, decimals: number): string => {
  assertDecimals(decimals);
  const digits = (amount < 0n ? -amount : amount).toString().padStart(decimals + 1, "0");
  const point = digits.length - decimals;
  const minus = amount < 0n ? "-" : "";
  return decimals === 0
    ? minus + digits
    : `${minus}${digits.slice(0, point)}.${digits.slice(point)}`;
};

const assertDecimals = (decimals: number): void => {
  if (Number.isInteger(decimals) && decimals >= 0 && decimals <= DECIMALS_LIMIT) return;
  throw new RangeError(`expected 0 to ${DECIMALS_LIMIT} decimals, was ${decimals}`);
};
