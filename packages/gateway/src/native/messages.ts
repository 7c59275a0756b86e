import { formatAmount } from "@pincex/ledger";
import type { BookRow, Candle, PublicTrade, Ticker } from "@pincex/market-data";
import type { Asset, FillView, OrderView, Views } from "@pincex/venue/views";
import type { MarketNumbers } from "../market-numbers.ts";
import type { PlacementFill } from "../placed-orders.ts";

// How the native API writes things: decimals and ids as strings, times as RFC 3339 with milliseconds.

export const timeText = (at: number): string => new Date(at).toISOString();

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

export const rowsMessage = (numbers: MarketNumbers, rows: readonly BookRow[]): string[][] =>
  rows.map(([price, quantity]) => [numbers.price(price), numbers.quantity(quantity)]);

export const tradeMessage = (numbers: MarketNumbers, trade: PublicTrade): object => ({
  id: String(trade.tradeId),
  price: numbers.price(trade.price),
  quantity: numbers.quantity(trade.quantity),
  takerSide: trade.takerSide,
  at: timeText(trade.at),
});

export const candleMessage = (numbers: MarketNumbers, candle: Candle): object => ({
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
export const tickerMessage = (numbers: MarketNumbers, ticker: Ticker): object => ({
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

export const orderMessage = (numbers: MarketNumbers, order: OrderView): object => {
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

export const fillMessage = (numbers: MarketNumbers, fill: FillView, views: Views): object => ({
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
): object => {
  const asset = views.asset(feeAsset);
  return { fee: formatAmount(fee, asset?.decimals ?? 0), feeAsset: asset?.code ?? null };
};

export const balanceMessage = (
  { code, decimals }: Asset,
  { balance, held }: { readonly balance: bigint; readonly held: bigint },
): object => ({
  asset: code,
  total: formatAmount(balance, decimals),
  held: formatAmount(held, decimals),
  available: formatAmount(balance - held, decimals),
});
