import type { SideName } from "@pincex/engine";
import type { BestQuotes } from "@pincex/market-data";
import type { MarketView } from "@pincex/venue/views";

const MILLION = 1_000_000n;

/** What decides how far a market order may go. Prices in ticks, quantities as in an order. */
interface MarketOrder {
  readonly side: SideName;
  readonly quantity: number;
  readonly quoteQuantity: number;
}

/** The venue refuses an order without a worst case: a buy of a base quantity, and a sell up to a quote quantity. */
export const needsWorstPrice = ({ side, quoteQuantity }: MarketOrder): boolean =>
  (side === "buy") === (quoteQuantity === 0);

/**
 * The worst price, in ticks, that such a market order may meet: the best quote of the other side and `ppm` parts per
 * million beyond it, rounded away from the quote to a price increment, within the market's bounds.
 *
 * With nothing on the other side there is nothing to trade. The price that meets nobody and needs the smallest hold says
 * so to the venue, and the order expires as it does at Binance.
 */
export const worstPriceOf = (
  market: MarketView,
  side: SideName,
  quotes: BestQuotes,
  ppm: number,
): number => {
  const increment = BigInt(market.priceIncrement);
  const step = MILLION * increment;
  const highest = (BigInt(market.maxPrice) / increment) * increment;
  if (side === "buy") {
    if (quotes.ask.price === 0) return Number(increment);
    const beyond = BigInt(quotes.ask.price) * (MILLION + BigInt(ppm));
    return Number(smaller(((beyond + step - 1n) / step) * increment, highest));
  }
  if (quotes.bid.price === 0) return Number(highest);
  const beyond = BigInt(quotes.bid.price) * (MILLION - BigInt(Math.min(ppm, 1_000_000)));
  return Number(larger((beyond / step) * increment, increment));
};

const smaller = (one: bigint, other: bigint): bigint => (one < other ? one : other);

const larger = (one: bigint, other: bigint): bigint => (one > other ? one : other);
