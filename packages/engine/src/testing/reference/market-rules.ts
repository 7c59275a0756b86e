import type { AddMarket, ChangeMarket, PriceBand } from "../../commands/command.ts";
import type { Market } from "./orders.ts";
import type { Code } from "./placement-rules.ts";

/** The first rule that a market to be added breaks. */
export const brokenMarketRule = (rules: AddMarket, isAdded: boolean): Code | undefined => {
  const maxNotional = rules.maxPrice * rules.maxQuantity;
  if (rules.market < 1) return "market_number_out_of_range";
  if (isAdded) return "market_already_added";
  if (!isWhole(rules.maxPrice, 1, 2 ** 31 - 2)) return "maximum_price_out_of_range";
  if (!isWhole(rules.maxQuantity, 1, 2 ** 53 - 1) || maxNotional > Number.MAX_SAFE_INTEGER)
    return "maximum_notional_out_of_range";
  return brokenUnitRule(rules, rules);
};

/** The first rule that a change of a market breaks. */
export const brokenChangeRule = (
  change: ChangeMarket,
  market: Market | undefined,
): Code | undefined => {
  if (market === undefined) return "unknown_market";
  if (market.phase === "delisted") return "phase_forbids";
  const broken = brokenUnitRule(change, market.rules);
  if (broken !== undefined) return broken;
  if (!isWhole(change.collarBasisPoints, 0, 1_000_000)) return "collar_out_of_range";
  if (!isWhole(change.bandBasisPoints, 0, 1_000_000)) return "band_out_of_range";
  if (!isWhole(change.maxOpenOrders, 0, 2 ** 31 - 1)) return "maximum_open_orders_out_of_range";
  return undefined;
};

const brokenUnitRule = (
  rules: AddMarket | ChangeMarket,
  { maxPrice, maxQuantity }: AddMarket,
): Code | undefined => {
  if (!isWhole(rules.priceIncrement, 1, maxPrice)) return "price_increment_out_of_range";
  if (!isWhole(rules.quantityIncrement, 1, maxQuantity)) return "quantity_increment_out_of_range";
  if (!isWhole(rules.minQuantity, 0, maxQuantity)) return "minimum_quantity_out_of_range";
  if (!isWhole(rules.minNotional, 0, maxPrice * maxQuantity))
    return "minimum_notional_out_of_range";
  return undefined;
};

/** The rule that bands break, if they do. */
export const brokenBandsRule = (
  bands: readonly PriceBand[],
  { maxPrice }: AddMarket,
): Code | undefined => {
  const isFrom1 = (ticks: number): boolean => ticks >= 1 && ticks <= maxPrice;
  const isWell = bands.every(
    ({ from, increment }, index) =>
      isFrom1(from) && isFrom1(increment) && from > (bands[index - 1]?.from ?? 0),
  );
  return isWell && bands.length <= 8 ? undefined : "price_bands_out_of_range";
};

const isWhole = (value: number, from: number, to: number): boolean =>
  Number.isSafeInteger(value) && !Object.is(value, -0) && value >= from && value <= to;
