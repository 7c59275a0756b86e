import type { OrderTerms } from "../../commands/command.ts";
import type { Conditions } from "../../conditions/conditions.ts";
import { canRest, isForAuction } from "./order.ts";
import { brokenPriceRule, type Code, isMultiple } from "./placement-rules.ts";
import type { MarketRules } from "./price-increments.ts";

/** What an order is judged by. */
export interface Judgement {
  readonly rules: MarketRules;
  /** The time. */
  readonly now: number;
  /** The client order ids of the account's other open orders. */
  readonly takenIds: readonly number[];
}

/** An order whose terms break no other rule, with 0 for each number that it doesn't ask for, and what it is judged by. */
type Judged = OrderTerms &
  Required<Pick<Conditions, NumberCondition>> &
  Pick<
    Conditions,
    "postOnly" | "selfTrade" | "hidden" | "trigger" | "triggerOn" | "allOrNone" | "peg"
  > &
  Judgement;
type NumberCondition = keyof typeof NO_NUMBERS;

const NO_NUMBERS = {
  tradeGroup: 0,
  expiresAt: 0,
  displayQuantity: 0,
  minQuantity: 0,
  triggerPrice: 0,
  trailingOffset: 0,
  trailingBasisPoints: 0,
  activationPrice: 0,
  slippage: 0,
  pegOffset: 0,
  clientOrderId: 0,
};

/** The first rule about conditions that an order breaks. */
export const brokenConditionRule = (order: OrderTerms, judgement: Judgement): Code | undefined => {
  const judged = { ...order, ...NO_NUMBERS, ...order.conditions, ...judgement };
  return RULES.find(([, keeps]) => !keeps(judged))?.[0];
};

/** In the order of their numbers: what must be so. */
const RULES: readonly [Code, (order: Judged) => boolean][] = [
  ["post_only_must_rest", (it) => !it.postOnly || (isLimitThatRests(it) && !isForAuction(it))],
  ["expiry_without_gtd", (it) => isGtd(it) === (it.expiresAt !== 0)],
  [
    "expiry_not_in_future",
    (it) => !isGtd(it) || (Number.isSafeInteger(it.expiresAt) && it.expiresAt > it.now),
  ],
  [
    "display_quantity_out_of_range",
    (it) =>
      it.displayQuantity === 0 ||
      (isLots(it.displayQuantity, it) && it.displayQuantity < it.quantity && canRest(it)),
  ],
  ["hidden_must_rest", (it) => !it.hidden || (canRest(it) && it.displayQuantity === 0)],
  [
    "minimum_fill_out_of_range",
    (it) =>
      it.minQuantity === 0 ||
      (isLots(it.minQuantity, it) &&
        it.minQuantity <= it.quantity &&
        it.quoteQuantity === 0 &&
        it.timeInForce !== "fok"),
  ],
  [
    "trigger_price_out_of_range",
    (it) =>
      it.trigger === "stop" || it.trigger === "take_profit"
        ? isPrice(it.triggerPrice, it)
        : it.triggerPrice === 0,
  ],
  [
    "trailing_distance_out_of_range",
    (it) =>
      isTrailing(it)
        ? isDistance(it.trailingOffset, it)
          ? it.trailingBasisPoints === 0
          : it.trailingOffset === 0 && isFrom1To(9_999, it.trailingBasisPoints)
        : it.trailingOffset === 0 && it.trailingBasisPoints === 0,
  ],
  [
    "activation_price_out_of_range",
    (it) => it.activationPrice === 0 || (isTrailing(it) && isPrice(it.activationPrice, it)),
  ],
  [
    "slippage_out_of_range",
    (it) =>
      it.slippage === 0 || (it.type === "market" && it.price === 0 && isDistance(it.slippage, it)),
  ],
  ["trade_group_out_of_range", (it) => it.tradeGroup >= 0 && it.tradeGroup < 2 ** 31],
  [
    "self_trade_unknown",
    (it) => it.quoteQuantity === 0 || (it.selfTrade !== "decrement" && it.selfTrade !== "transfer"),
  ],
  ["trigger_without_wait", (it) => it.triggerOn !== "mark" || it.trigger !== undefined],
  [
    "peg_out_of_place",
    (it) =>
      !it.peg ||
      (isLimitThatRests(it) &&
        !it.trigger &&
        !it.postOnly &&
        it.displayQuantity === 0 &&
        it.minQuantity === 0 &&
        !it.allOrNone),
  ],
  [
    "peg_offset_out_of_range",
    (it) => it.pegOffset === 0 || (it.peg !== undefined && isDistance(it.pegOffset, it)),
  ],
  [
    "all_or_none_out_of_place",
    (it) =>
      !it.allOrNone ||
      (isLimitThatRests(it) &&
        it.displayQuantity === 0 &&
        !it.hidden &&
        it.minQuantity === 0 &&
        !it.postOnly),
  ],
  [
    "auction_order_must_be_plain",
    (it) =>
      !isForAuction(it) ||
      (it.type === "limit" &&
        !it.trigger &&
        !it.peg &&
        !it.allOrNone &&
        it.minQuantity === 0 &&
        !it.postOnly),
  ],
  [
    "client_order_id_out_of_range",
    (it) => Number.isSafeInteger(it.clientOrderId) && it.clientOrderId >= 0,
  ],
  ["client_order_id_taken", (it) => !it.takenIds.includes(it.clientOrderId)],
];

const isLimitThatRests = (it: Judged): boolean => it.type === "limit" && canRest(it);
const isGtd = ({ timeInForce }: Judged): boolean => timeInForce === "gtd";
const isTrailing = ({ trigger }: Judged): boolean => trigger === "trailing_stop";
const isFrom1To = (most: number, value: number): boolean => value >= 1 && value <= most;
const isDistance = (ticks: number, { rules }: Judged): boolean => isFrom1To(rules.maxPrice, ticks);
const isPrice = (price: number, { rules }: Judged): boolean =>
  brokenPriceRule(price, rules) === undefined;
const isLots = (lots: number, { rules }: Judged): boolean =>
  lots > 0 && isMultiple(lots, rules.quantityIncrement);
