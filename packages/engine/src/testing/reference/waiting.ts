import type { Order } from "./order.ts";

/** The prices that orders of a market wait for; 0: there is none yet. */
export interface WatchedPrices {
  readonly lastPrice: number;
  readonly markPrice: number;
}

/** Moves a trailing stop with the price. */
export const follow = (order: Order, prices: WatchedPrices): void => {
  const price = watchedPrice(order, prices);
  if (order.conditions.trigger !== "trailing_stop" || price === 0) return;
  const { activationPrice } = order.conditions;
  const isSell = order.side === "sell";
  if (order.extreme === 0) {
    const begins =
      activationPrice === undefined ||
      (isSell ? price >= activationPrice : price <= activationPrice);
    if (begins) order.extreme = price;
  } else {
    order.extreme = isSell ? Math.max(order.extreme, price) : Math.min(order.extreme, price);
  }
};

/** The price that an order waits for now, in ticks; 0 if it waits for none that can be reached. */
export const triggerPriceNow = (order: Order): number => {
  const { trigger, triggerPrice = 0, trailingOffset, trailingBasisPoints = 0 } = order.conditions;
  if (trigger !== "trailing_stop") return triggerPrice;
  if (order.extreme === 0) return 0;
  const distance =
    trailingOffset ?? Math.max(1, Math.floor((order.extreme * trailingBasisPoints) / 10_000));
  return order.side === "sell"
    ? Math.max(0, order.extreme - distance)
    : Math.min(2 ** 31 - 2, order.extreme + distance);
};

/** Of the waiting orders of a market the one that is triggered next. */
export const nextTriggered = (
  waiting: readonly Order[],
  prices: WatchedPrices,
): Order | undefined =>
  waiting
    .filter((order) => {
      const price = watchedPrice(order, prices);
      const trigger = triggerPriceNow(order);
      if (price === 0 || trigger === 0) return false;
      return waitsForRise(order) ? price >= trigger : price <= trigger;
    })
    .sort(
      (one, other) =>
        Number(watchesMark(one)) - Number(watchesMark(other)) ||
        Number(waitsForRise(other)) - Number(waitsForRise(one)) ||
        (waitsForRise(one)
          ? triggerPriceNow(one) - triggerPriceNow(other)
          : triggerPriceNow(other) - triggerPriceNow(one)) ||
        one.orderId - other.orderId,
    )[0];

const watchesMark = (order: Order): boolean => order.conditions.triggerOn === "mark";

const watchedPrice = (order: Order, { lastPrice, markPrice }: WatchedPrices): number =>
  watchesMark(order) ? markPrice : lastPrice;

/** A stop follows the price away from its side: a buy up, a sell down. A take-profit is the other way round. */
const waitsForRise = ({ side, conditions }: Order): boolean =>
  (conditions.trigger === "take_profit") === (side === "sell");
