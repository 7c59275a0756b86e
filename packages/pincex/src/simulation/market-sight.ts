import type { SideName } from "@pincex/engine";

/** What of a listing the simulated traders keep to. Prices in ticks, quantities in lots, notionals in ticks × lots. */
export interface MarketRules {
  readonly market: number;
  readonly maxPrice: number;
  readonly maxQuantity: number;
  readonly priceIncrement: number;
  readonly quantityIncrement: number;
  readonly minQuantity: number;
  readonly minNotional: number;
}

/** An order of the trader's own that rests in the book. */
export interface RestingOrder {
  readonly orderId: number;
  readonly side: SideName;
  /** In ticks. */
  readonly price: number;
}

/** What a trader knows of itself in one market. */
export interface TraderSight {
  readonly account: number;
  /** In the order of their ids. */
  readonly orders: readonly RestingOrder[];
  /** What it could sell now, in lots. */
  readonly availableLots: number;
  /** What it could pay now, in ticks × lots; at most 2^53 − 1 is told. */
  readonly availableNotional: number;
  /** What it owns more than the simulated traders on average, holds included, in lots; negative if less. */
  readonly surplusLots: number;
}

/** Everything that the traders of one market look at before they act. */
export interface MarketSight {
  /** In ticks; 0 while there is none. */
  readonly bestBid: number;
  readonly bestAsk: number;
  readonly maker: TraderSight;
  readonly noise: readonly TraderSight[];
}

/** What a simulated trader wants done. */
export type Intent =
  | {
      readonly kind: "place";
      readonly account: number;
      readonly side: SideName;
      readonly type: "limit" | "market";
      /** In ticks: the limit, or the worst price a market order accepts. */
      readonly price: number;
      /** In lots. */
      readonly quantity: number;
    }
  | { readonly kind: "cancel"; readonly account: number; readonly orderId: number };

const roundedDown = (value: number, step: number): number => value - (value % step);

/** The nearest price that the listing accepts, never beyond its bounds. */
export const acceptablePrice = (rules: MarketRules, price: number): number => {
  const bounded = Math.min(Math.max(price, rules.priceIncrement), rules.maxPrice);
  return roundedDown(bounded, rules.priceIncrement);
};

/** The quantity that the listing accepts and the trader can pay for; 0 if that would be too little. */
export const affordableQuantity = (
  rules: MarketRules,
  trader: TraderSight,
  order: { readonly side: SideName; readonly price: number; readonly quantity: number },
): number => {
  const affordable =
    order.side === "sell"
      ? trader.availableLots
      : Math.floor(trader.availableNotional / order.price);
  const quantity = roundedDown(
    Math.min(order.quantity, affordable, rules.maxQuantity),
    rules.quantityIncrement,
  );
  if (quantity < rules.minQuantity) return 0;
  return quantity * order.price < rules.minNotional ? 0 : quantity;
};
