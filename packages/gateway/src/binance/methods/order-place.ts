import type { OrderTypeName, SideName, TimeInForceName } from "@pincex/engine";
import type { MarketNumbers } from "../../market-numbers.ts";
import type { NewOrder } from "../../new-order.ts";
import {
  BinanceError,
  eitherParameterMissing,
  filterFailure,
  orderRejected,
  parameterInvalid,
  translated,
} from "../error.ts";
import type { SignedCall, SignedMethod } from "../method.ts";
import { placementMessage, type ResponseType } from "../order-message.ts";
import type { Parameters } from "../parameters.ts";

export const orderPlace: SignedMethod = {
  routes: ["POST /api/v3/order"],
  name: "order.place",
  weight: 1,
  security: "trade",
  countsAsOrder: true,
  run: async (call) => {
    const { numbers, order, detail } = readNewOrder(call);
    const placed = await call.orders.place(order);
    if (!placed.ok) throw translated(placed);
    return placementMessage(numbers, placed.order, placed.fills, detail, call.views);
  },
};

/** Checks all that can be checked without placing: parameters, filters, signature. Balances are not looked at. */
export const orderTest: SignedMethod = {
  routes: ["POST /api/v3/order/test"],
  name: "order.test",
  weight: 1,
  security: "trade",
  run: (call) => {
    const { numbers, order } = readNewOrder(call);
    checkFilters(numbers, order);
    const rates = call.parameters.flag("computeCommissionRates") ?? false;
    return rates ? commissionForOrder(numbers) : {};
  },
};

interface ReadOrder {
  readonly numbers: MarketNumbers;
  readonly order: NewOrder;
  readonly detail: ResponseType;
}

const readNewOrder = ({ parameters, principal }: SignedCall): ReadOrder => {
  const numbers = parameters.market();
  const side = parameters.oneOf<"BUY" | "SELL">(
    "side",
    ["BUY", "SELL"],
    () => new BinanceError(400, -1117, "Invalid side.", "side", "side_unknown"),
  );
  const type = readType(parameters);
  refuseWhatTheVenueLacks(parameters);
  const terms =
    type === "limit" ? limitTerms(parameters, numbers) : marketTerms(parameters, numbers);
  const detail = parameters.optionalOneOf<ResponseType>(
    "newOrderRespType",
    ["ACK", "RESULT", "FULL"],
    () => parameterInvalid("newOrderRespType"),
  );
  const order: NewOrder = {
    account: principal.account,
    market: numbers.market,
    side: side.toLowerCase() as SideName,
    type,
    ...terms,
    clientOrderId: parameters.clientOrderId("newClientOrderId") ?? "",
  };
  return { numbers, order, detail: detail ?? "FULL" };
};

/** Types that Binance knows and the venue does not have yet, in the words of Binance's refusal of them. */
const MISSING_TYPES: ReadonlyMap<string, string> = new Map([
  ["LIMIT_MAKER", "Limit maker orders are not supported for this symbol."],
  ["STOP_LOSS", "Stop loss orders are not supported for this symbol."],
  ["STOP_LOSS_LIMIT", "Stop loss limit orders are not supported for this symbol."],
  ["TAKE_PROFIT", "Take profit orders are not supported for this symbol."],
  ["TAKE_PROFIT_LIMIT", "Take profit limit orders are not supported for this symbol."],
]);

const readType = (parameters: Parameters): OrderTypeName => {
  const type = parameters.text("type");
  if (type === "LIMIT" || type === "MARKET") return type === "LIMIT" ? "limit" : "market";
  const missing = MISSING_TYPES.get(type);
  if (missing !== undefined) throw orderRejected(missing, "type", "order_type_not_supported");
  throw new BinanceError(400, -1116, "Invalid orderType.", "type", "order_type_unknown");
};

