import type { SideName, TimeInForceName } from "@pincex/engine";
import type { MarketData } from "@pincex/market-data";
import { lastPrice } from "../last-price.ts";
import type { MarketNumbers } from "../market-numbers.ts";
import type { NewOrderTerms } from "../new-order.ts";
import {
  BinanceError,
  filterFailure,
  orderRejected,
  parameterInvalid,
  parameterNotRequired,
} from "./error.ts";
import {
  type BinanceOrderType,
  hasLimit,
  ORDER_TYPES,
  SELF_TRADE_MODES,
  type SelfTradeMode,
  waits,
} from "./order-type.ts";
import type { Parameters } from "./parameters.ts";

/** What the parameters of one order are called: the orders of a list have theirs with a prefix. */
export interface TermNames {
  readonly quantity: string;
  /** What the order may spend or shall raise; a list's orders have no such. */
  readonly quoteOrderQty?: string;
  readonly price: string;
  readonly stopPrice: string;
  readonly trailingDelta: string;
  readonly icebergQty: string;
  readonly timeInForce: string;
  readonly clientOrderId: string;
}

const ORDER_NAMES: TermNames = {
  quantity: "quantity",
  quoteOrderQty: "quoteOrderQty",
  price: "price",
  stopPrice: "stopPrice",
  trailingDelta: "trailingDelta",
  icebergQty: "icebergQty",
  timeInForce: "timeInForce",
  clientOrderId: "newClientOrderId",
};

type Conditions = NonNullable<NewOrderTerms["conditions"]>;

/** Reads one order, of a type and a side that are known, and refuses what an order of its type does not have. */
export const readTerms = (
  parameters: Parameters,
  numbers: MarketNumbers,
  type: BinanceOrderType,
  side: SideName,
  names: TermNames = ORDER_NAMES,
): NewOrderTerms => {
  parameters.refuse(...unwanted(type, names), TRADE_GROUP);
  const byQuote = type === "MARKET" && isByQuote(parameters, names);
  const timeInForce = readTimeInForce(parameters, type, names);
  const quantity = byQuote ? 0 : readQuantity(parameters, numbers, names.quantity);
  const conditions: Conditions = {
    ...(type === "LIMIT_MAKER" ? { postOnly: "reject" } : {}),
    ...(waits(type) ? readTrigger(parameters, numbers, type, names) : {}),
    ...readIceberg(parameters, numbers, timeInForce, quantity, names),
    ...readSelfTrade(parameters),
  };
  return {
    side,
    type: hasLimit(type) ? "limit" : "market",
    timeInForce,
    price: hasLimit(type) ? readPrice(parameters, numbers, names.price) : 0,
    quantity,
    quoteQuantity: byQuote ? readQuoteQuantity(parameters, numbers) : 0,
    ...(Object.keys(conditions).length === 0 ? {} : { conditions }),
    clientOrderId: parameters.clientOrderId(names.clientOrderId) ?? "",
  };
};

export const readSide = (parameters: Parameters, name = "side"): SideName => {
  const wrong = () => new BinanceError(400, -1117, "Invalid side.", name, "side_unknown");
  return parameters.oneOf<"BUY" | "SELL">(name, ["BUY", "SELL"], wrong).toLowerCase() as SideName;
};

export const readType = (parameters: Parameters, name = "type"): BinanceOrderType =>
  parameters.oneOf(
    name,
    ORDER_TYPES,
    () => new BinanceError(400, -1116, "Invalid orderType.", name, "order_type_unknown"),
  );

/**
 * Refuses what only the venue's engine would take: an order that waits for a price that has been reached. The engine triggers it
 * at once; Binance's clients expect to be told.
 */
export const checkNotReached = (
  { side, conditions }: NewOrderTerms,
  numbers: MarketNumbers,
  marketData: MarketData,
  field = "stopPrice",
): void => {
  const last = lastPrice(marketData, numbers.market.market);
  const { trigger, triggerPrice = 0 } = conditions ?? {};
  if (last === 0 || trigger === undefined || trigger === "trailing_stop") return;
  const waitsForRise = (trigger === "stop") === (side === "buy");
  if (waitsForRise ? last < triggerPrice : last > triggerPrice) return;
  throw orderRejected("Stop price would trigger immediately.", field, "trigger_price_reached");
};

/** Whose orders are one owner's is the operator's to say: a client that names a group is refused, not ignored. */
const TRADE_GROUP = "tradeGroupId";

/** Silently placing an order with a fixed price where it should follow the market would be worse than refusing it. */
export const refusePegs = (parameters: Parameters): void => {
  const name = parameters.names().find((each) => PEG.test(each));
  if (name === undefined) return;
  throw orderRejected(
    "Pegged orders are not supported for this symbol.",
    name,
    "order_type_not_supported",
  );
};

/** "pegPriceType", and "pendingAbovePegOffsetValue" of an order in a list. */
const PEG = /(^p|P)eg(PriceType|OffsetType|OffsetValue)$/;

const unwanted = (type: BinanceOrderType, names: TermNames): string[] => {
  const { price, stopPrice, trailingDelta, icebergQty, timeInForce, quoteOrderQty = "" } = names;
  const isTimed = hasLimit(type) && type !== "LIMIT_MAKER";
  return [
    ...(hasLimit(type) ? [] : [price, icebergQty]),
    ...(isTimed ? [] : [timeInForce]),
    ...(waits(type) ? [] : [stopPrice, trailingDelta]),
    ...(type === "MARKET" || quoteOrderQty === "" ? [] : [quoteOrderQty]),
  ];
};

