import { Peg } from "../conditions/conditions.ts";
import type { MarketTable } from "../memory/market-table.ts";
import { Side } from "../side.ts";

/** What a pegged order asks for. */
export interface PegTerms {
  /** The row of its market. */
  readonly row: number;
  readonly side: number;
  /** One of `Peg`. */
  readonly peg: number;
  /** Ticks. */
  readonly pegOffset: number;
  /** Ticks: how far its price may go. */
  readonly limit: number;
}

/** Where a pegged order should stand, beside the best shown prices (0: there is none); 0: nowhere. */
export const peggedPrice = (
  { row, side, peg, pegOffset, limit }: PegTerms,
  bid: number,
  ask: number,
  markets: MarketTable,
): number => {
  const isBuy = side === Side.buy;
  const own = isBuy ? bid : ask;
  const other = isBuy ? ask : bid;
  const isMissing = peg === Peg.mid ? own === 0 || other === 0 : followed(peg, own, other) === 0;
  if (isMissing) return 0;
  const distance =
    peg === Peg.market ? Math.max(pegOffset, markets.priceIncrementAt(row, other)) : pegOffset;
  const from = peg === Peg.mid ? (own + other) / 2 : followed(peg, own, other);
  const price = isBuy
    ? Math.min(roundedDown(from - distance, row, markets), limit)
    : Math.max(roundedUp(from + distance, row, markets), limit);
  return price >= 1 && price <= markets.maxPrice(row) ? price : 0;
};

const followed = (peg: number, own: number, other: number): number =>
  peg === Peg.primary ? own : other;

/** The increment is that of the price before it is rounded, which can be half a tick. */
const roundedDown = (price: number, row: number, markets: MarketTable): number => {
  const increment = markets.priceIncrementAt(row, price);
  return Math.floor(price / increment) * increment;
};

const roundedUp = (price: number, row: number, markets: MarketTable): number => {
  const increment = markets.priceIncrementAt(row, price);
  return Math.ceil(price / increment) * increment;
};
