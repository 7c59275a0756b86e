import type { EngineEvent } from "@pincex/engine";
import type { PublicTrade } from "../public-trade.ts";

/** The engine's event of a trade; who traded does not matter to market data. */
export const tradeEvent = (trade: PublicTrade): EngineEvent => ({
  kind: "trade",
  market: trade.market,
  tradeId: trade.tradeId,
  price: trade.price,
  quantity: trade.quantity,
  takerSide: trade.takerSide,
  makerOrderId: 1,
  takerOrderId: 2,
  makerAccount: 1,
  takerAccount: 2,
  makerRemaining: 0,
  takerRemaining: 0,
});
