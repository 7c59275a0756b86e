import { formatAmount } from "@pincex/ledger";
import type { BookRow, Candle, PublicTrade, Ticker } from "@pincex/market-data";
import type { Asset, BalanceCause, FillView, OrderView, Views } from "@pincex/venue/views";
import type { z } from "zod";
import type { MarketNumbers } from "../market-numbers.ts";
import type { PlacementFill } from "../placed-orders.ts";
import type {
  balanceSchema,
  candleSchema,
  causeSchema,
  fillSchema,
  orderSchema,
  tickerSchema,
  tradeSchema,
} from "./message-schemas.ts";

// How the native API writes things: decimals and ids as strings, times as RFC 3339 with milliseconds.

/** All that happens within a frame of the journal has much the same time, and a date is slow to write. */
const lastTime = { at: 0, text: new Date(0).toISOString() };

export const timeText = (at: number): string => {
  if (at !== lastTime.at) {
    lastTime.text = new Date(at).toISOString();
    lastTime.at = at;
  }
  return lastTime.text;
};

export const marketMessage = (numbers: MarketNumbers): object => {
  const { market, base, quote } = numbers;
  return {
    symbol: market.symbol,
    status: market.phase === "open" ? "trading" : market.phase,
    base: base.code,
    quote: quote.code,
    baseDecimals: base.decimals,
    quoteDecimals: quote.decimals,
    priceIncrement: numbers.price(market.priceIncrement),
    quantityIncrement: numbers.quantity(market.quantityIncrement),
    maxPrice: numbers.price(market.maxPrice),
    minQuantity: numbers.quantity(market.minQuantity),
    maxQuantity: numbers.quantity(market.maxQuantity),
    minNotional: numbers.notional(market.minNotional),
    makerFeePpm: market.makerPpm,
    takerFeePpm: market.takerPpm,
  };
};

export const rowsMessage = (numbers: MarketNumbers, rows: readonly BookRow[]): [string, string][] =>
  rows.map(([price, quantity]) => [numbers.price(price), numbers.quantity(quantity)]);

/** A trade that was taken back says so. */
export const tradeMessage = (
  numbers: MarketNumbers,
  trade: PublicTrade,
): z.infer<typeof tradeSchema> => ({
  id: String(trade.tradeId),
  price: numbers.price(trade.price),
  quantity: numbers.quantity(trade.quantity),
  takerSide: trade.takerSide,
  at: timeText(trade.at),
  ...(trade.busted === true && { busted: true }),
});

export const candleMessage = (
  numbers: MarketNumbers,
  candle: Candle,
): z.infer<typeof candleSchema> => ({
  openTime: timeText(candle.openTime),
  closeTime: timeText(candle.closeTime),
  open: numbers.price(candle.open),
  high: numbers.price(candle.high),
  low: numbers.price(candle.low),
  close: numbers.price(candle.close),
  volume: numbers.quantity(candle.volume),
  quoteVolume: numbers.notional(candle.quoteVolume),
  trades: candle.trades,
});

/** Prices that do not exist yet are null: nobody has traded, or nothing rests on that side. */
export const tickerMessage = (
  numbers: MarketNumbers,
  ticker: Ticker,
): z.infer<typeof tickerSchema> => ({
  market: numbers.market.symbol,
  at: timeText(ticker.closeTime),
  last: priceOrNull(numbers, ticker.last),
  open: priceOrNull(numbers, ticker.open),
  high: priceOrNull(numbers, ticker.high),
  low: priceOrNull(numbers, ticker.low),
  bid: priceOrNull(numbers, ticker.bid.price),
  bidQuantity: numbers.quantity(ticker.bid.quantity),
  ask: priceOrNull(numbers, ticker.ask.price),
  askQuantity: numbers.quantity(ticker.ask.quantity),
  volume: numbers.quantity(ticker.volume),
  quoteVolume: numbers.notional(ticker.quoteVolume),
  trades: ticker.trades,
});

const priceOrNull = (numbers: MarketNumbers, price: number): string | null =>
  price === 0 ? null : numbers.price(price);

