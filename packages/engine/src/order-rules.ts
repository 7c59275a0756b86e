import { HIGHEST_MARKET, type MarketTable } from "./market-table.ts";
import { OrderType } from "./order-type.ts";
import { KEY_MIRROR } from "./price-levels.ts";
import { REJECTIONS } from "./rejection.ts";
import { TimeInForce } from "./time-in-force.ts";

/** `true` for 1, 2, 3 … 2^53 − 1: not for fractions, NaN, infinities, −0. */
const isPositiveWhole = (value: number): boolean => value >= 1 && Number.isSafeInteger(value);

const isWhole = (value: number): boolean => isPositiveWhole(value) || Object.is(value, 0);

/** The number of the rule that a market to be added breaks, or 0. */
export const brokenMarketRule = (
  markets: MarketTable,
  market: number,
  maxPrice: number,
  maxQuantity: number,
  priceIncrement: number,
  quantityIncrement: number,
  minQuantity: number,
  minNotional: number,
): number => {
  if (!isPositiveWhole(market) || market > HIGHEST_MARKET)
    return REJECTIONS.market_number_out_of_range.number;
  if (markets.row(market) !== 0) return REJECTIONS.market_already_added.number;
  if (!isPositiveWhole(maxPrice) || maxPrice >= KEY_MIRROR)
    return REJECTIONS.maximum_price_out_of_range.number;
  if (!isPositiveWhole(maxQuantity) || !Number.isSafeInteger(maxPrice * maxQuantity))
    return REJECTIONS.maximum_notional_out_of_range.number;
  if (!isPositiveWhole(priceIncrement) || !isPositiveWhole(quantityIncrement))
    return REJECTIONS.increment_must_be_positive.number;
  if (!isWhole(minQuantity) || !isWhole(minNotional))
    return REJECTIONS.minimum_must_not_be_negative.number;
  return 0;
};

/** The number of the rule that an order to be placed breaks, or 0. `row` is the market's. */
export const brokenOrderRule = (
  markets: MarketTable,
  row: number,
  account: number,
  side: number,
  type: number,
  timeInForce: number,
  price: number,
  quantity: number,
  quoteQuantity: number,
): number => {
  if (row === 0) return REJECTIONS.unknown_market.number;
  if (!(account >= 1) || account > KEY_MIRROR || account !== Math.floor(account))
    return REJECTIONS.account_must_be_positive.number;
  if (side !== 0 && side !== 1) return REJECTIONS.side_unknown.number;
  if (type !== OrderType.limit && type !== OrderType.market)
    return REJECTIONS.order_type_unknown.number;
  if (
    timeInForce !== TimeInForce.gtc &&
    timeInForce !== TimeInForce.ioc &&
    timeInForce !== TimeInForce.fok
  )
    return REJECTIONS.time_in_force_unknown.number;
  if (type === OrderType.market && timeInForce === TimeInForce.gtc)
    return REJECTIONS.market_order_cannot_rest.number;
  return (
    brokenPriceRule(markets, row, type, price) ||
    brokenQuantityRule(markets, row, type, price, quantity, quoteQuantity)
  );
};

const brokenPriceRule = (
  markets: MarketTable,
  row: number,
  type: number,
  price: number,
): number => {
  // A market order may go without a worst acceptable price.
  if (type === OrderType.market && price === 0) return 0;
  if (!(price >= 1)) return REJECTIONS.price_must_be_positive.number;
  if (price > markets.maxPrice(row)) return REJECTIONS.price_above_maximum.number;
  if (price % markets.priceIncrement(row) !== 0) return REJECTIONS.price_off_increment.number;
  return 0;
};

const brokenQuantityRule = (
  markets: MarketTable,
  row: number,
  type: number,
  price: number,
  quantity: number,
  quoteQuantity: number,
): number => {
  if (type === OrderType.market && quantity === 0) {
    if (quoteQuantity === 0) return REJECTIONS.quantity_or_quote_quantity.number;
    return isPositiveWhole(quoteQuantity) ? 0 : REJECTIONS.quote_quantity_out_of_range.number;
  }
  if (quoteQuantity !== 0) return REJECTIONS.quantity_or_quote_quantity.number;
  if (!(quantity >= 1)) return REJECTIONS.quantity_must_be_positive.number;
  if (quantity > markets.maxQuantity(row)) return REJECTIONS.quantity_above_maximum.number;
  if (quantity < markets.minQuantity(row)) return REJECTIONS.quantity_below_minimum.number;
  if (quantity % markets.quantityIncrement(row) !== 0)
    return REJECTIONS.quantity_off_increment.number;
  // A market order's notional is not known before it trades.
  if (type === OrderType.limit && price * quantity < markets.minNotional(row))
    return REJECTIONS.notional_below_minimum.number;
  return 0;
};
