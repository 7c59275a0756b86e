import { type Order, showAnew } from "./order.ts";

/** What uncrossing does: the price in ticks, the lots that trade, and the lots to buy less the lots to sell. All 0: nothing. */
export interface Uncrossing {
  readonly price: number;
  readonly quantity: number;
  readonly surplus: number;
}

export const NO_UNCROSSING: Uncrossing = { price: 0, quantity: 0, surplus: 0 };

/** The one price for all resting orders of a market, and what it brings. */
export const uncrossingOf = (orders: readonly Order[], lastPrice: number): Uncrossing => {
  const buys = orders.filter(({ side }) => side === "buy");
  const sells = orders.filter(({ side }) => side === "sell");
  const prices = [...new Set(orders.map(({ price }) => price))].sort((one, two) => one - two);
  const outcomes = prices.map((price) => {
    const toBuy = lotsOf(buys.filter((buy) => buy.price >= price));
    const toSell = lotsOf(sells.filter((sell) => sell.price <= price));
    return { price, traded: lower(toBuy, toSell), surplus: toBuy - toSell };
  });
  const most = outcomes.map(({ traded }) => traded).reduce(higher, 0n);
  if (most === 0n) return NO_UNCROSSING;
  const trading = outcomes.filter(({ traded }) => traded === most);
  const least = trading.map(({ surplus }) => size(surplus)).reduce(lower);
  const equal = trading.filter(({ surplus }) => size(surplus) === least);
  const nearest = [...equal].sort(
    (one, two) => Math.abs(one.price - lastPrice) - Math.abs(two.price - lastPrice),
  );
  // Sorting keeps the order of what is equal: of two prices equally near the lower comes first.
  const chosen = equal.every(({ surplus }) => surplus > 0n)
    ? equal.at(-1)
    : equal.every(({ surplus }) => surplus < 0n)
      ? equal[0]
      : nearest[0];
  if (chosen === undefined) return NO_UNCROSSING;
  return { price: chosen.price, quantity: Number(most), surplus: Number(chosen.surplus) };
};

/** Two orders trade in an uncrossing. */
export interface AuctionTrade {
  readonly buy: Order;
  readonly sell: Order;
  readonly quantity: number;
  readonly buyRemaining: number;
  readonly sellRemaining: number;
}

/** Trades the orders that a price suits, given in rank, and changes them. Icebergs show anew what is left, in their place. */
export const uncross = (
  price: number,
  buysInRank: readonly Order[],
  sellsInRank: readonly Order[],
): AuctionTrade[] => {
  const buys = buysInRank.filter((buy) => buy.price >= price);
  const sells = sellsInRank.filter((sell) => sell.price <= price);
  const trades: AuctionTrade[] = [];
  for (;;) {
    const buy = buys.find(({ remaining }) => remaining > 0);
    const sell = sells.find(({ remaining }) => remaining > 0);
    if (buy === undefined || sell === undefined) break;
    const quantity = Math.min(buy.remaining, sell.remaining);
    buy.remaining -= quantity;
    sell.remaining -= quantity;
    trades.push({
      buy,
      sell,
      quantity,
      buyRemaining: buy.remaining,
      sellRemaining: sell.remaining,
    });
  }
  for (const { buy, sell } of trades) {
    showAnew(buy);
    showAnew(sell);
  }
  return trades;
};

/** Big integers: the lots of many levels can be more than a double counts exactly. */
const lotsOf = (orders: readonly Order[]): bigint =>
  orders.reduce((sum, { remaining }) => sum + BigInt(remaining), 0n);
const lower = (one: bigint, other: bigint): bigint => (one < other ? one : other);
const higher = (one: bigint, other: bigint): bigint => (one > other ? one : other);
const size = (value: bigint): bigint => (value < 0n ? -value : value);
