import type { SideName } from "@pincex/engine";
import type { BestQuotes } from "@pincex/market-data";
import type { MarketView } from "@pincex/venue/views";
import type { NewOrderTerms } from "./new-order.ts";

const MILLION = 1_000_000n;

/** What decides how far a market order may go. Prices in ticks, quantities as in an order. */
type MarketOrder = Pick<NewOrderTerms, "side" | "quantity" | "quoteQuantity">;

/** The venue refuses an order without a worst case: a buy of a base quantity, and a sell up to a quote quantity. */
export const needsWorstPrice = ({ side, quoteQuantity }: MarketOrder): boolean =>
  (side === "buy") === (quoteQuantity === 0);

/**
 * The worst price, in ticks, that such a market order may meet: `ppm` parts per million beyond the price that it is expected
 * to begin at, rounded away from that to a price increment, within the market's bounds.
 *
 * With 0, nothing on the other side, there is nothing to trade. The price that meets nobody and needs the smallest hold says
 * so to the venue, and the order expires as it does at Binance.
 */
export const worstPriceOf = (
  market: MarketView,
  side: SideName,
  expected: number,
  ppm: number,
): number => {
  const increment = BigInt(market.priceIncrement);
  const step = MILLION * increment;
  const highest = (BigInt(market.maxPrice) / increment) * increment;
  if (side === "buy") {
    if (expected === 0) return Number(increment);
    const beyond = BigInt(expected) * (MILLION + BigInt(ppm));
    return Number(smaller(((beyond + step - 1n) / step) * increment, highest));
  }
  if (expected === 0) return Number(highest);
  const beyond = BigInt(expected) * (MILLION - BigInt(Math.min(ppm, 1_000_000)));
  return Number(larger((beyond / step) * increment, increment));
};

/**
 * The price, in ticks, at which a market order is expected to begin to trade: at once at the best quote of the other side; one
 * that waits at its trigger price, a trailing one at the trigger that it begins with, as prices are now. 0 if none is known.
 */
export const expectedPrice = (
  { side, conditions }: Pick<NewOrderTerms, "side" | "conditions">,
  quotes: BestQuotes,
  last: number,
): number => {
  const quote = side === "buy" ? quotes.ask.price : quotes.bid.price;
  if (conditions?.trigger === undefined) return quote;
  if (conditions.trigger !== "trailing_stop") return conditions.triggerPrice ?? 0;
  const { activationPrice, trailingOffset = 0, trailingBasisPoints = 0 } = conditions;
  const begins = activationPrice ?? (last > 0 ? last : quote);
  const distance = trailingOffset + Math.ceil((begins * trailingBasisPoints) / BASIS_POINTS);
  return side === "buy" ? begins + distance : Math.max(begins - distance, 0);
};

/**
 * The price, in ticks, at which an order that waits for the end of `working` is expected to begin to trade: where that one has
 * traded. A working order that comes in beyond the quotes trades at them, however far its limit is.
 */
export const expectedPendingPrice = (
  terms: Pick<NewOrderTerms, "side" | "conditions">,
  working: Pick<NewOrderTerms, "side" | "type" | "timeInForce" | "price" | "conditions">,
  quotes: BestQuotes,
  last: number,
): number => {
  const { side, type, timeInForce, price, conditions } = working;
  const met = side === "buy" ? quotes.ask.price : quotes.bid.price;
  const isWithinLimit = type !== "limit" || (side === "buy" ? price >= met : price <= met);
  const waits = conditions?.trigger !== undefined || AUCTION_TIMES.has(timeInForce);
  if (met > 0 && isWithinLimit && !waits) return expectedPrice(terms, quotes, last) || met;
  return type === "limit" ? price : expectedPrice(working, quotes, last);
};

const AUCTION_TIMES: ReadonlySet<string> = new Set(["at_open", "at_close"]);

const BASIS_POINTS = 10_000;

const smaller = (one: bigint, other: bigint): bigint => (one < other ? one : other);

const larger = (one: bigint, other: bigint): bigint => (one > other ? one : other);
