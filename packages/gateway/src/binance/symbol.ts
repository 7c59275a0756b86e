import type { MarketView } from "@pincex/venue/views";

/** "BTCUSDT" of "BTC-USDT". */
export const binanceSymbol = (market: MarketView): string => market.symbol.replaceAll("-", "");
