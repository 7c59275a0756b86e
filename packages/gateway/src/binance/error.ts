import { type LimitState, rateLimitHeaders, windowSeconds } from "../limits/request-limits.ts";
import type { Refusal } from "../refusal.ts";

/**
 * An error of the Binance dialect. Clients match the texts, so those that Binance has are used letter by letter; `field`
 * and `reason` come beside them and say what the texts leave out.
 */
export class BinanceError extends Error {
  override readonly name = "BinanceError";
  /** Of the HTTP answer, and of the answer in the WebSocket API. */
  readonly status: number;
  /** Binance's number, such as -1121. */
  readonly code: number;
  /** The parameter at fault, or undefined. */
  readonly field: string | undefined;
  /** The venue's own code, such as `price_off_increment`. */
  readonly reason: string | undefined;
  /** Of a cancel-replace: what became of its halves. */
  readonly data: object | undefined;

  constructor(
    status: number,
    code: number,
    message: string,
    field?: string,
    reason?: string,
    data?: object,
  ) {
    super(message);
    this.data = data;
    this.status = status;
    this.code = code;
    this.field = field;
    this.reason = reason;
  }

  /** As it stands in an answer. */
  toJSON(): { code: number; msg: string; field?: string; reason?: string; data?: object } {
    return {
      code: this.code,
      msg: this.message,
      ...(this.field === undefined ? {} : { field: this.field }),
      ...(this.reason === undefined ? {} : { reason: this.reason }),
      ...(this.data === undefined ? {} : { data: this.data }),
    };
  }
}

/** More requests than a limit lets through; `headers` go with it over HTTP. */
export class TooManyRequests extends BinanceError {
  readonly headers: Readonly<Record<string, string>>;

  constructor(states: readonly LimitState[], over: LimitState, now: number) {
    const limit = `${over.policy.burst} requests per ${windowSeconds(over)} SECONDS`;
    const retryAfter = now + over.retryAfterMs;
    super(
      429,
      -1003,
      `Too many requests; current limit is ${limit}.`,
      undefined,
      "too_many_requests",
      { serverTime: now, retryAfter },
    );
    this.headers = rateLimitHeaders(states);
  }
}

export const parameterMissing = (name: string): BinanceError =>
  new BinanceError(
    400,
    -1102,
    `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`,
    name,
    "parameter_missing",
  );

export const eitherParameterMissing = (one: string, other: string): BinanceError =>
  new BinanceError(
    400,
    -1102,
    `Param '${one}' or '${other}' must be sent, but both were empty/null!`,
    one,
    "parameter_missing",
  );

export const illegalCharacters = (name: string, legal: string): BinanceError =>
  new BinanceError(
    400,
    -1100,
    `Illegal characters found in parameter '${name}'; legal range is '${legal}'.`,
    name,
    "parameter_malformed",
  );

export const parameterNotRequired = (name: string): BinanceError =>
  new BinanceError(
    400,
    -1106,
    `Parameter '${name}' sent when not required.`,
    name,
    "parameter_not_required",
  );

export const parameterInvalid = (name: string): BinanceError =>
  new BinanceError(
    400,
    -1130,
    `Data sent for parameter '${name}' is not valid.`,
    name,
    "parameter_invalid",
  );

export const invalidSymbol = (): BinanceError =>
  new BinanceError(400, -1121, "Invalid symbol.", "symbol", "unknown_market");

export const filterFailure = (filter: string, field: string, reason: string): BinanceError =>
  new BinanceError(400, -1013, `Filter failure: ${filter}`, field, reason);

export const orderRejected = (message: string, field?: string, reason?: string): BinanceError =>
  new BinanceError(400, -2010, message, field, reason);

/** An amendment that the venue does not make. */
export const amendRejected = (message: string, reason: string): BinanceError =>
  new BinanceError(400, -2038, message, "newQty", reason);

export const orderDoesNotExist = (): BinanceError =>
  new BinanceError(400, -2013, "Order does not exist.", "orderId", "order_unknown");

export const unsupportedOperation = (status: number, field: string): BinanceError =>
  new BinanceError(status, -1020, "This operation is not supported.", field, "route_unknown");

/** Also the answer for another's: it does not tell whether there is one. */
export const listenKeyUnknown = (): BinanceError =>
  new BinanceError(400, -1125, "This listenKey does not exist.", "listenKey", "listen_key_unknown");

