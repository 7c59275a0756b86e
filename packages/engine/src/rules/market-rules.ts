import type { MarketRules, MarketTable } from "../memory/market-table.ts";
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
  if (!isCountFrom1(rules.priceIncrement) || rules.priceIncrement > rules.maxPrice)
    return REJECTIONS.price_increment_out_of_range.number;
  if (!isCountFrom1(rules.quantityIncrement) || rules.quantityIncrement > rules.maxQuantity)
    return REJECTIONS.quantity_increment_out_of_range.number;
  if (!isCount(rules.minQuantity) || rules.minQuantity > rules.maxQuantity)
    return REJECTIONS.minimum_quantity_out_of_range.number;
  if (!isCount(rules.minNotional) || rules.minNotional > rules.maxPrice * rules.maxQuantity)
    return REJECTIONS.minimum_notional_out_of_range.number;
  return 0;
};

const isCountFrom1 = (value: number): boolean => isCount(value) && value !== 0;
