import { type EventRegister, OrderType, SelfTrade, TimeInForce, Trigger } from "@pincex/engine";

/**
 * Whether the venue can hold and settle what an order asks for. What it can't yet: orders that end at a time or wait for a
 * price, because its commands don't set the engine's time, phases and mark prices; limits that the engine works out by itself;
 * prevented self-trades that take lots off both orders.
 */
export const areTermsSupported = (order: EventRegister): boolean =>
  order.type !== OrderType.market_to_limit &&
  order.timeInForce !== TimeInForce.gtd &&
  order.timeInForce !== TimeInForce.day &&
  order.trigger === Trigger.none &&
  order.slippage === 0 &&
  order.selfTrade !== SelfTrade.decrement &&
  order.selfTrade !== SelfTrade.transfer;
