import type { Conditions } from "../conditions/conditions.ts";
import { type BookRefusal, refused } from "./book-refusal.ts";
import type { BookUnits } from "./book-units.ts";

/** The conditions that are decimals. */
type DecimalField =
  | "displayQuantity"
  | "minQuantity"
  | "triggerPrice"
  | "trailingOffset"
  | "activationPrice"
  | "slippage"
  | "pegOffset";

const SCALES: Readonly<Record<DecimalField, keyof BookUnits>> = {
  displayQuantity: "quantity",
  minQuantity: "quantity",
  triggerPrice: "price",
  trailingOffset: "price",
  activationPrice: "price",
  slippage: "price",
  pegOffset: "price",
};
const FIELDS = Object.keys(SCALES) as DecimalField[];

/** What an order may ask for beside its price and quantity; the guide to the matching rules says what each does. */
export interface DecimalConditions extends Omit<Conditions, DecimalField> {
  /** Shown at a time (an iceberg): less than the quantity. */
  readonly displayQuantity?: string;
  /** Must trade at once: at most the quantity. */
  readonly minQuantity?: string;
  /** Of a stop and a take-profit. */
  readonly triggerPrice?: string;
  /** Of a trailing stop, which has either this or `trailingBasisPoints`: its distance from the price. */
  readonly trailingOffset?: string;
  /** Of a trailing stop: the price at which it begins. */
  readonly activationPrice?: string;
  /** Of a market order without a worst price: how much worse it may get than the best price when it comes in. */
  readonly slippage?: string;
  /** Of a pegged order: how far it keeps away from the price that it follows. */
  readonly pegOffset?: string;
}

/** The conditions in increments, or the first that is no decimal of its unit. */
export const parseConditions = (
  units: BookUnits,
  conditions: DecimalConditions,
): { readonly ok: true; readonly conditions: Conditions } | BookRefusal => {
  const parsed: { -readonly [Field in DecimalField]?: number } = {};
  for (const field of FIELDS) {
    const text = conditions[field];
    if (text === undefined) continue;
    const reading = units[SCALES[field]].parse(text);
    if (!reading.ok) return refused(reading.code, field);
    parsed[field] = reading.value;
  }
  // Whatever was a string has been parsed.
  return { ok: true, conditions: { ...conditions, ...parsed } as Conditions };
};

/** The conditions as people say them. */
export const formatConditions = (units: BookUnits, conditions: Conditions): DecimalConditions => {
  const formatted: { -readonly [Field in DecimalField]?: string } = {};
  for (const field of FIELDS) {
    const value = conditions[field];
    if (value !== undefined) formatted[field] = units[SCALES[field]].format(value);
  }
  // Whatever was a decimal has been formatted.
  return { ...conditions, ...formatted } as DecimalConditions;
};
