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
  order_type_unknown: { number: 12, field: "type", rule: "limit, market or market_to_limit" },
  time_in_force_unknown: {
    number: 13,
    field: "timeInForce",
    rule: "gtc, ioc, fok, gtd, day, at_open or at_close",
  },
  market_order_cannot_rest: {
    number: 14,
    field: "timeInForce",
    rule: "a market order is ioc or fok",
  },
  market_to_limit_must_rest: {
    number: 15,
    field: "timeInForce",
    rule: "a market-to-limit order is gtc, gtd or day",
  },
  price_must_be_positive: {
    number: 20,
    field: "price",
    rule: "1 or more ticks; a market order may also have 0, which is no worst price, and a market-to-limit order must",
  },
  price_above_maximum: { number: 21, field: "price", rule: "at most the market's maximum price" },
  price_off_increment: {
    number: 22,
    field: "price",
    rule: "a whole multiple of the market's price increment",
  },
  price_outside_collar: {
    number: 23,
    field: "price",
    rule: "of a limit order, at most the market's collarBasisPoints from its reference price",
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
    rule: "the order rests, waits or is pending in the market, and is the account's",
  },
  order_is_waiting: {
    number: 41,
    field: "orderId",
    rule: "a waiting order can be cancelled only",
  },
  quantity_already_filled: {
    number: 42,
    field: "quantity",
    rule: "more lots than have traded already",
  },
  too_many_open_orders: {
    number: 43,
    field: "account",
    rule: "fewer orders of the account rest, wait and are pending in the market than it allows",
  },
  order_is_pegged: {
    number: 44,
    field: "orderId",
    rule: "a pegged order can be reduced, cancelled and replaced, not amended",
  },
  would_take: { number: 50, field: "postOnly", rule: "a post-only order does not trade at once" },
  post_only_must_rest: {
    number: 51,
    field: "postOnly",
    rule: "of a limit order that is gtc, gtd or day",
  },
  expiry_without_gtd: { number: 52, field: "expiresAt", rule: "of a gtd order, and only of one" },
  expiry_not_in_future: {
    number: 53,
    field: "expiresAt",
    rule: "a whole number above the engine's time",
  },
  display_quantity_out_of_range: {
    number: 54,
    field: "displayQuantity",
    rule: "a whole multiple of the quantity increment, less than the quantity; of an order that rests",
  },
  hidden_must_rest: {
    number: 55,
    field: "hidden",
    rule: "of an order that rests, without displayQuantity",
  },
  minimum_fill_out_of_range: {
    number: 56,
    field: "minQuantity",
    rule: "a whole multiple of the quantity increment, at most the quantity; of an order by quantity that is not fok",
  },
  trigger_price_out_of_range: {
    number: 57,
    field: "triggerPrice",
    rule: "1 to the market's maximum, on its increment, of a stop or take_profit; 0 of others",
  },
  trailing_distance_out_of_range: {
    number: 58,
    field: "trailingOffset",
    rule: "of a trailing_stop, and only of one: 1 to the market's maximum price, or trailingBasisPoints of 1 to 9,999",
  },
  activation_price_out_of_range: {
    number: 59,
    field: "activationPrice",
    rule: "of a trailing_stop: 0 or 1 to the market's maximum price, on its increment",
  },
  slippage_out_of_range: {
    number: 60,
    field: "slippage",
    rule: "0 to the market's maximum price; of a market order without a price",
  },
  trade_group_out_of_range: { number: 61, field: "tradeGroup", rule: "0 to 2^31 − 1" },
  self_trade_unknown: {
    number: 62,
    field: "selfTrade",
    rule: "expire_taker, expire_maker or expire_both; decrement or transfer of an order by quantity",
  },
  trigger_without_wait: {
    number: 63,
    field: "triggerOn",
    rule: "of an order with a trigger",
  },
  peg_out_of_place: {
    number: 64,
    field: "peg",
    rule: "primary, market or mid, of a limit order that rests, without trigger, postOnly, displayQuantity, minQuantity and allOrNone",
  },
  peg_offset_out_of_range: {
    number: 65,
    field: "pegOffset",
    rule: "0 to the market's maximum price, in ticks; of a pegged order",
  },
  all_or_none_out_of_place: {
    number: 66,
    field: "allOrNone",
    rule: "of a limit order that rests, without displayQuantity, hidden, minQuantity and postOnly",
  },
  auction_order_must_be_plain: {
    number: 67,
    field: "timeInForce",
    rule: "at_open and at_close are of limit orders without trigger, peg, allOrNone, minQuantity and postOnly",
  },
  client_order_id_out_of_range: {
    number: 68,
    field: "clientOrderId",
    rule: "a whole number, 0 to 2^53 − 1; 0 for none",
  },
  client_order_id_taken: {
    number: 69,
    field: "clientOrderId",
    rule: "no other open order of the account has it",
  },
  phase_forbids: { number: 70, field: "market", rule: "the market's phase allows it" },
  phase_unknown: { number: 71, field: "phase", rule: "one of the phases" },
  mark_price_out_of_range: {
    number: 72,
    field: "price",
    rule: "1 to the market's maximum price, in ticks",
  },
  time_went_back: {
    number: 73,
    field: "time",
    rule: "a whole number, not below the engine's time",
  },
  switch_not_in_future: {
    number: 74,
    field: "at",
    rule: "a whole number above the engine's time, or 0",
  },
  side_of_many_unknown: { number: 75, field: "side", rule: "both, buy or sell" },
  on_failure_unknown: { number: 76, field: "onFailure", rule: "stop or allow" },
  collar_out_of_range: {
    number: 77,
    field: "collarBasisPoints",
    rule: "0 to 1,000,000; 0 for none",
  },
  band_out_of_range: { number: 78, field: "bandBasisPoints", rule: "0 to 1,000,000; 0 for none" },
  on_breach_unknown: { number: 79, field: "onBreach", rule: "expire, halt or auction" },
  maximum_open_orders_out_of_range: {
    number: 80,
    field: "maxOpenOrders",
    rule: "0 to 2^31 − 1; 0 for any number",
  },
  reference_price_out_of_range: {
    number: 81,
    field: "price",
    rule: "0 to the market's maximum price, in ticks; 0 takes it back",
  },
  price_bands_out_of_range: {
    number: 82,
    field: "bands",
    rule: "at most 8, each from a higher price, 1 to the market's maximum price, its increment 1 to that maximum",
  },
  allocation_unknown: { number: 90, field: "allocation", rule: "price_time or pro_rata" },
  minimum_share_out_of_range: {
    number: 91,
    field: "minimumShare",
    rule: "0 to the market's maximum quantity, in lots; 0 of price_time",
  },
  fifo_percent_out_of_range: {
    number: 92,
    field: "fifoPercent",
    rule: "0 to 100; 0 of price_time",
  },
  top_order_maximum_out_of_range: {
    number: 93,
    field: "topOrderMaximum",
    rule: "0 to the market's maximum quantity, in lots; 0 of price_time",
  },
  lead_account_out_of_range: {
    number: 94,
    field: "leadAccount",
    rule: "0 to 2^31 − 1; 0 for nobody, and of price_time",
  },
  lead_percent_out_of_range: {
    number: 95,
    field: "leadPercent",
    rule: "0 to 100; 0 without leadAccount",
  },
  list_contingency_unknown: { number: 100, field: "contingency", rule: "oco, oto or otoco" },
  list_sizing_unknown: {
    number: 101,
    field: "sizing",
    rule: "fixed or received; fixed of oco",
  },
  list_legs_wrong_in_number: {
    number: 102,
    field: "legs",
    rule: "two of oco and oto, three of otoco",
  },
  list_pair_must_wait: {
    number: 103,
    field: "legs",
    rule: "of a pair, each has a trigger or is postOnly reject, and at least one has a trigger",
  },
  list_sizing_out_of_place: {
    number: 104,
    field: "sizing",
    rule: "received is of pending orders on the other side, without quantities; after a sell not market_to_limit",
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
