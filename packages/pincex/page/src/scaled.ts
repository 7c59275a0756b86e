/** A decimal string as a whole number of its smallest steps: `"1.25"` at 2 decimals is 125. No float touches a price. */
export const parseScaled = (text: string, decimals: number): number => {
  const [whole = "0", fraction = ""] = text.split(".");
  return Number(whole + fraction.padEnd(decimals, "0").slice(0, decimals));
};

const grouped = (whole: string): string => whole.replace(/\B(?=(\d{3})+$)/g, ",");

/** The number of steps as people read it: 6501234 at 2 decimals is `"65,012.34"`. */
export const formatScaled = (value: number, decimals: number): string => {
  const digits = String(Math.abs(value)).padStart(decimals + 1, "0");
  const whole = grouped(digits.slice(0, digits.length - decimals));
  const fraction = decimals === 0 ? "" : `.${digits.slice(-decimals)}`;
  return `${value < 0 ? "−" : ""}${whole}${fraction}`;
};

/** How many decimals a step such as `"0.00100000"` leaves: 3. */
export const decimalsOf = (step: string): number => {
  const fraction = step.replace(/0+$/, "").split(".")[1] ?? "";
  return fraction.length;
};

const COMPACT_STEPS = [
  [1e12, "T"],
  [1e9, "B"],
  [1e6, "M"],
  [1e3, "K"],
] as const;

/** A volume in four digits, for display only: `"12345678.9"` is `"12.35M"`. */
export const compact = (text: string): string => {
  const value = Number(text);
  const step = COMPACT_STEPS.find(([size]) => value >= size * 0.99995);
  if (step === undefined) return value >= 100 ? value.toFixed(1) : value.toFixed(3);
  const shown = value / step[0];
  return `${shown.toFixed(shown >= 100 ? 1 : 2)}${step[1]}`;
};
