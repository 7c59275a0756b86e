import { formatAmount } from "@pincex/ledger";
import type { FillView, OrderView, Views } from "@pincex/venue/views";
import type { MarketNumbers } from "../market-numbers.ts";
import type { PlacementFill } from "../outcome.ts";
import { binanceSymbol } from "./symbol.ts";

/** An order without a name of its own is shown under one: clients expect each order to have it. */
const SHOWN_NAME = /^pincex-([1-9][0-9]{0,15})$/;

export const shownClientOrderId = ({ clientOrderId, orderId }: OrderView): string =>
  clientOrderId === "" ? `pincex-${orderId}` : clientOrderId;

/** The order that a name made up by `shownClientOrderId` stands for; 0 if it is not such a name. */
export const orderIdOfShownName = (name: string): number => Number(SHOWN_NAME.exec(name)?.[1] ?? 0);

const PLACED_STATUS = {
  filled: "FILLED",
  cancelled: "CANCELED",
  expired: "EXPIRED",
} as const;

export const binanceStatus = ({ status, executedQuantity }: OrderView): string => {
  if (status !== "open") return PLACED_STATUS[status];
  return executedQuantity > 0 ? "PARTIALLY_FILLED" : "NEW";
};

/** Binance writes GTC for market orders, whose remainder never rests anyway. */
export const binanceTimeInForce = ({ type, timeInForce }: OrderView): string =>
  type === "market" ? "GTC" : timeInForce.toUpperCase();

/** A market order shows no price, whatever bound it carried. */
export const binancePrice = (numbers: MarketNumbers, { type, price }: OrderView): string =>
  numbers.price(type === "market" ? 0 : price);

/** An order by quote quantity has no quantity of its own: it shows what it got. */
export const binanceQuantity = (numbers: MarketNumbers, order: OrderView): string =>
  numbers.quantity(order.quantity > 0 ? order.quantity : order.executedQuantity);

/** What all messages about an order have in common. */
const orderTerms = (numbers: MarketNumbers, order: OrderView): object => ({
  price: binancePrice(numbers, order),
  origQty: binanceQuantity(numbers, order),
  executedQty: numbers.quantity(order.executedQuantity),
  origQuoteOrderQty: numbers.notional(order.quoteQuantity),
  cummulativeQuoteQty: numbers.notional(order.executedNotional),
  status: binanceStatus(order),
  timeInForce: binanceTimeInForce(order),
  type: order.type.toUpperCase(),
  side: order.side.toUpperCase(),
});

const orderNames = (numbers: MarketNumbers, order: OrderView): object => ({
  symbol: binanceSymbol(numbers.market),
  orderId: order.orderId,
  orderListId: -1,
  clientOrderId: shownClientOrderId(order),
});

/** As `GET /api/v3/order` answers. */
export const orderMessage = (numbers: MarketNumbers, order: OrderView): object => ({
  ...orderNames(numbers, order),
  ...orderTerms(numbers, order),
  stopPrice: numbers.price(0),
  icebergQty: numbers.quantity(0),
  time: order.placedAt,
  updateTime: order.updatedAt,
  isWorking: true,
  workingTime: order.placedAt,
  selfTradePreventionMode: "NONE",
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
    ...orderTerms(numbers, order),
    workingTime: order.placedAt,
    selfTradePreventionMode: "NONE",
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
): object => ({
  ...orderNames(numbers, order),
  origClientOrderId: shownClientOrderId(order),
  clientOrderId: cancelName,
  transactTime: order.updatedAt,
  ...orderTerms(numbers, order),
  selfTradePreventionMode: "NONE",
});

/** As `GET /api/v3/myTrades` answers. */
export const fillMessage = (numbers: MarketNumbers, fill: FillView, views: Views): object => ({
  symbol: binanceSymbol(numbers.market),
  id: fill.tradeId,
  orderId: fill.orderId,
  orderListId: -1,
  price: numbers.price(fill.price),
  qty: numbers.quantity(fill.quantity),
  quoteQty: numbers.notional(fill.price * fill.quantity),
  ...commission(fill, views),
  time: fill.at,
  isBuyer: fill.side === "buy",
  isMaker: fill.isMaker,
  isBestMatch: true,
});

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
