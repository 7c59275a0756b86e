import type { IncomingOrder } from "../incoming-order.ts";
import type { MarketTable } from "../memory/market-table.ts";
import type { OrderBooks } from "../order-books.ts";
import { isTooFar } from "../protection/protection.ts";
import { REJECTIONS } from "../rejection.ts";

/** The collar of a market: 0 if the price of a limit order is within it. */
export const brokenCollarRule = ({ row, price }: IncomingOrder, markets: MarketTable): number =>
  isTooFar(price, markets.referencePrice(row), markets.protection(row).collarBasisPoints)
    ? REJECTIONS.price_outside_collar.number
    : 0;

/** 0 if the account may have one more order in the market. One that is to be replaced (0: none is) is judged to be gone. */
export const brokenCountRule = (
  order: IncomingOrder,
  { markets, openOrders }: OrderBooks,
  replaced: number,
): number => {
  const { maxOpenOrders } = markets.protection(order.row);
  if (maxOpenOrders === 0 || !order.mayBeOpen) return 0;
  const open = openOrders.count(order.row, order.account) + order.openLegs;
  const others = open - (replaced === 0 ? 0 : 1);
  return others < maxOpenOrders ? 0 : REJECTIONS.too_many_open_orders.number;
};