/** Silently placing an order without its stop, or visible where it should be hidden, would be worse than refusing it. */
const refuseWhatTheVenueLacks = (parameters: Parameters): void => {
  parameters.refuse("stopPrice", "trailingDelta");
  if (parameters.has("icebergQty")) {
    throw orderRejected(
      "Iceberg orders are not supported for this symbol.",
      "icebergQty",
      "order_type_not_supported",
    );
  }
  if (parameters.has("pegPriceType") || parameters.has("pegOffsetValue")) {
    throw orderRejected(
      "Pegged orders are not supported for this symbol.",
      "pegPriceType",
      "order_type_not_supported",
    );
  }
  parameters.optionalOneOf("selfTradePreventionMode", ["NONE"], () =>
    orderRejected(
      "This symbol does not allow the specified self-trade prevention mode.",
      "selfTradePreventionMode",
      "self_trade_prevention_not_supported",
    ),
  );
};

type Terms = Pick<NewOrder, "timeInForce" | "price" | "quantity" | "quoteQuantity">;

const limitTerms = (parameters: Parameters, numbers: MarketNumbers): Terms => {
  parameters.refuse("quoteOrderQty");
  const timeInForce = parameters.oneOf<"GTC" | "IOC" | "FOK">(
    "timeInForce",
    ["GTC", "IOC", "FOK"],
    () =>
      new BinanceError(400, -1115, "Invalid timeInForce.", "timeInForce", "time_in_force_unknown"),
  );
  return {
    timeInForce: timeInForce.toLowerCase() as TimeInForceName,
    price: readPrice(parameters, numbers),
    quantity: readQuantity(parameters, numbers),
    quoteQuantity: 0,
  };
};

const marketTerms = (parameters: Parameters, numbers: MarketNumbers): Terms => {
  parameters.refuse("price", "timeInForce");
  const byQuote = parameters.has("quoteOrderQty");
  if (byQuote) parameters.refuse("quantity");
  else if (!parameters.has("quantity")) throw eitherParameterMissing("quantity", "quoteOrderQty");
  return {
    timeInForce: "ioc",
    price: 0,
    quantity: byQuote ? 0 : readQuantity(parameters, numbers),
    quoteQuantity: byQuote ? readQuoteQuantity(parameters, numbers) : 0,
  };
};

const readPrice = (parameters: Parameters, numbers: MarketNumbers): number => {
  const parsed = numbers.parsePrice(parameters.decimal("price"));
  if (parsed.ok) return parsed.value;
  throw notInUnits("price", "PRICE_FILTER", parsed.code);
};

const readQuantity = (parameters: Parameters, numbers: MarketNumbers): number => {
  const parsed = numbers.parseQuantity(parameters.decimal("quantity"));
  if (parsed.ok) return parsed.value;
  throw notInUnits("quantity", "LOT_SIZE", parsed.code);
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
const notInUnits = (field: "price" | "quantity", filter: string, code: string): BinanceError => {
  if (code === "decimal_malformed") return parameterInvalid(field);
  const reason = code === "decimal_out_of_range" ? "above_maximum" : "off_increment";
  return filterFailure(filter, field, `${field}_${reason}`);
};

const checkFilters = ({ market }: MarketNumbers, order: NewOrder): void => {
  const { price, quantity } = order;
  const limit = order.type === "limit";
  if (limit && (price === 0 || price > market.maxPrice || price % market.priceIncrement !== 0)) {
    throw filterFailure("PRICE_FILTER", "price", "price_off_increment");
  }
  if (order.quoteQuantity > 0) return;
  const outside = quantity < Math.max(market.minQuantity, 1) || quantity > market.maxQuantity;
  if (outside || quantity % market.quantityIncrement !== 0) {
    throw filterFailure("LOT_SIZE", "quantity", "quantity_off_increment");
  }
  if (limit && price * quantity < market.minNotional) {
    throw filterFailure("NOTIONAL", "quantity", "notional_below_minimum");
  }
};

/** The rates that an order would pay: the same for both sides, with no discount. */
const commissionForOrder = ({ market }: MarketNumbers): object => {
  const none = { maker: "0.00000000", taker: "0.00000000" };
  return {
    standardCommissionForOrder: {
      maker: rateOf(market.makerPpm),
      taker: rateOf(market.takerPpm),
    },
    specialCommissionForOrder: none,
    taxCommissionForOrder: none,
    discount: {
      enabledForAccount: false,
      enabledForSymbol: false,
      discountAsset: "",
      discount: "0.00000000",
    },
  };
};

/** Parts per million as Binance writes a rate: 1000 is "0.00100000". */
export const rateOf = (ppm: number): string => (ppm / 1_000_000).toFixed(8);
