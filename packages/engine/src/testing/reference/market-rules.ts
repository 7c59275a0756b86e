import type { AddMarket } from "../../commands/command.ts";
import type { Code } from "./placement-rules.ts";

/** The first rule that a market to be added breaks. */
export const brokenMarketRule = (rules: AddMarket, isAdded: boolean): Code | undefined => {
  const maxNotional = rules.maxPrice * rules.maxQuantity;
  if (rules.market < 1) return "market_number_out_of_range";
  if (isAdded) return "market_already_added";
  if (!isWhole(rules.maxPrice, 1, 2 ** 31 - 2)) return "maximum_price_out_of_range";
  if (!isWhole(rules.maxQuantity, 1, 2 ** 53 - 1) || maxNotional > Number.MAX_SAFE_INTEGER)
    return "maximum_notional_out_of_range";
  if (!isWhole(rules.priceIncrement, 1, rules.maxPrice)) return "price_increment_out_of_range";
  if (!isWhole(rules.quantityIncrement, 1, rules.maxQuantity))
    return "quantity_increment_out_of_range";
  if (!isWhole(rules.minQuantity, 0, rules.maxQuantity)) return "minimum_quantity_out_of_range";
  if (!isWhole(rules.minNotional, 0, maxNotional)) return "minimum_notional_out_of_range";
  return undefined;
};

const isWhole = (value: number, from: number, to: number): boolean =>
  Number.isSafeInteger(value) && !Object.is(value, -0) && value >= from && value <= to;
