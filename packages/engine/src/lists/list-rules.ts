import { Contingency, Sizing } from "../commands/command.ts";
import { PostOnly, Trigger } from "../conditions/conditions.ts";
import type { IncomingOrder } from "../incoming-order.ts";
import { OrderType } from "../order-type.ts";
import { REJECTIONS } from "../rejection.ts";
import { Side } from "../side.ts";

/** What a list says of itself. */
export interface ListShape {
  /** One of `Contingency`. */
  readonly contingency: number;
  /** One of `Sizing`. */
  readonly sizing: number;
  /** How many orders it has. */
  readonly legs: number;
}

/** What the legs that have been judged already are to those that follow. */
export interface LegsBefore {
  /** Of the first leg. */
  side: number;
  /** Whether one of a pair waits for a trigger. */
  isTriggered: boolean;
}

/** The number of the first rule that a list breaks, whatever its orders are; 0 if it breaks none. */
export const brokenListRule = ({ contingency, sizing, legs }: ListShape): number => {
  if (contingency > Contingency.otoco) return REJECTIONS.list_contingency_unknown.number;
  if (sizing > Sizing.received || (contingency === Contingency.oco && sizing !== Sizing.fixed))
    return REJECTIONS.list_sizing_unknown.number;
  if (legs !== (contingency === Contingency.otoco ? 3 : 2))
    return REJECTIONS.list_legs_wrong_in_number.number;
  return 0;
};

/** The number of the first rule that an order breaks as a leg of its list; 0 if it breaks none. */
export const brokenLegRule = (
  order: IncomingOrder,
  { contingency, legs }: ListShape,
  before: LegsBefore,
): number => {
  const isOfPair = contingency === Contingency.oco || (order.isPending && legs === 3);
  if (isOfPair && !waitsOrOnlyMakes(order)) return REJECTIONS.list_pair_must_wait.number;
  const isLast = order.leg === legs;
  if (isOfPair && isLast && !before.isTriggered && order.trigger === Trigger.none)
    return REJECTIONS.list_pair_must_wait.number;
  if (order.isSizedLater && !isSizable(order, before.side))
    return REJECTIONS.list_sizing_out_of_place.number;
  return 0;
};

const waitsOrOnlyMakes = (order: IncomingOrder): boolean =>
  order.trigger !== Trigger.none || order.postOnly === PostOnly.reject;

/** Whether what the working order receives can be an order's size. */
const isSizable = (order: IncomingOrder, workingSide: number): boolean =>
  order.side !== workingSide &&
  order.quantity === 0 &&
  order.quoteQuantity === 0 &&
  order.displayQuantity === 0 &&
  order.minQuantity === 0 &&
  !(workingSide === Side.sell && order.type === OrderType.market_to_limit);
