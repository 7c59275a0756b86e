import { Peg, PostOnly, SelfTrade, Trigger, TriggerOn } from "../conditions/conditions.ts";
import type { IncomingOrder } from "../incoming-order.ts";
import type { OrderBooks } from "../order-books.ts";
import { OrderType } from "../order-type.ts";
import { REJECTIONS } from "../rejection.ts";
import { Side } from "../side.ts";
import { TimeInForce } from "../time-in-force.ts";
import { isCount, isMultipleOf } from "../whole-number.ts";

const MOST_BASIS_POINTS = 9_999;

/** The number of the first rule that the conditions of an order break; 0 if they break none. */
export const brokenConditionRule = (
  order: IncomingOrder,
  books: OrderBooks,
  replaced: number,
): number => {
  const { markets, time } = books;
  const { row } = order;
  const isMultiple = (lots: number): boolean => isMultipleOf(lots, markets.quantityIncrement(row));
  const isPrice = (price: number): boolean =>
    price > 0 &&
    price <= markets.maxPrice(row) &&
    price % markets.priceIncrementAt(row, price) === 0;
  if (order.postOnly !== PostOnly.none && !(order.type === OrderType.limit && order.lasts))
    return REJECTIONS.post_only_must_rest.number;
  if ((order.timeInForce === TimeInForce.gtd) !== (order.expiresAt !== 0))
    return REJECTIONS.expiry_without_gtd.number;
  if (order.expiresAt !== 0 && !(isCount(order.expiresAt) && order.expiresAt > time))
    return REJECTIONS.expiry_not_in_future.number;
  if (order.displayQuantity !== 0 && !isDisplayable(order, isMultiple))
    return REJECTIONS.display_quantity_out_of_range.number;
  if (order.asksToBeHidden && !(mayRest(order) && order.displayQuantity === 0))
    return REJECTIONS.hidden_must_rest.number;
  if (order.minQuantity !== 0 && !isMinimum(order, isMultiple))
    return REJECTIONS.minimum_fill_out_of_range.number;
  if (hasFixedTrigger(order) ? !isPrice(order.triggerPrice) : order.triggerPrice !== 0)
    return REJECTIONS.trigger_price_out_of_range.number;
  if (!isDistance(order, markets.maxPrice(row)))
    return REJECTIONS.trailing_distance_out_of_range.number;
  if (order.activationPrice !== 0 && !(isTrailing(order) && isPrice(order.activationPrice)))
    return REJECTIONS.activation_price_out_of_range.number;
  if (order.slippage !== 0 && !isSlippage(order, markets.maxPrice(row)))
    return REJECTIONS.slippage_out_of_range.number;
  if (order.tradeGroup < 0) return REJECTIONS.trade_group_out_of_range.number;
  if (order.selfTrade > SelfTrade.transfer || (wantsQuote(order) && losesLots(order.selfTrade)))
    return REJECTIONS.self_trade_unknown.number;
  if (order.triggerOn === TriggerOn.mark && order.trigger === Trigger.none)
    return REJECTIONS.trigger_without_wait.number;
  if (order.peg !== Peg.none && !isPeggable(order)) return REJECTIONS.peg_out_of_place.number;
  if (order.pegOffset !== 0 && !isPegOffset(order, markets.maxPrice(row)))
    return REJECTIONS.peg_offset_out_of_range.number;
  if (order.isAllOrNone && !(mayWaitForAll(order) && !order.asksToBeHidden))
    return REJECTIONS.all_or_none_out_of_place.number;
  if (order.isForOneAuction && !mayWaitForAuction(order))
    return REJECTIONS.auction_order_must_be_plain.number;
  if (order.clientOrderId !== 0 && !isCount(order.clientOrderId))
    return REJECTIONS.client_order_id_out_of_range.number;
  if (order.clientOrderId !== 0 && isNameTaken(order, books, replaced))
    return REJECTIONS.client_order_id_taken.number;
  return 0;
};

/** Whether it is a limit order that rests, and asks for nothing that has to do with how it trades at once or how much of it is shown. */
const mayWaitForAll = (order: IncomingOrder): boolean =>
  order.type === OrderType.limit &&
  order.rests &&
  order.displayQuantity === 0 &&
  order.minQuantity === 0 &&
  order.postOnly === PostOnly.none;

const isPeggable = (order: IncomingOrder): boolean =>
  mayWaitForAll(order) && !order.isAllOrNone && order.trigger === Trigger.none;

const isPegOffset = (order: IncomingOrder, maxPrice: number): boolean =>
  order.peg !== Peg.none && order.pegOffset > 0 && order.pegOffset <= maxPrice;

const mayWaitForAuction = (order: IncomingOrder): boolean =>
  order.type === OrderType.limit &&
  order.trigger === Trigger.none &&
  order.peg === Peg.none &&
  !order.isAllOrNone &&
  order.minQuantity === 0 &&
  order.postOnly === PostOnly.none;

const isNameTaken = (order: IncomingOrder, books: OrderBooks, replaced: number): boolean => {
  const holder = books.clientOrderIds.find(order.account, order.clientOrderId);
  if (holder !== 0 && holder !== replaced) return true;
  return order.openLegNames.includes(order.clientOrderId);
};

const mayRest = (order: IncomingOrder): boolean => order.type !== OrderType.market && order.rests;

const isDisplayable = (order: IncomingOrder, isMultiple: (lots: number) => boolean): boolean =>
  mayRest(order) &&
  order.displayQuantity > 0 &&
  order.displayQuantity < order.quantity &&
  isMultiple(order.displayQuantity);

const isMinimum = (order: IncomingOrder, isMultiple: (lots: number) => boolean): boolean =>
  !order.isByQuote &&
  order.timeInForce !== TimeInForce.fok &&
  order.minQuantity > 0 &&
  order.minQuantity <= order.quantity &&
  isMultiple(order.minQuantity);

const isTrailing = (order: IncomingOrder): boolean => order.trigger === Trigger.trailing_stop;

const hasFixedTrigger = (order: IncomingOrder): boolean =>
  order.trigger === Trigger.stop || order.trigger === Trigger.take_profit;

/** A trailing stop has one of the two distances, others have none. */
const isDistance = (order: IncomingOrder, maxPrice: number): boolean => {
  const { trailingOffset, trailingBasisPoints } = order;
  if (!isTrailing(order)) return trailingOffset === 0 && trailingBasisPoints === 0;
  if ((trailingOffset !== 0) === (trailingBasisPoints !== 0)) return false;
  return trailingOffset !== 0
    ? trailingOffset > 0 && trailingOffset <= maxPrice
    : trailingBasisPoints > 0 && trailingBasisPoints <= MOST_BASIS_POINTS;
};

const isSlippage = (order: IncomingOrder, maxPrice: number): boolean =>
  order.type === OrderType.market &&
  order.price === 0 &&
  order.slippage > 0 &&
  order.slippage <= maxPrice;

/** Whether it is by quote quantity, or will be once its list has sized it. */
const wantsQuote = (order: IncomingOrder): boolean =>
  order.isByQuote ||
  (order.isSizedLater && order.type === OrderType.market && order.side === Side.buy);

const losesLots = (mode: number): boolean =>
  mode === SelfTrade.decrement || mode === SelfTrade.transfer;
