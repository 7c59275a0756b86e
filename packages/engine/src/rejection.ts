/** What a rejection protects: the number in records, the field that broke the rule, and the rule in words. */
export interface Rejection {
  readonly number: number;
  readonly field: string;
  readonly rule: string;
}

/** The engine's own rejections, by code. Numbers from 1000 on belong to the `Admission` port. */
export const REJECTIONS = {
  unknown_market: { number: 1, field: "market", rule: "the market has been added" },
  market_already_added: { number: 2, field: "market", rule: "a market is added once" },
  market_number_out_of_range: { number: 3, field: "market", rule: "1 to 2^31 − 1" },
  maximum_price_out_of_range: { number: 4, field: "maxPrice", rule: "1 to 2^31 − 2 ticks" },
  maximum_notional_out_of_range: {
    number: 5,
    field: "maxQuantity",
    rule: "at least 1 lot, and maxPrice × maxQuantity below 2^53",
  },
  price_increment_out_of_range: {
    number: 6,
    field: "priceIncrement",
    rule: "1 to the maximum price, in ticks",
  },
  quantity_increment_out_of_range: {
    number: 7,
    field: "quantityIncrement",
    rule: "1 to the maximum quantity, in lots",
  },
  minimum_quantity_out_of_range: {
    number: 8,
    field: "minQuantity",
    rule: "0 to the maximum quantity, in lots",
  },
  minimum_notional_out_of_range: {
    number: 9,
    field: "minNotional",
    rule: "0 to maxPrice × maxQuantity, in ticks × lots",
  },
  account_must_be_positive: { number: 10, field: "account", rule: "1 to 2^31 − 1" },
  side_unknown: { number: 11, field: "side", rule: "buy or sell" },
  order_type_unknown: { number: 12, field: "type", rule: "limit or market" },
  time_in_force_unknown: { number: 13, field: "timeInForce", rule: "gtc, ioc or fok" },
  market_order_cannot_rest: {
    number: 14,
    field: "timeInForce",
    rule: "a market order is ioc or fok",
  },
  price_must_be_positive: {
    number: 20,
    field: "price",
    rule: "1 or more ticks; a market order may also have 0, which is no worst price",
  },
  price_above_maximum: { number: 21, field: "price", rule: "at most the market's maximum price" },
  price_off_increment: {
    number: 22,
    field: "price",
    rule: "a whole multiple of the market's price increment",
  },
  quantity_or_quote_quantity: {
    number: 30,
    field: "quantity",
    rule: "exactly one of quantity and quoteQuantity, and the latter for market orders only",
  },
  quantity_must_be_positive: {
    number: 31,
    field: "quantity",
    rule: "a positive whole number of lots",
  },
  quantity_above_maximum: {
    number: 32,
    field: "quantity",
    rule: "at most the market's maximum; to be taken off, less than what remains",
  },
  quantity_below_minimum: { number: 33, field: "quantity", rule: "at least the market's minimum" },
  quantity_off_increment: {
    number: 34,
    field: "quantity",
    rule: "a whole multiple of the market's quantity increment",
  },
  quote_quantity_must_be_positive: {
    number: 35,
    field: "quoteQuantity",
    rule: "a positive whole number of ticks × lots",
  },
  notional_below_minimum: {
    number: 36,
    field: "quantity",
    rule: "price × quantity, or the quote quantity, is at least the market's minimum",
  },
  notional_above_maximum: {
    number: 37,
    field: "quoteQuantity",
    rule: "at most the market's maximum price × its maximum quantity",
  },
  level_quantity_above_maximum: {
    number: 38,
    field: "quantity",
    rule: "the lots that rest at one price stay below 2^53",
  },
  order_unknown: {
    number: 40,
    field: "orderId",
    rule: "the order rests in the market, and is the account's",
  },
} as const;

/** The code of a rejection: the engine's own, or the Admission port's, which keeps its meaning to itself. */
export type RejectionCode = keyof typeof REJECTIONS | "refused_by_admission";

/** Numbers from here on are the Admission port's. */
export const FIRST_ADMISSION_CODE = 1000;

const codes = new Map<number, keyof typeof REJECTIONS>(
  (Object.entries(REJECTIONS) as [keyof typeof REJECTIONS, Rejection][]).map(
    ([code, { number }]) => [number, code],
  ),
);

/** The code of a number. Numbers from 1000 on are the Admission port's. */
export const rejectionCode = (number: number): RejectionCode => {
  if (number >= FIRST_ADMISSION_CODE) return "refused_by_admission";
  const code = codes.get(number);
  if (code === undefined) throw new RangeError(`expected a rejection number, was ${number}`);
  return code;
};

/** The field that a number is about; empty for the Admission port's. */
export const rejectionField = (number: number): string => {
  const code = rejectionCode(number);
  return code === "refused_by_admission" ? "" : REJECTIONS[code].field;
};
