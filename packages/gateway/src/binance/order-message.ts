import { formatAmount } from "@pincex/ledger";
import type { FillView, OrderView, Views } from "@pincex/venue/views";
import type { MarketNumbers } from "../market-numbers.ts";
import { ordersPlacedWith } from "../order-lists.ts";
import type { PlacementFill } from "../placed-orders.ts";
import { binanceType, selfTradeModeOf } from "./order-type.ts";
import { binanceSymbol } from "./symbol.ts";

/** An order without a name of its own is shown under one: clients expect each order to have it. */
const SHOWN_NAME = /^pincex-([1-9][0-9]{0,15})$/;

export const shownClientOrderId = ({ clientOrderId, orderId }: OrderView): string =>
  clientOrderId === "" ? `pincex-${orderId}` : clientOrderId;

/** The order that a name made up by `shownClientOrderId` stands for; 0 if it is not such a name. */
export const orderIdOfShownName = (name: string): number => Number(SHOWN_NAME.exec(name)?.[1] ?? 0);

const DONE_STATUS = {
  filled: "FILLED",
  cancelled: "CANCELED",
  expired: "EXPIRED",
} as const;

export const binanceStatus = (order: OrderView, views: Views): string => {
  const { status, state, reason, executedQuantity } = order;
  if (status === "open") {
    if (state === "pending") return "PENDING_NEW";
    return executedQuantity > 0 ? "PARTIALLY_FILLED" : "NEW";
  }
  if (reason === "self_trade") return "EXPIRED_IN_MATCH";
  return isCancelledWithItsList(order, views) ? "CANCELED" : DONE_STATUS[status];
};

/** Whoever cancels one order of a list has cancelled all that end with it. */
const isCancelledWithItsList = (order: OrderView, views: Views): boolean => {
  if (order.reason !== "list_ended") return false;
  const orders = ordersPlacedWith(order, order.account, views);
  return orders.some(
    ({ reason, sequence }) => reason === "cancelled" && sequence === order.sequence,
  );
};

/** Binance knows three; it writes GTC for market orders, whose remainder never rests anyway. */
export const binanceTimeInForce = ({ type, timeInForce }: OrderView): string => {
  const isShort = timeInForce === "ioc" || timeInForce === "fok";
  return type === "market" || !isShort ? "GTC" : timeInForce.toUpperCase();
};

/** A market order shows no price, whatever bound it carried. */
export const binancePrice = (numbers: MarketNumbers, { type, price }: OrderView): string =>
  numbers.price(type === "market" ? 0 : price);

/** An order by quote quantity has no quantity of its own: it shows what it got. */
export const binanceQuantity = (numbers: MarketNumbers, order: OrderView): string =>
  numbers.quantity(order.quantity > 0 ? order.quantity : order.executedQuantity);

/** The price that an order waits for; 0 if none. One that trails begins there. */
export const stopPriceOf = ({ conditions }: OrderView): number =>
  conditions?.triggerPrice ?? conditions?.activationPrice ?? 0;

/** The list that an order was placed with, by number; Binance writes -1 for none. */
export const listIdOf = ({ listId }: OrderView): number => (listId === 0 ? -1 : listId);

/** What all messages about an order have in common. */
const orderTerms = (numbers: MarketNumbers, order: OrderView, views: Views): object => ({
  price: binancePrice(numbers, order),
  origQty: binanceQuantity(numbers, order),
  executedQty: numbers.quantity(order.executedQuantity),
  origQuoteOrderQty: numbers.notional(order.quoteQuantity),
  cummulativeQuoteQty: numbers.notional(order.executedNotional),
  status: binanceStatus(order, views),
  timeInForce: binanceTimeInForce(order),
  type: binanceType(order),
  side: order.side.toUpperCase(),
});

const orderNames = (numbers: MarketNumbers, order: OrderView): object => ({
  symbol: binanceSymbol(numbers.market),
  orderId: order.orderId,
  orderListId: listIdOf(order),
  clientOrderId: shownClientOrderId(order),
});

/** What only some orders have; Binance leaves it out of the others' messages. */
const someTerms = (numbers: MarketNumbers, order: OrderView): object => {
  const { displayQuantity, trailingBasisPoints } = order.conditions ?? {};
  return {
    ...(stopPriceOf(order) > 0 && { stopPrice: numbers.price(stopPriceOf(order)) }),
    ...(displayQuantity && { icebergQty: numbers.quantity(displayQuantity) }),
    ...(trailingBasisPoints && { trailingDelta: trailingBasisPoints }),
    ...(order.preventedQuantity > 0 && {
      preventedQuantity: numbers.quantity(order.preventedQuantity),
    }),
  };
};

