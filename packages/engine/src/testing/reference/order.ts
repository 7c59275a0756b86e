import type { OrderTerms } from "../../commands/command.ts";
import type { Conditions } from "../../conditions/conditions.ts";
import type { SideName } from "../../side.ts";
import type { OrderList } from "./order-list.ts";

/** What an order waits for: its trigger, the closing auction, a price to stand at, or lots enough to trade in full. */
export type Wait = "trigger" | "auction" | "price" | "lots";

/** An order as the reference engine keeps it: what was asked for, and where it stands. */
export interface Order extends OrderTerms {
  readonly orderId: number;
  /** Ticks: the limit as it is now. */
  price: number;
  /** Ticks: of a pegged order how far its price may go. */
  readonly limit: number;
  /** Lots as placed or amended, less those that were taken off since. */
  quantity: number;
  /** Ticks × lots that it may spend or shall raise; 0 of an order by quantity. */
  quoteQuantity: number;
  /** Only what was asked for: nothing that is 0. */
  readonly conditions: Conditions;
  /** Lots still to trade; 0 of an order by quote quantity. */
  remaining: number;
  /** Ticks × lots that an order by quote quantity still has. */
  budget: number;
  /** Lots that everybody sees. */
  shown: number;
  state: "coming" | "resting" | "waiting" | "pending";
  /** Of a waiting order. */
  waitsFor: Wait | undefined;
  /** The list that it was placed with. */
  readonly list?: OrderList;
  /** Its place in the queue at its price: lower ones came there earlier. */
  place: number;
  /** Of a trailing stop: the best price since it began, in ticks; 0 before. */
  extreme: number;
}

/** The terms of a command with nothing in them that asks for nothing: a condition of 0 is none, and −0 is 0. */
export const askedFor = (terms: OrderTerms): OrderTerms & { readonly conditions: Conditions } => ({
  market: terms.market,
  account: terms.account,
  side: terms.side,
  type: terms.type,
  timeInForce: terms.timeInForce,
  price: terms.price + 0,
  quantity: terms.quantity + 0,
  quoteQuantity: terms.quoteQuantity + 0,
  conditions: Object.fromEntries(
    Object.entries(terms.conditions ?? {}).filter(
      ([name, value]) => value !== 0 && !(name === "triggerOn" && value === "last"),
    ),
  ),
});

export const hasConditions = ({ conditions = {} }: OrderTerms): boolean =>
  Object.keys(conditions).length > 0;

/** Whether the order rests if it does not trade. */
export const canRest = ({ type, timeInForce }: Pick<OrderTerms, "type" | "timeInForce">): boolean =>
  type !== "market" && ["gtc", "day", "gtd", "at_open", "at_close"].includes(timeInForce);

/** Whether it is for one auction. */
export const isForAuction = ({ timeInForce }: Pick<OrderTerms, "timeInForce">): boolean =>
  timeInForce === "at_open" || timeInForce === "at_close";

/** Whether nobody sees the order where it rests. */
export const isUnseen = ({ conditions: { hidden, peg } = {} }: OrderTerms): boolean =>
  hidden === true || peg !== undefined;

export const otherSide = (side: SideName): SideName => (side === "buy" ? "sell" : "buy");

/** Whether an order of a side accepts a price. */
export const accepts = (order: OrderTerms, price: number): boolean => {
  if (order.type === "market" && order.price === 0) return true;
  return order.side === "buy" ? price <= order.price : price >= order.price;
};

/** Below 0 if the first price is better for an order of the side to stand at: nearer to the other side. */
const byPrice = (side: SideName, one: number, other: number): number =>
  side === "buy" ? other - one : one - other;

/** Who trades first: the better price, then what is shown, then who came first to its place. */
export const byRank = (one: Order, other: Order): number =>
  byPrice(one.side, one.price, other.price) ||
  Number(isUnseen(one)) - Number(isUnseen(other)) ||
  one.place - other.place;

/** Lots that can trade with it at one meeting. */
export const lotsAtOnce = (order: Order): number =>
  isUnseen(order) ? order.remaining : order.shown;

/** Shows what it may show of what is left. */
export const showAnew = (order: Order): void => {
  const { displayQuantity = order.remaining } = order.conditions;
  order.shown = isUnseen(order) ? 0 : Math.min(displayQuantity, order.remaining);
};
