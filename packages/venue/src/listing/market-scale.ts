import type { MarketRules } from "../commands/list-market.ts";
import type { Asset } from "../registries/assets.ts";
import { decimalText, powerOfTen } from "./decimal-ratio.ts";

/** A market's units as decimal strings, to print prices and quantities with. */
export interface MarketScale {
  /** Of prices, in the quote asset: "0.01". */
  readonly tickSize: string;
  /** Of quantities, in the base asset: "0.00001". */
  readonly lotSize: string;
}

/**
 * The sizes that a market was listed with: the inverse of `listing`. A market that has no decimal ones, such as one with
 * three smallest units to a lot and one for a tick, throws a `RangeError`.
 */
export const marketScale = (
  rules: Pick<MarketRules, "lotUnits" | "tickLotUnits">,
  base: Pick<Asset, "decimals">,
  quote: Pick<Asset, "decimals">,
): MarketScale => {
  const { lotUnits, tickLotUnits } = rules;
  const lotSize = decimalText(lotUnits, powerOfTen(base.decimals));
  const tickSize = decimalText(
    tickLotUnits * powerOfTen(base.decimals),
    lotUnits * powerOfTen(quote.decimals),
  );
  if (lotSize === undefined || tickSize === undefined) {
    throw new RangeError(`expected a decimal tick, was ${tickLotUnits} units of ${lotUnits}`);
  }
  return { tickSize, lotSize };
};
