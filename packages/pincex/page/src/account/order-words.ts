import type { Order } from "./holdings.ts";

/** A number as the exchange sent it, in groups of three. */
export const grouped = (text: string | null | undefined): string => {
  if (text === null || text === undefined) return "–";
  const [whole = "", fraction] = text.split(".");
  const inThrees = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? inThrees : `${inThrees}.${fraction}`;
};

/** The same without zeros at the end. */
export const short = (text: string | null | undefined): string =>
  grouped(text?.includes(".") ? text.replace(/\.?0+$/, "") : text);

const TRIGGERS = { stop: "Stop", take_profit: "Take profit", trailing_stop: "Trailing stop" };

/** "Stop limit", "Iceberg", "Market". */
export const kindWords = (order: Order): string => {
  const { type, trigger, peg, displayQuantity } = order;
  if (trigger === "trailing_stop") return TRIGGERS[trigger];
  if (trigger !== undefined)
    return `${TRIGGERS[trigger]} ${type === "market" ? "market" : "limit"}`;
  if (peg !== undefined) return "Pegged";
  if (displayQuantity !== undefined) return "Iceberg";
  if (type === "market_to_limit") return "Market to limit";
  return type === "market" ? "Market" : "Limit";
};

/** What else it says, in few words. */
export const conditionWords = (order: Order): string =>
  [
    order.timeInForce === "gtc" || order.type === "market" ? "" : order.timeInForce.toUpperCase(),
    order.postOnly === undefined ? "" : "post only",
    order.hidden ? "hidden" : "",
    order.allOrNone ? "all or none" : "",
    order.listId === null ? "" : `list ${order.listId}`,
  ]
    .filter((word) => word !== "")
    .join(", ");

/** When it comes in, of an order that waits; empty of others. */
export const triggerWords = ({
  triggerPrice,
  trailingOffset,
  trailingBasisPoints,
}: Order): string => {
  if (triggerPrice !== undefined) return grouped(triggerPrice);
  if (trailingOffset !== undefined) return `${grouped(trailingOffset)} away`;
  return trailingBasisPoints === undefined ? "" : `${trailingBasisPoints / 100} % away`;
};

/** How much of it is done, in percent. */
export const filledPercent = (order: Order): number => {
  const { quantity, quoteQuantity, executedQuantity, executedQuoteQuantity } = order;
  const [whole, done] =
    quantity === null ? [quoteQuantity, executedQuoteQuantity] : [quantity, executedQuantity];
  return whole === null || Number(whole) === 0
    ? 0
    : Math.floor((Number(done) / Number(whole)) * 100);
};

const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
const dayAndClock = new Intl.DateTimeFormat("en-GB", { dateStyle: "short", timeStyle: "medium" });

/** The time of a moment of today, with its date if it is another day's. */
export const momentWords = (at: string | number): string => {
  const moment = new Date(at);
  const isToday = moment.toDateString() === new Date().toDateString();
  return (isToday ? clock : dayAndClock).format(moment);
};
