/** Lots that want to trade at a price or better: on one side of a book, best price first. */
export interface Interest {
  /** Ticks. */
  readonly price: number;
  /** Lots, shown or not. */
  readonly quantity: number;
}

/** What uncrossing would do. */
export interface Uncrossing {
  /** Ticks; 0 when nothing would trade. */
  readonly price: number;
  /** Lots. */
  readonly quantity: number;
  /** Lots to buy less lots to sell at that price or better. */
  readonly surplus: number;
}

export const NOTHING_CROSSES: Uncrossing = { price: 0, quantity: 0, surplus: 0 };

/**
 * The one price at which a call auction trades: the matching rules, "Uncrossing". `buys` go from the highest price down,
 * `sells` from the lowest up; `lastPrice` is the last trade's, 0 if there is none.
 */
export const uncrossingAt = (
  buys: readonly Interest[],
  sells: readonly Interest[],
  lastPrice: number,
): Uncrossing => {
  const offers = offersWhereBothTrade(buys, sells);
  if (offers.length === 0) return NOTHING_CROSSES;
  const most = offers.reduce((best, { quantity }) => Math.max(best, quantity), 0);
  const largest = offers.filter(({ quantity }) => quantity === most);
  const least = largest.reduce(
    (best, { surplus }) => Math.min(best, Math.abs(surplus)),
    Number.POSITIVE_INFINITY,
  );
  const left = largest.filter(({ surplus }) => Math.abs(surplus) === least);
  if (left.every(({ surplus }) => surplus > 0)) return left[left.length - 1] as Uncrossing;
  if (left.every(({ surplus }) => surplus < 0)) return left[0] as Uncrossing;
  const distance = ({ price }: Uncrossing): number => Math.abs(price - lastPrice);
  return left.reduce((best, each) => (distance(each) < distance(best) ? each : best));
};

/** What would trade at each price where orders stand and something would, from the lowest price up: one walk over both sides. */
const offersWhereBothTrade = (
  buys: readonly Interest[],
  sells: readonly Interest[],
): Uncrossing[] => {
  const highest = buys[0]?.price ?? 0;
  const lowest = sells[0]?.price ?? Number.POSITIVE_INFINITY;
  const rising = buys.filter(({ price }) => price >= lowest).reverse();
  const within = sells.filter(({ price }) => price <= highest);
  const prices = [...new Set([...rising, ...within].map(({ price }) => price))].sort(
    (one, other) => one - other,
  );
  let demand = rising.reduce((total, { quantity }) => total + quantity, 0);
  let supply = 0;
  let bought = 0;
  let sold = 0;
  return prices.map((price) => {
    for (; bought < rising.length && (rising[bought] as Interest).price < price; bought += 1)
      demand -= (rising[bought] as Interest).quantity;
    for (; sold < within.length && (within[sold] as Interest).price <= price; sold += 1)
      supply += (within[sold] as Interest).quantity;
    return { price, quantity: Math.min(demand, supply), surplus: demand - supply };
  });
};
