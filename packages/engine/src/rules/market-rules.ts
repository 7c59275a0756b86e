import type { PriceBand } from "../commands/command.ts";
import type { ChangeableRules, MarketRules, MarketTable } from "../memory/market-table.ts";
import { Phase } from "../phases/phase.ts";
import { MOST_DISTANCE, OnBreach } from "../protection/protection.ts";
import { REJECTIONS } from "../rejection.ts";
import { isCount, MAX_INT32 } from "../whole-number.ts";

/** The number of the first rule that a market to be added breaks; 0 if it breaks none. */
export const brokenMarketRule = (
  market: number,
  rules: MarketRules,
  markets: MarketTable,
): number => {
  if (market <= 0) return REJECTIONS.market_number_out_of_range.number;
  if (markets.row(market) !== 0) return REJECTIONS.market_already_added.number;
  if (!isCountFrom1(rules.maxPrice) || rules.maxPrice >= MAX_INT32)
    return REJECTIONS.maximum_price_out_of_range.number;
  if (!isCountFrom1(rules.maxQuantity) || !isCount(rules.maxPrice * rules.maxQuantity))
    return REJECTIONS.maximum_notional_out_of_range.number;
  return brokenUnitRule(rules, rules.maxPrice, rules.maxQuantity);
};

/** The number of the first rule that a change of a market breaks; 0 if it breaks none. */
export const brokenChangeRule = (
  row: number,
  rules: ChangeableRules,
  markets: MarketTable,
): number => {
  if (row === 0) return REJECTIONS.unknown_market.number;
  if (markets.phase(row) === Phase.delisted) return REJECTIONS.phase_forbids.number;
  return (
    brokenUnitRule(rules, markets.maxPrice(row), markets.maxQuantity(row)) ||
    brokenProtectionRule(rules)
  );
};

/** The number of the first rule that price increments by band break; 0 if they break none. */
export const brokenBandsRule = (
  row: number,
  bands: readonly PriceBand[],
  markets: MarketTable,
): number => {
  if (row === 0) return REJECTIONS.unknown_market.number;
  if (markets.phase(row) === Phase.delisted) return REJECTIONS.phase_forbids.number;
  return arePriceBands(bands, markets.maxPrice(row))
    ? 0
    : REJECTIONS.price_bands_out_of_range.number;
};

/** Whether bands rise from price to price, all of them within a market's maximum. */
export const arePriceBands = (bands: readonly PriceBand[], maxPrice: number): boolean => {
  const isWithin = (ticks: number): boolean => ticks >= 1 && ticks <= maxPrice;
  let below = 0;
  for (const { from, increment } of bands) {
    if (!isWithin(from) || !isWithin(increment) || from <= below) return false;
    below = from;
  }
  return true;
};

const brokenProtectionRule = (rules: ChangeableRules): number => {
  if (!isDistance(rules.collarBasisPoints)) return REJECTIONS.collar_out_of_range.number;
  if (!isDistance(rules.bandBasisPoints)) return REJECTIONS.band_out_of_range.number;
  if (rules.onBreach < OnBreach.expire || rules.onBreach > OnBreach.auction)
    return REJECTIONS.on_breach_unknown.number;
  if (rules.maxOpenOrders < 0) return REJECTIONS.maximum_open_orders_out_of_range.number;
  return 0;
};

/** What can change later, too. */
const brokenUnitRule = (
  rules: Omit<MarketRules, "maxPrice" | "maxQuantity">,
  maxPrice: number,
  maxQuantity: number,
): number => {
  if (!isCountFrom1(rules.priceIncrement) || rules.priceIncrement > maxPrice)
    return REJECTIONS.price_increment_out_of_range.number;
  if (!isCountFrom1(rules.quantityIncrement) || rules.quantityIncrement > maxQuantity)
    return REJECTIONS.quantity_increment_out_of_range.number;
  if (!isCount(rules.minQuantity) || rules.minQuantity > maxQuantity)
    return REJECTIONS.minimum_quantity_out_of_range.number;
  if (!isCount(rules.minNotional) || rules.minNotional > maxPrice * maxQuantity)
    return REJECTIONS.minimum_notional_out_of_range.number;
  return 0;
};

const isDistance = (basisPoints: number): boolean =>
  basisPoints >= 0 && basisPoints <= MOST_DISTANCE;

const isCountFrom1 = (value: number): boolean => isCount(value) && value !== 0;
