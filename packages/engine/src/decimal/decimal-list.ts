import type { ListLeg, PlaceList } from "../commands/command.ts";
import { FEWEST_LEGS, MOST_LEGS } from "../commands/command-layout.ts";
import { type BookRefusal, refused } from "./book-refusal.ts";
import type { BookUnits } from "./book-units.ts";
import type { LimitOrder, MarketOrder, MarketToLimitOrder } from "./decimal-order.ts";
import {
  limitTerms,
  MARKET,
  marketTerms,
  marketToLimitTerms,
  type OrderReading,
} from "./order-terms.ts";

/** An order of a list with a limit. */
export interface ListedLimitOrder extends Omit<LimitOrder, "account" | "quantity"> {
  readonly type: "limit";
  /** Left out of a pending order that is sized by what was received. */
  readonly quantity?: string;
}

/** An order of a list that trades at once. Sized by what was received, it has neither quantity. */
export interface ListedMarketOrder extends Omit<MarketOrder, "account"> {
  readonly type: "market";
}

/** An order of a list that trades at the best price of the other side, and rests there. */
export interface ListedMarketToLimitOrder extends Omit<MarketToLimitOrder, "account" | "quantity"> {
  readonly type: "market_to_limit";
  /** Left out of a pending order that is sized by what was received. */
  readonly quantity?: string;
}

/** One order of a list, which says what kind of order it is. */
export type ListedOrder = ListedLimitOrder | ListedMarketOrder | ListedMarketToLimitOrder;

/** A pair: one cancels the other. Each waits for a price, or is `postOnly: "reject"`; at least one waits. */
export interface OneCancelsOther {
  readonly contingency: "oco";
  readonly orders: readonly [ListedOrder, ListedOrder];
  /** Whose they are: 1 unless told otherwise. */
  readonly account?: number;
}

/** A working order, and one that is kept until the working one has traded in full. */
export interface OneTriggersOther {
  readonly contingency: "oto";
  /** The working order first. */
  readonly orders: readonly [ListedOrder, ListedOrder];
  /** `"fixed"` unless told otherwise; `"received"`: what the working order has received is the size of the pending one. */
  readonly sizing?: "fixed" | "received";
  readonly account?: number;
}

/** A working order, and two that are kept until it has traded in full, and then are a pair. */
export interface OneTriggersPair {
  readonly contingency: "otoco";
  /** The working order first. */
  readonly orders: readonly [ListedOrder, ListedOrder, ListedOrder];
  /** `"fixed"` unless told otherwise; `"received"`: what the working order has received is the size of the pending ones. */
  readonly sizing?: "fixed" | "received";
  readonly account?: number;
}

/** Orders that depend on one another: all are placed, or none. */
export type OrderList = OneCancelsOther | OneTriggersOther | OneTriggersPair;

/** A list in increments, or the first field of its orders that is no decimal of its unit. */
export const readList = (
  units: BookUnits,
  list: OrderList,
): { readonly ok: true; readonly command: PlaceList } | BookRefusal => {
  const { contingency, orders, account = 1 } = list;
  // More or fewer than any list has would have no record.
  if (orders.length < FEWEST_LEGS || orders.length > MOST_LEGS) {
    return refused("list_legs_wrong_in_number", "legs");
  }
  const legs: ListLeg[] = [];
  for (const [index, order] of orders.entries()) {
    const reading = readOrder(units, order);
    if (!reading.ok) return { ...reading, leg: index + 1 };
    const { market: _, account: __, ...leg } = reading.terms;
    legs.push(leg);
  }
  const sizing = "sizing" in list ? (list.sizing ?? "fixed") : "fixed";
  return {
    ok: true,
    command: { kind: "place_list", market: MARKET, account, contingency, sizing, legs },
  };
};

const readOrder = (units: BookUnits, order: ListedOrder): OrderReading => {
  switch (order.type) {
    case "limit": {
      const { type: _, quantity = "0", ...limit } = order;
      return limitTerms(units, { ...limit, quantity });
    }
    case "market": {
      const { type: _, ...market } = order;
      return marketTerms(units, market);
    }
    case "market_to_limit": {
      const { type: _, quantity = "0", ...converting } = order;
      return marketToLimitTerms(units, { ...converting, quantity });
    }
    default:
      return refused("order_type_unknown", "type");
  }
};