export const orderMessage = (
  numbers: MarketNumbers,
  order: OrderView,
): z.infer<typeof orderSchema> => {
  const message = {
    id: String(order.orderId),
    clientOrderId: order.clientOrderId === "" ? null : order.clientOrderId,
    market: numbers.market.symbol,
    side: order.side,
    type: order.type,
    timeInForce: order.timeInForce,
    price: priceOrNull(numbers, order.price),
    quantity: order.quantity === 0 ? null : numbers.quantity(order.quantity),
    quoteQuantity: order.quoteQuantity === 0 ? null : numbers.notional(order.quoteQuantity),
    executedQuantity: numbers.quantity(order.executedQuantity),
    executedQuoteQuantity: numbers.notional(order.executedNotional),
    listId: order.listId === 0 ? null : String(order.listId),
    preventedQuantity: numbers.quantity(order.preventedQuantity),
    status: order.status,
    state: order.state,
    reason: order.reason === "" ? null : order.reason,
    placedAt: timeText(order.placedAt),
    updatedAt: timeText(order.updatedAt),
    sequence: order.sequence,
  };
  // Most orders ask for nothing else, and a literal without anything spread into it is made much quicker.
  return order.conditions === undefined
    ? message
    : { ...message, ...conditionsMessage(numbers, order.conditions) };
};

/** What else the order asked for, by the names that it was asked by. */
const conditionsMessage = (
  numbers: MarketNumbers,
  conditions: NonNullable<OrderView["conditions"]>,
): object => {
  const { displayQuantity, minQuantity, expiresAt, pegOffset } = conditions;
  const { triggerPrice, trailingOffset, activationPrice, slippage } = conditions;
  const { tradeGroup: _, clientOrderId: __, ...asked } = conditions;
  return {
    ...asked,
    ...(displayQuantity && { displayQuantity: numbers.quantity(displayQuantity) }),
    ...(minQuantity && { minQuantity: numbers.quantity(minQuantity) }),
    ...(expiresAt && { expiresAt: timeText(expiresAt) }),
    ...(triggerPrice && { triggerPrice: numbers.price(triggerPrice) }),
    ...(trailingOffset && { trailingOffset: numbers.price(trailingOffset) }),
    ...(activationPrice && { activationPrice: numbers.price(activationPrice) }),
    ...(slippage && { slippage: numbers.price(slippage) }),
    ...(pegOffset && { pegOffset: numbers.price(pegOffset) }),
  };
};

export const placementFillMessage = (
  numbers: MarketNumbers,
  fill: PlacementFill,
  views: Views,
): object => ({
  tradeId: String(fill.tradeId),
  price: numbers.price(fill.price),
  quantity: numbers.quantity(fill.quantity),
  ...feeMessage(fill, views),
});

export const fillMessage = (
  numbers: MarketNumbers,
  fill: FillView,
  views: Views,
): z.infer<typeof fillSchema> => ({
  tradeId: String(fill.tradeId),
  orderId: String(fill.orderId),
  market: numbers.market.symbol,
  side: fill.side,
  price: numbers.price(fill.price),
  quantity: numbers.quantity(fill.quantity),
  liquidity: fill.isMaker ? "maker" : "taker",
  ...feeMessage(fill, views),
  at: timeText(fill.at),
  sequence: fill.sequence,
  busted: fill.isBusted,
});

const feeMessage = (
  { fee, feeAsset }: { readonly fee: bigint; readonly feeAsset: number },
  views: Views,
): { fee: string; feeAsset: string | null } => {
  const asset = views.asset(feeAsset);
  return { fee: formatAmount(fee, asset?.decimals ?? 0), feeAsset: asset?.code ?? null };
};

export type BalanceMessage = z.infer<typeof balanceSchema>;

export const balanceMessage = (
  { code, decimals }: Asset,
  { balance, held }: { readonly balance: bigint; readonly held: bigint },
): BalanceMessage => ({
  asset: code,
  total: formatAmount(balance, decimals),
  held: formatAmount(held, decimals),
  available: formatAmount(balance - held, decimals),
});

export const causeMessage = (cause: BalanceCause): z.infer<typeof causeSchema> => {
  switch (cause.kind) {
    case "fill": {
      const { kind, entry, tradeId, orderId } = cause;
      return { kind, entry: String(entry), tradeId: String(tradeId), orderId: String(orderId) };
    }
    case "bust":
      return { kind: "bust", entry: String(cause.entry), tradeId: String(cause.tradeId) };
    case "entry":
      return { kind: "entry", entry: String(cause.entry), entryKind: cause.entryKind };
    case "order":
      return { kind: "order", orderId: String(cause.orderId) };
    case "withdrawal":
      return { kind: "withdrawal", withdrawal: String(cause.withdrawal) };
  }
};
