import {
  compare,
  type Decimal,
  decimal,
  decimalText,
  isMultipleOf,
  isPositive,
  multiply,
  parseDecimal,
} from "../decimal.ts";
import type { Market } from "../market.ts";
import { askedFields, type OrderDraft, type TypedField, takenFields } from "./order-draft.ts";

/** What is wrong with a field, as a sentence that says what would be right. */
export type FieldProblems = Readonly<Partial<Record<TypedField, string>>>;

const PRICES: ReadonlySet<TypedField> = new Set([
  "price",
  "worstPrice",
  "triggerPrice",
  "stopPrice",
  "exitPrice",
  "activationPrice",
  "trailingOffset",
  "pegOffset",
]);
const QUANTITIES: ReadonlySet<TypedField> = new Set(["quantity", "displayQuantity", "minQuantity"]);

/** What can be said about the fields as they are typed; a field that is still empty is no mistake yet. */
export const fieldProblems = (draft: OrderDraft, market: Market): FieldProblems => {
  const problems: Partial<Record<TypedField, string>> = {};
  for (const field of [...askedFields(draft), ...takenFields(draft)]) {
    const text = draft[field];
    const problem = text === "" ? undefined : problemOf(field, text, market);
    if (problem !== undefined) problems[field] = problem;
  }
  const small = tooSmall(draft, market);
  if (small !== undefined && problems.quantity === undefined) problems.quantity = small;
  return problems;
};

/** Empty fields that an order must have. */
export const missingFields = (draft: OrderDraft): readonly TypedField[] => [
  ...askedFields(draft).filter((field) => draft[field] === ""),
  ...takenFields(draft).filter((field) => field === "expiresAt" && draft[field] === ""),
];

const problemOf = (field: TypedField, text: string, market: Market): string | undefined => {
  if (field === "expiresAt") {
    return Number.isNaN(Date.parse(text)) ? "A date and a time." : undefined;
  }
  const value = parseDecimal(text);
  if (value === undefined) return "A number such as 0.25.";
  if (!isPositive(value) && field !== "pegOffset") return "More than zero.";
  if (PRICES.has(field)) return priceProblem(value, field, market);
  if (QUANTITIES.has(field)) return quantityProblem(value, field, market);
  if (field === "trailingPercent") return percentProblem(value);
  return undefined;
};

const priceProblem = (value: Decimal, field: TypedField, market: Market): string | undefined => {
  const { priceIncrement, maxPrice, quote } = market;
  if (!isMultipleOf(value, priceIncrement)) {
    return `A multiple of ${decimalText(priceIncrement)} ${quote}.`;
  }
  const isPrice = field !== "trailingOffset" && field !== "pegOffset";
  return isPrice && compare(value, maxPrice) > 0
    ? `At most ${decimalText(maxPrice)} ${quote}.`
    : undefined;
};

const quantityProblem = (value: Decimal, field: TypedField, market: Market): string | undefined => {
  const { quantityIncrement, minQuantity, maxQuantity, base } = market;
  if (!isMultipleOf(value, quantityIncrement)) {
    return `A multiple of ${decimalText(quantityIncrement)} ${base}.`;
  }
  if (field === "quantity" && compare(value, minQuantity) < 0) {
    return `At least ${decimalText(minQuantity)} ${base}.`;
  }
  return compare(value, maxQuantity) > 0
    ? `At most ${decimalText(maxQuantity)} ${base}.`
    : undefined;
};

const HUNDREDTH = decimal("0.01");
const LARGEST_PERCENT = decimal("99.99");

const percentProblem = (value: Decimal): string | undefined =>
  isMultipleOf(value, HUNDREDTH) && compare(value, LARGEST_PERCENT) <= 0
    ? undefined
    : "0.01 to 99.99 %, in hundredths.";

const tooSmall = (
  { price, quantity }: OrderDraft,
  { minNotional, quote }: Market,
): string | undefined => {
  const [atPrice, amount] = [parseDecimal(price), parseDecimal(quantity)];
  if (atPrice === undefined || amount === undefined) return undefined;
  return compare(multiply(atPrice, amount), minNotional) < 0
    ? `Price × quantity is at least ${decimalText(minNotional)} ${quote}.`
    : undefined;
};