/** Our own mistake: nobody knows what became of the request. */
export const internalError = (): BinanceError =>
  new BinanceError(
    500,
    -1006,
    "An unexpected response was received from the message bus. Execution status unknown.",
    undefined,
    "internal_error",
  );

export const bodyTooLarge = (): BinanceError =>
  new BinanceError(
    413,
    -1130,
    "Data sent for parameter 'body' is not valid.",
    "body",
    "body_too_large",
  );

/** What the venue refused, in Binance's words. */
export const translated = (refused: Refusal): BinanceError => {
  const known = TRANSLATIONS[refused.code];
  if (known !== undefined) return known(refused.code);
  return orderRejected(refused.rule, refused.field, refused.code);
};

type Translation = (reason: string) => BinanceError;

const priceFilter: Translation = (reason) => filterFailure("PRICE_FILTER", "price", reason);
const lotSize: Translation = (reason) => filterFailure("LOT_SIZE", "quantity", reason);
const notional: Translation = (reason) => filterFailure("NOTIONAL", "quantity", reason);
const unknownOrder: Translation = (reason) =>
  new BinanceError(400, -2011, "Unknown order sent.", "orderId", reason);

const rejectedWith =
  (message: string, field: string): Translation =>
  (reason) =>
    orderRejected(message, field, reason);
const icebergParts: Translation = (reason) => filterFailure("ICEBERG_PARTS", "icebergQty", reason);

const TRANSLATIONS: Readonly<Record<string, Translation | undefined>> = {
  price_must_be_positive: priceFilter,
  price_above_maximum: priceFilter,
  price_off_increment: priceFilter,
  quantity_must_be_positive: lotSize,
  quantity_above_maximum: lotSize,
  quantity_below_minimum: lotSize,
  quantity_off_increment: lotSize,
  notional_above_maximum: notional,
  notional_below_minimum: notional,
  level_quantity_above_maximum: lotSize,
  price_outside_collar: (reason) => filterFailure("PERCENT_PRICE", "price", reason),
  too_many_open_orders: (reason) => filterFailure("MAX_NUM_ORDERS", "symbol", reason),
  trigger_price_out_of_range: (reason) => filterFailure("PRICE_FILTER", "stopPrice", reason),
  activation_price_out_of_range: (reason) => filterFailure("PRICE_FILTER", "stopPrice", reason),
  trailing_distance_out_of_range: (reason) =>
    filterFailure("TRAILING_DELTA", "trailingDelta", reason),
  display_quantity_out_of_range: icebergParts,
  would_take: rejectedWith("Order would immediately match and take.", "price"),
  phase_forbids: rejectedWith("Market is closed.", "symbol"),
  account_frozen: rejectedWith("This action is disabled on this account.", "apiKey"),
  account_closed: rejectedWith("This action is disabled on this account.", "apiKey"),
  list_pair_must_wait: rejectedWith("Unsupported order combination", "type"),
  order_is_waiting: (reason) =>
    amendRejected("An order that waits for its price can't be amended.", reason),
  order_is_pegged: (reason) => amendRejected("A pegged order can't be amended.", reason),
  quantity_already_filled: (reason) =>
    amendRejected("More than the new quantity has been executed.", reason),
  unknown_market: () => invalidSymbol(),
  unknown_listed_market: () => invalidSymbol(),
  balance_below_hold: (reason) =>
    orderRejected("Account has insufficient balance for requested action.", "quantity", reason),
  client_order_id_open: (reason) =>
    orderRejected("Duplicate order sent.", "newClientOrderId", reason),
  client_order_id_malformed: () =>
    illegalCharacters("newClientOrderId", "^[a-zA-Z0-9-_.:/]{1,36}$"),
  order_unknown: unknownOrder,
  order_not_open: unknownOrder,
  client_order_id_mismatch: (reason) =>
    new BinanceError(
      400,
      -2011,
      "Cancel order is invalid. Check origClOrdId and orderId.",
      "origClientOrderId",
      reason,
    ),
  venue_overloaded: (reason) =>
    new BinanceError(
      503,
      -1008,
      "Server is currently overloaded with other requests. Please try again in a few minutes.",
      undefined,
      reason,
    ),
  venue_stopped: (reason) =>
    new BinanceError(
      503,
      -1001,
      "Internal error; unable to process your request. Please try again.",
      undefined,
      reason,
    ),
  outcome_unknown: (reason) =>
    new BinanceError(
      503,
      -1007,
      "Timeout waiting for response from backend server. Send status unknown; execution status unknown.",
      undefined,
      reason,
    ),
};
