import type { AddMarket, PriceBand } from "../../commands/command.ts";

/** What a market asks of orders now. */
export interface MarketRules extends AddMarket {
  /** By rising price. */
  readonly bands: readonly PriceBand[];
}

/** Ticks that prices are multiples of in the band which this one is in. */
export const incrementAt = (price: number, { priceIncrement, bands }: MarketRules): number =>
  bands.findLast(({ from }) => from <= price)?.increment ?? priceIncrement;
