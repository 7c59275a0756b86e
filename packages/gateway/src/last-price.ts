import type { MarketData } from "@pincex/market-data";

/** The price of a market's last trade, in ticks, which waiting orders go by; 0 if nobody has traded. */
export const lastPrice = (marketData: MarketData, market: number): number =>
  marketData.latestCandle(market, "1m")?.close ?? 0;
