import type { OrderView } from "@pincex/venue/views";

/** The types that an order may have here. */
export const ORDER_TYPES = [
  "LIMIT",
  "LIMIT_MAKER",
  "MARKET",
  "STOP_LOSS",
  "STOP_LOSS_LIMIT",
  "TAKE_PROFIT",
  "TAKE_PROFIT_LIMIT",
] as const;

export type BinanceOrderType = (typeof ORDER_TYPES)[number];

/** Whether an order of the type has a limit. */
export const hasLimit = (type: BinanceOrderType): boolean => type.includes("LIMIT");

/** Whether an order of the type waits for a price. */
export const waits = (type: BinanceOrderType): boolean =>
  type.startsWith("STOP_LOSS") || type.startsWith("TAKE_PROFIT");

/**
 * What Binance calls an order. One that trails is a take-profit if it begins at a price, and a stop-loss otherwise: both
 * trigger in the same direction.
 */
export const binanceType = ({ type, conditions }: OrderView): BinanceOrderType => {
  const { trigger, activationPrice, postOnly } = conditions ?? {};
  if (trigger !== undefined) {
    const takesProfit = trigger === "take_profit" || activationPrice !== undefined;
    const family = takesProfit ? "TAKE_PROFIT" : "STOP_LOSS";
    return type === "market" ? family : `${family}_LIMIT`;
  }
  if (postOnly !== undefined) return "LIMIT_MAKER";
  return type === "market" ? "MARKET" : "LIMIT";
};

export const SELF_TRADE_MODES = [
  "NONE",
  "EXPIRE_TAKER",
  "EXPIRE_MAKER",
  "EXPIRE_BOTH",
  "DECREMENT",
] as const;

export type SelfTradeMode = (typeof SELF_TRADE_MODES)[number];

export const selfTradeModeOf = ({ conditions }: OrderView): string =>
  conditions?.selfTrade?.toUpperCase() ?? "NONE";
