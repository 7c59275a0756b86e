/** A decimal number as whole units of a power of ten: units / 10^decimals. */
export interface DecimalRatio {
  readonly units: bigint;
  readonly decimals: number;
}

const DIGITS_LIMIT = 60;

/** Digits, and optionally a point and digits: no sign, no exponent, no needless zeros in front. */
export const decimalRatio = (text: string): DecimalRatio | undefined => {
  const parts = text.length > DIGITS_LIMIT ? null : /^(0|[1-9]\d*)(?:\.(\d+))?$/.exec(text);
  if (parts === null) return undefined;
  const [, whole = "", fraction = ""] = parts;
  return { units: BigInt(whole + fraction), decimals: fraction.length };
};

export const powerOfTen = (exponent: number): bigint => 10n ** BigInt(exponent);

/** The quotient as a decimal text without needless zeros, or undefined where it has no end. */
export const decimalText = (dividend: bigint, divisor: bigint): string | undefined => {
  for (let decimals = 0; decimals <= DIGITS_LIMIT; decimals++) {
    const scaled = dividend * powerOfTen(decimals);
    if (scaled % divisor !== 0n) continue;
    const digits = (scaled / divisor).toString().padStart(decimals + 1, "0");
    const point = digits.length - decimals;
    return decimals === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
  }
  return undefined;
};