/** When the order came into the book, or to trade; -1 as long as it has not. */
const workingTime = ({ workingAt }: OrderView): number => (workingAt === 0 ? -1 : workingAt);

/** As `GET /api/v3/order` answers. */
export const orderMessage = (numbers: MarketNumbers, order: OrderView, views: Views): object => ({
  ...orderNames(numbers, order),
  ...orderTerms(numbers, order, views),
  stopPrice: numbers.price(stopPriceOf(order)),
  icebergQty: numbers.quantity(order.conditions?.displayQuantity ?? 0),
  ...someTerms(numbers, order),
  time: order.placedAt,
  updateTime: order.updatedAt,
  isWorking: order.workingAt > 0,
  workingTime: workingTime(order),
  selfTradePreventionMode: selfTradeModeOf(order),
});

export type ResponseType = "ACK" | "RESULT" | "FULL";

/** As `POST /api/v3/order` answers, in the detail that was asked for. */
export const placementMessage = (
  numbers: MarketNumbers,
  order: OrderView,
  fills: readonly PlacementFill[],
  detail: ResponseType,
  views: Views,
): object => {
  const acknowledged = { ...orderNames(numbers, order), transactTime: order.placedAt };
  if (detail === "ACK") return acknowledged;
  const result = {
    ...acknowledged,
    ...orderTerms(numbers, order, views),
    ...someTerms(numbers, order),
    workingTime: workingTime(order),
    selfTradePreventionMode: selfTradeModeOf(order),
  };
  if (detail === "RESULT") return result;
  return {
    ...result,
    fills: fills.map((fill) => ({
      price: numbers.price(fill.price),
      qty: numbers.quantity(fill.quantity),
      ...commission(fill, views),
      tradeId: fill.tradeId,
    })),
  };
};

/** As `DELETE /api/v3/order` answers; `cancelName` is what the client calls the cancel itself. */
export const cancelMessage = (
  numbers: MarketNumbers,
  order: OrderView,
  cancelName: string,
  views: Views,
): object => ({
  ...orderNames(numbers, order),
  origClientOrderId: shownClientOrderId(order),
  clientOrderId: cancelName,
  transactTime: order.updatedAt,
  ...orderTerms(numbers, order, views),
  ...someTerms(numbers, order),
  selfTradePreventionMode: selfTradeModeOf(order),
});

/** As `PUT /api/v3/order/amend/keepPriority` answers. */
export const amendedMessage = (
  numbers: MarketNumbers,
  order: OrderView,
  sequence: number,
  views: Views,
): object => ({
  transactTime: order.updatedAt,
  executionId: sequence,
  amendedOrder: {
    ...orderNames(numbers, order),
    origClientOrderId: shownClientOrderId(order),
    price: binancePrice(numbers, order),
    qty: binanceQuantity(numbers, order),
    executedQty: numbers.quantity(order.executedQuantity),
    preventedQty: numbers.quantity(order.preventedQuantity),
    quoteOrderQty: numbers.notional(order.quoteQuantity),
    cumulativeQuoteQty: numbers.notional(order.executedNotional),
    status: binanceStatus(order, views),
    timeInForce: binanceTimeInForce(order),
    type: binanceType(order),
    side: order.side.toUpperCase(),
    workingTime: workingTime(order),
    selfTradePreventionMode: selfTradeModeOf(order),
  },
});

/** As `GET /api/v3/myTrades` answers. */
export const fillMessage = (numbers: MarketNumbers, fill: FillView, views: Views): object => ({
  symbol: binanceSymbol(numbers.market),
  id: fill.tradeId,
  orderId: fill.orderId,
  orderListId: listIdOfFill(fill, views),
  price: numbers.price(fill.price),
  qty: numbers.quantity(fill.quantity),
  quoteQty: numbers.notional(fill.price * fill.quantity),
  ...commission(fill, views),
  time: fill.at,
  isBuyer: fill.side === "buy",
  isMaker: fill.isMaker,
  isBestMatch: true,
});

/** The order of an old fill may be no longer retained. */
const listIdOfFill = ({ account, orderId }: FillView, views: Views): number => {
  const order = views.order(account, { orderId });
  return order === undefined ? -1 : listIdOf(order);
};

/** What was paid for a fill, in the asset's own decimals. */
export const commission = (
  { fee, feeAsset }: { readonly fee: bigint; readonly feeAsset: number },
  views: Views,
): { commission: string; commissionAsset: string } => {
  const asset = views.asset(feeAsset);
  return {
    commission: formatAmount(fee, asset?.decimals ?? 0),
    commissionAsset: asset?.code ?? "",
  };
};
