import { decimalsOf } from "./scaled.ts";

/** A market as this page needs it. */
export interface Market {
  /** As the API names it: `BTCUSDT`. */
  readonly symbol: string;
  /** As people name it: `BTC-USDT`. */
  readonly name: string;
  readonly base: string;
  readonly quote: string;
  readonly priceDecimals: number;
  readonly quantityDecimals: number;
}

interface ListedSymbol {
  readonly symbol: string;
  readonly baseAsset: string;
  readonly quoteAsset: string;
  readonly filters: readonly { filterType: string; tickSize?: string; stepSize?: string }[];
}

const stepOf = (listed: ListedSymbol, filter: string, step: "tickSize" | "stepSize"): string =>
  listed.filters.find(({ filterType }) => filterType === filter)?.[step] ?? "1";

/** The markets in the answer of `/api/v3/exchangeInfo`. */
export const marketsOf = (info: { symbols: readonly ListedSymbol[] }): Market[] =>
  info.symbols.map((listed) => ({
    symbol: listed.symbol,
    name: `${listed.baseAsset}-${listed.quoteAsset}`,
    base: listed.baseAsset,
    quote: listed.quoteAsset,
    priceDecimals: decimalsOf(stepOf(listed, "PRICE_FILTER", "tickSize")),
    quantityDecimals: decimalsOf(stepOf(listed, "LOT_SIZE", "stepSize")),
  }));
