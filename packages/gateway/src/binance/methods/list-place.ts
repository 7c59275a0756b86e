import type { ContingencyName, SideName } from "@pincex/engine";
import { lastPrice } from "../../last-price.ts";
import type { MarketNumbers } from "../../market-numbers.ts";
import type { NewOrderTerms } from "../../new-order.ts";
import { BinanceError, orderRejected, translated } from "../error.ts";
import { listMessage } from "../list-message.ts";
import type { SignedCall, SignedMethod } from "../method.ts";
import { placementMessage } from "../order-message.ts";
import { readSide, readTerms, readType, refusePegs, type TermNames } from "../order-terms.ts";
import type { BinanceOrderType } from "../order-type.ts";
import type { Parameters } from "../parameters.ts";
import { readDetail } from "./order-place.ts";

/** One cancels the other: one above the price that there is, one below it. */
export const listPlaceOco: SignedMethod = {
  routes: ["POST /api/v3/orderList/oco"],
  name: "orderList.place.oco",
  weight: 1,
  security: "trade",
  countsAsOrder: true,
  run: (call) => {
    const { parameters } = call;
    const numbers = parameters.market();
    const side = readSide(parameters);
    const pair = readPair(parameters, numbers, side, "", "quantity");
    checkPrices(pair, lastPrice(call.marketData, numbers.market.market));
    return placeList(call, numbers, "oco", pair);
  },
};

/** The same in the older form: a limit-maker and a stop-loss. */
export const listPlaceOldOco: SignedMethod = {
  routes: ["POST /api/v3/order/oco"],
  name: "orderList.place",
  weight: 1,
  security: "trade",
  countsAsOrder: true,
  run: (call) => {
    const { parameters } = call;
    const numbers = parameters.market();
    const side = readSide(parameters);
    const hasStopLimit = parameters.has(OLD_STOP.price);
    const stopType = hasStopLimit ? "STOP_LOSS_LIMIT" : "STOP_LOSS";
    const limit = readTerms(parameters, numbers, "LIMIT_MAKER", side, OLD_LIMIT);
    const stop = readTerms(parameters, numbers, stopType, side, OLD_STOP);
    const pair: Pair = side === "sell" ? [limit, stop] : [stop, limit];
    checkPrices(pair, lastPrice(call.marketData, numbers.market.market));
    return placeList(call, numbers, "oco", pair);
  },
};

/** One triggers the other: the second is pending until the first has traded in full. */
export const listPlaceOto: SignedMethod = {
  routes: ["POST /api/v3/orderList/oto"],
  name: "orderList.place.oto",
  weight: 1,
  security: "trade",
  countsAsOrder: true,
  run: (call) => {
    const { parameters } = call;
    const numbers = parameters.market();
    const working = readWorking(parameters, numbers);
    const side = readSide(parameters, "pendingSide");
    const type = readType(parameters, "pendingType");
    const names = namesWith("pending", "pendingQuantity");
    const pending = readTerms(parameters, numbers, type, side, names);
    return placeList(call, numbers, "oto", [working, pending]);
  },
};

/** One triggers a pair, of which one cancels the other. */
export const listPlaceOtoco: SignedMethod = {
  routes: ["POST /api/v3/orderList/otoco"],
  name: "orderList.place.otoco",
  weight: 1,
  security: "trade",
  countsAsOrder: true,
  run: (call) => {
    const { parameters } = call;
    const numbers = parameters.market();
    const working = readWorking(parameters, numbers);
    const side = readSide(parameters, "pendingSide");
    const pair = readPair(parameters, numbers, side, "pending", "pendingQuantity");
    checkPrices(pair, 0);
    return placeList(call, numbers, "otoco", [working, ...pair]);
  },
};

/** The order above the price, and the one below it. */
type Pair = readonly [above: NewOrderTerms, below: NewOrderTerms];

/** "aboveStopPrice", or "pendingAboveStopPrice" in a list that has a working order. */
const namesWith = (prefix: string, quantity: string): TermNames => ({
  quantity,
  price: `${prefix}Price`,
  stopPrice: `${prefix}StopPrice`,
  trailingDelta: `${prefix}TrailingDelta`,
  icebergQty: `${prefix}IcebergQty`,
  timeInForce: `${prefix}TimeInForce`,
  clientOrderId: `${prefix}ClientOrderId`,
});

const OLD_LIMIT: TermNames = {
  ...namesWith("limit", "quantity"),
  price: "price",
};

const OLD_STOP: TermNames = {
  ...namesWith("stop", "quantity"),
  price: "stopLimitPrice",
  stopPrice: "stopPrice",
  trailingDelta: "trailingDelta",
  timeInForce: "stopLimitTimeInForce",
};

