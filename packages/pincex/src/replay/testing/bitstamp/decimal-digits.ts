/**
 * A decimal string as a whole number of its smallest unit: "236.47" with 2 decimals is 23647. NaN if the text is anything
 * else, has more decimals, or is more than a double holds exactly. The digits are moved, not multiplied: none is lost.
 */
export const exactUnits = (text: string, decimals: number): number => {
  const [, whole, fraction = ""] = /^(\d{1,9})(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === undefined || fraction.length > decimals) return Number.NaN;
  return exact(BigInt(whole + fraction.padEnd(decimals, "0")));
};

/**
 * The same for a number that went through a double before it was written, with 17 digits and perhaps an exponent:
 * "236.00999999999999" with 2 decimals is 23601. Nearer to it than a thousandth of the unit, or it is NaN.
 */
export const nearestUnits = (text: string, decimals: number): number => {
  const match = /^(\d{1,9})(?:\.(\d{1,20}))?(?:[eE]-(\d{1,2}))?$/.exec(text);
  if (match === null) return Number.NaN;
  const [, whole = "", fraction = "", exponent = "0"] = match;
  const digits = BigInt(whole + fraction);
  const surplus = fraction.length + Number(exponent) - decimals;
  if (surplus <= 0) return exact(digits * 10n ** BigInt(-surplus));
  const unit = 10n ** BigInt(surplus);
  const units = (digits + unit / 2n) / unit;
  const off = digits - units * unit;
  return (off < 0n ? -off : off) * 1_000n < unit ? exact(units) : Number.NaN;
};

const exact = (units: bigint): number =>
  units <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(units) : Number.NaN;
