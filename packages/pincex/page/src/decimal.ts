/** A decimal number without rounding: `units` of 10^−`scale`. */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

const GRAMMAR = /^(?:0|[1-9][0-9]{0,19})(?:\.([0-9]{1,36}))?$/;

/** The number in a text as the API takes it, such as "0.10"; undefined if it is none. */
export const parseDecimal = (text: string): Decimal | undefined => {
  const found = GRAMMAR.exec(text);
  if (found === null) return undefined;
  return { units: BigInt(text.replace(".", "")), scale: found[1]?.length ?? 0 };
};

/** A number that the exchange has sent. */
export const decimal = (text: string): Decimal => {
  const parsed = parseDecimal(text);
  if (parsed === undefined) throw new TypeError(`expected a decimal number, was "${text}"`);
  return parsed;
};

const unitsAt = ({ units, scale }: Decimal, wanted: number): bigint =>
  units * 10n ** BigInt(wanted - scale);

const aligned = (one: Decimal, other: Decimal): [bigint, bigint, number] => {
  const scale = Math.max(one.scale, other.scale);
  return [unitsAt(one, scale), unitsAt(other, scale), scale];
};

/** Less than 0, 0 or more than 0, as the first is less than, equal to or more than the second. */
export const compare = (one: Decimal, other: Decimal): number => {
  const [first, second] = aligned(one, other);
  return first < second ? -1 : first > second ? 1 : 0;
};

export const isPositive = ({ units }: Decimal): boolean => units > 0n;

export const multiply = (one: Decimal, other: Decimal): Decimal => ({
  units: one.units * other.units,
  scale: one.scale + other.scale,
});

export const subtract = (one: Decimal, other: Decimal): Decimal => {
  const [first, second, scale] = aligned(one, other);
  return { units: first - second, scale };
};

export const isMultipleOf = (value: Decimal, step: Decimal): boolean => {
  const [units, stepUnits] = aligned(value, step);
  return units % stepUnits === 0n;
};

/** The greatest multiple of the step that is at most the value, or the least that is at least it. */
export const toStep = (value: Decimal, step: Decimal, rounding: "down" | "up"): Decimal => {
  const [units, stepUnits, scale] = aligned(value, step);
  const steps = rounding === "down" ? units / stepUnits : (units + stepUnits - 1n) / stepUnits;
  return { units: steps * stepUnits, scale };
};

/** How often the divisor is contained in the value, in steps, rounded down. */
export const divideToStep = (value: Decimal, divisor: Decimal, step: Decimal): Decimal => {
  const [units, divisorUnits] = aligned(value, divisor);
  if (divisorUnits === 0n) return { units: 0n, scale: step.scale };
  const quotient = (units * 10n ** BigInt(step.scale)) / divisorUnits;
  return toStep({ units: quotient, scale: step.scale }, step, "down");
};

/** As the API takes it, without zeros at the end. */
export const decimalText = ({ units, scale }: Decimal): string => {
  const digits = String(units).padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const fraction = scale === 0 ? "" : digits.slice(-scale).replace(/0+$/, "");
  return fraction === "" ? whole : `${whole}.${fraction}`;
};

/** As people read it, with at most so many decimals, rounded down or up: "65,012.34". */
export const readable = (value: Decimal, decimals: number, rounding: "down" | "up"): string => {
  const step = { units: 1n, scale: decimals };
  const { units, scale } = toStep(value, step, rounding);
  const [whole = "0", fraction] = decimalText({ units, scale }).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
};