const readWorking = (parameters: Parameters, numbers: MarketNumbers): NewOrderTerms => {
  const type = readType(parameters, "workingType");
  if (type !== "LIMIT" && type !== "LIMIT_MAKER") {
    throw orderRejected("Unsupported order combination", "workingType", "working_type_not_limit");
  }
  const names = namesWith("working", "workingQuantity");
  return readTerms(parameters, numbers, type, readSide(parameters, "workingSide"), names);
};

const readPair = (
  parameters: Parameters,
  numbers: MarketNumbers,
  side: SideName,
  prefix: string,
  quantity: string,
): Pair => {
  const [above, below] = prefix === "" ? ["above", "below"] : [`${prefix}Above`, `${prefix}Below`];
  const aboveType = readPairType(parameters, `${above}Type`);
  const belowType = readPairType(parameters, `${below}Type`);
  checkPairTypes(side, aboveType, belowType, `${above}Type`);
  return [
    readTerms(parameters, numbers, aboveType, side, namesWith(above as string, quantity)),
    readTerms(parameters, numbers, belowType, side, namesWith(below as string, quantity)),
  ];
};

const readPairType = (parameters: Parameters, name: string): BinanceOrderType => {
  const type = readType(parameters, name);
  if (type !== "LIMIT" && type !== "MARKET") return type;
  throw new BinanceError(
    400,
    -1158,
    "Order type not supported in OCO.",
    name,
    "list_pair_must_wait",
  );
};

/** A sell takes its profit above and stops its loss below, a buy the other way round: what is on the wrong side. */
const ON_WRONG_SIDE: Readonly<
  Record<
    SideName,
    readonly [place: "above" | "below", family: string, code: number, text: string][]
  >
> = {
  buy: [
    ["above", "LIMIT_MAKER", -1165, "A limit order in a buy OCO must be below."],
    ["above", "TAKE_PROFIT", -1198, "A take profit order in a buy OCO must be below."],
    ["below", "STOP_LOSS", -1196, "A stop loss order in a buy OCO must be above."],
  ],
  sell: [
    ["below", "LIMIT_MAKER", -1166, "A limit order in a sell OCO must be above."],
    ["below", "TAKE_PROFIT", -1199, "A take profit order in a sell OCO must be above."],
    ["above", "STOP_LOSS", -1197, "A stop loss order in a sell OCO must be below."],
  ],
};

const checkPairTypes = (
  side: SideName,
  above: BinanceOrderType,
  below: BinanceOrderType,
  field: string,
): void => {
  const refuse = (code: number, text: string) =>
    new BinanceError(400, code, text, field, "list_types_on_wrong_side");
  if (above === "LIMIT_MAKER" && below === "LIMIT_MAKER") {
    throw refuse(-1168, "At least one OCO order must be contingent.");
  }
  for (const [place, family, code, text] of ON_WRONG_SIDE[side]) {
    if ((place === "above" ? above : below).startsWith(family)) throw refuse(code, text);
  }
};

/** The price at which an order of a pair comes to life, or rests; 0 for one that follows the price from now on. */
const decisivePrice = ({ price, conditions }: NewOrderTerms): number => {
  if (conditions?.trigger === undefined) return price;
  return conditions.triggerPrice ?? conditions.activationPrice ?? 0;
};

/** Above is above the last price, below is below it, as far as there is one. */
const checkPrices = ([above, below]: Pair, last: number): void => {
  const [high, low] = [decisivePrice(above), decisivePrice(below)];
  const apart = high === 0 || low === 0 || high > low;
  const around = last === 0 || ((high === 0 || high > last) && (low === 0 || low < last));
  if (apart && around) return;
  throw orderRejected(
    "The relationship of the prices for the orders is not correct.",
    "price",
    "list_prices_out_of_order",
  );
};

const placeList = async (
  call: SignedCall,
  numbers: MarketNumbers,
  contingency: ContingencyName,
  legs: readonly NewOrderTerms[],
): Promise<object> => {
  const { parameters, principal, orders, views } = call;
  refusePegs(parameters);
  const detail = readDetail(parameters) ?? "RESULT";
  const placed = await orders.placeList({
    account: principal.account,
    market: numbers.market,
    contingency,
    sizing: "fixed",
    clientListId: parameters.clientOrderId("listClientOrderId") ?? "",
    legs,
  });
  if (!placed.ok) throw translated(placed);
  const shown = placed.orders.map(({ order }) => order);
  return {
    ...listMessage(numbers, shown, placed.at),
    orderReports: placed.orders.map(({ order, fills }) =>
      placementMessage(numbers, order, fills, detail, views),
    ),
  };
};
