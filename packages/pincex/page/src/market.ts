import { type Decimal, decimal } from "./decimal.ts";
import { decimalsOf } from "./scaled.ts";

/** A market as this page needs it. */
export interface Market {
  /** As the Binance dialect names it: `BTCUSDT`. */
  readonly symbol: string;
  /** As people and the native API name it: `BTC-USDT`. */
  readonly name: string;
  readonly base: string;
  readonly quote: string;
  readonly priceDecimals: number;
  readonly quantityDecimals: number;
  readonly quoteDecimals: number;
  readonly priceIncrement: Decimal;
  readonly quantityIncrement: Decimal;
  readonly maxPrice: Decimal;
  readonly minQuantity: Decimal;
  readonly maxQuantity: Decimal;
  readonly minNotional: Decimal;
  /** Parts per million of what is received. */
  readonly takerFeePpm: number;
}

/** A market in the answer of `/v1/markets`. */
export interface ListedMarket {
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  readonly quoteDecimals: number;
  readonly priceIncrement: string;
  readonly quantityIncrement: string;
  readonly maxPrice: string;
  readonly minQuantity: string;
  readonly maxQuantity: string;
  readonly minNotional: string;
  readonly takerFeePpm: number;
}

export const marketsOf = ({ markets }: { markets: readonly ListedMarket[] }): Market[] =>
  markets.map(marketOf);

export const marketOf = (listed: ListedMarket): Market => ({
  symbol: listed.symbol.replaceAll("-", ""),
  name: listed.symbol,
  base: listed.base,
  quote: listed.quote,
  priceDecimals: decimalsOf(listed.priceIncrement),
  quantityDecimals: decimalsOf(listed.quantityIncrement),
  quoteDecimals: listed.quoteDecimals,
  priceIncrement: decimal(listed.priceIncrement),
  quantityIncrement: decimal(listed.quantityIncrement),
  maxPrice: decimal(listed.maxPrice),
  minQuantity: decimal(listed.minQuantity),
  maxQuantity: decimal(listed.maxQuantity),
  minNotional: decimal(listed.minNotional),
  takerFeePpm: listed.takerFeePpm,
});
