/** How many decimals an outside market's prices and quantities have: what makes whole numbers of them. */
export interface SourceScale {
  /** 0 to 15. A price of 61837.63 with two decimals is 6183763. */
  readonly priceDecimals: number;
  /** 0 to 15. */
  readonly quantityDecimals: number;
}

/** An outside market, as its exchange names it. */
export interface SourceMarket extends SourceScale {
  /** "BTCUSDT", "XBT/USD". */
  readonly symbol: string;
}

const DECIMAL = /^(\d+)(?:\.(\d+))?(?:e([+-]?\d{1,3}))?$/i;

/**
 * A decimal as a count of units of its last decimal place, exactly; undefined for what is no decimal from 0 on, or has more
 * decimals than it should.
 *
 * A number is taken for the shortest decimal that it stands for: of a JSON number with up to 15 digits, the one that was sent.
 */
export const bigUnitsOf = (value: unknown, decimals: number): bigint | undefined => {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const [, whole, fraction = "", exponent = "0"] = DECIMAL.exec(String(value)) ?? [];
  if (whole === undefined) return undefined;
  const shift = decimals - fraction.length + Number(exponent);
  const digits = BigInt(whole + fraction);
  if (shift >= 0) return digits * 10n ** BigInt(shift);
  const divisor = 10n ** BigInt(-shift);
  return digits % divisor === 0n ? digits / divisor : undefined;
};

/** The same below 2^53; undefined beyond. */
export const unitsOf = (value: unknown, decimals: number): number | undefined => {
  const units = bigUnitsOf(value, decimals);
  return units === undefined || units > BigInt(Number.MAX_SAFE_INTEGER) ? undefined : Number(units);
};