const isByQuote = (parameters: Parameters, names: TermNames): boolean => {
  const { quantity, quoteOrderQty } = names;
  if (quoteOrderQty === undefined) return false;
  if (parameters.has(quoteOrderQty)) parameters.refuse(quantity);
  return parameters.eitherOf(quantity, quoteOrderQty) === quoteOrderQty;
};

const readTimeInForce = (
  parameters: Parameters,
  type: BinanceOrderType,
  { timeInForce: name }: TermNames,
): TimeInForceName => {
  if (!hasLimit(type)) return "ioc";
  if (type === "LIMIT_MAKER") return "gtc";
  const wrong = () =>
    new BinanceError(400, -1115, "Invalid timeInForce.", name, "time_in_force_unknown");
  const said = parameters.oneOf<"GTC" | "IOC" | "FOK">(name, ["GTC", "IOC", "FOK"], wrong);
  return said.toLowerCase() as TimeInForceName;
};

const readTrigger = (
  parameters: Parameters,
  numbers: MarketNumbers,
  type: BinanceOrderType,
  { stopPrice, trailingDelta }: TermNames,
): Conditions => {
  const takesProfit = type.startsWith("TAKE_PROFIT");
  if (!parameters.has(trailingDelta)) {
    parameters.eitherOf(stopPrice, trailingDelta);
    const triggerPrice = readPrice(parameters, numbers, stopPrice);
    return { trigger: takesProfit ? "take_profit" : "stop", triggerPrice };
  }
  // Both trigger as the price turns against the order; only from where on they follow it differs.
  const trailingBasisPoints = readTrailingDelta(parameters, trailingDelta);
  if (!parameters.has(stopPrice)) return { trigger: "trailing_stop", trailingBasisPoints };
  if (!takesProfit) {
    throw orderRejected(
      "Trailing stop loss orders with a stop price are not supported for this symbol.",
      stopPrice,
      "order_type_not_supported",
    );
  }
  const activationPrice = readPrice(parameters, numbers, stopPrice);
  return { trigger: "trailing_stop", trailingBasisPoints, activationPrice };
};

export const MAX_TRAILING_DELTA = 9_999;

const readTrailingDelta = (parameters: Parameters, name: string): number => {
  const delta = parameters.integer(name);
  if (delta >= 1 && delta <= MAX_TRAILING_DELTA) return delta;
  throw filterFailure("TRAILING_DELTA", name, "trailing_distance_out_of_range");
};

const readIceberg = (
  parameters: Parameters,
  numbers: MarketNumbers,
  timeInForce: TimeInForceName,
  quantity: number,
  { icebergQty }: TermNames,
): Conditions => {
  if (!parameters.has(icebergQty)) return {};
  if (timeInForce !== "gtc") throw parameterNotRequired(icebergQty);
  const displayQuantity = readQuantity(parameters, numbers, icebergQty);
  if (displayQuantity >= quantity) {
    throw orderRejected("IcebergQty exceeds QTY.", icebergQty, "display_quantity_out_of_range");
  }
  return { displayQuantity };
};

const readSelfTrade = (parameters: Parameters): Conditions => {
  const mode = parameters.optionalOneOf<SelfTradeMode>(
    "selfTradePreventionMode",
    SELF_TRADE_MODES,
    () =>
      orderRejected(
        "This symbol does not allow the specified self-trade prevention mode.",
        "selfTradePreventionMode",
        "self_trade_prevention_not_supported",
      ),
  );
  if (mode === undefined || mode === "NONE") return {};
  return { selfTrade: mode.toLowerCase() as NonNullable<Conditions["selfTrade"]> };
};

const readPrice = (parameters: Parameters, numbers: MarketNumbers, name: string): number => {
  const parsed = numbers.parsePrice(parameters.decimal(name));
  if (!parsed.ok) throw notInUnits(name, "PRICE_FILTER", "price", parsed.code);
  if (parsed.value > 0 && parsed.value <= numbers.market.maxPrice) return parsed.value;
  const reason = parsed.value === 0 ? "price_must_be_positive" : "price_above_maximum";
  throw filterFailure("PRICE_FILTER", name, reason);
};

/** A quantity in lots of at least one. */
export const readQuantity = (
  parameters: Parameters,
  numbers: MarketNumbers,
  name: string,
): number => {
  const parsed = numbers.parseQuantity(parameters.decimal(name));
  if (!parsed.ok) throw notInUnits(name, "LOT_SIZE", "quantity", parsed.code);
  if (parsed.value > 0) return parsed.value;
  throw filterFailure("LOT_SIZE", name, "quantity_must_be_positive");
};

const readQuoteQuantity = (parameters: Parameters, numbers: MarketNumbers): number => {
  const parsed = numbers.parseNotional(parameters.decimal("quoteOrderQty"));
  if (parsed.ok) return parsed.value;
  if (parsed.code === "decimal_malformed") throw parameterInvalid("quoteOrderQty");
  if (parsed.code === "decimal_out_of_range") {
    throw filterFailure("NOTIONAL", "quoteOrderQty", "notional_above_maximum");
  }
  throw new BinanceError(
    400,
    -1111,
    "Parameter 'quoteOrderQty' has too much precision.",
    "quoteOrderQty",
    "quote_quantity_off_increment",
  );
};

/** A number that isn't whole in ticks or lots breaks the same rule as one that isn't a multiple of the increment. */
const notInUnits = (
  name: string,
  filter: string,
  what: "price" | "quantity",
  code: string,
): BinanceError => {
  if (code === "decimal_malformed") return parameterInvalid(name);
  const reason = code === "decimal_out_of_range" ? "above_maximum" : "off_increment";
  return filterFailure(filter, name, `${what}_${reason}`);
};
