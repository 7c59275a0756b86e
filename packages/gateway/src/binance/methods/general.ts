import type { MarketNumbers } from "../../market-numbers.ts";
import { BinanceError } from "../error.ts";
import type { Call, PublicMethod } from "../method.ts";
import { MAX_TRAILING_DELTA } from "../order-terms.ts";
import { ORDER_TYPES, SELF_TRADE_MODES } from "../order-type.ts";
import { RATE_LIMITS } from "../request-usage.ts";
import { binanceSymbol } from "../symbol.ts";

export const ping: PublicMethod = {
  routes: ["GET /api/v3/ping", "GET /api/v1/ping", "GET /fapi/v1/ping", "GET /dapi/v1/ping"],
  name: "ping",
  weight: 1,
  security: "public",
  run: () => ({}),
};

export const time: PublicMethod = {
  routes: ["GET /api/v3/time", "GET /api/v1/time", "GET /fapi/v1/time", "GET /dapi/v1/time"],
  name: "time",
  weight: 1,
  security: "public",
  run: ({ clock }) => ({ serverTime: clock() }),
};

export const exchangeInfo: PublicMethod = {
  routes: ["GET /api/v3/exchangeInfo", "GET /api/v1/exchangeInfo"],
  name: "exchangeInfo",
  weight: 20,
  security: "public",
  run: (call) => ({
    timezone: "UTC",
    serverTime: call.clock(),
    rateLimits: RATE_LIMITS,
    exchangeFilters: [],
    symbols: chosenMarkets(call).map(symbolInfo),
  }),
};

const chosenMarkets = ({ parameters }: Call): MarketNumbers[] => {
  const { markets } = parameters.marketChoice();
  const permissions = parameters.optionalText("permissions");
  if (permissions !== undefined && !permissions.includes("SPOT")) return [];
  const status = parameters.optionalOneOf(
    "symbolStatus",
    ["TRADING", "HALT", "BREAK", "CANCEL_ONLY"],
    () => new BinanceError(400, -1122, "Invalid symbolStatus.", "symbolStatus"),
  );
  return markets.filter(({ market }) => status === undefined || statusOf(market) === status);
};

/** Binance's word for what a market allows: in all phases but these, orders wait for what is to come. */
const statusOf = ({ phase }: MarketNumbers["market"]): string => {
  if (phase === "open") return "TRADING";
  if (phase === "halted") return "HALT";
  return phase === "cancel_only" ? "CANCEL_ONLY" : "BREAK";
};

const symbolInfo = (numbers: MarketNumbers): object => {
  const { market, base, quote } = numbers;
  return {
    symbol: binanceSymbol(market),
    status: statusOf(market),
    baseAsset: base.code,
    baseAssetPrecision: base.decimals,
    quoteAsset: quote.code,
    quotePrecision: numbers.notionalDecimals,
    quoteAssetPrecision: numbers.notionalDecimals,
    baseCommissionPrecision: base.decimals,
    quoteCommissionPrecision: quote.decimals,
    orderTypes: ORDER_TYPES,
    icebergAllowed: true,
    ocoAllowed: true,
    otoAllowed: true,
    opoAllowed: false,
    quoteOrderQtyMarketAllowed: true,
    allowTrailingStop: true,
    cancelReplaceAllowed: true,
    amendAllowed: true,
    pegInstructionsAllowed: false,
    isSpotTradingAllowed: true,
    isMarginTradingAllowed: false,
    filters: filtersOf(numbers),
    permissions: ["SPOT"],
    permissionSets: [["SPOT"]],
    defaultSelfTradePreventionMode: "NONE",
    allowedSelfTradePreventionModes: SELF_TRADE_MODES,
  };
};

/** The market's rules, which are the engine's: what passes these filters passes there. */
const filtersOf = (numbers: MarketNumbers): object[] => {
  const { market } = numbers;
  const highestPrice = market.maxPrice - (market.maxPrice % market.priceIncrement);
  const most = market.maxQuantity - (market.maxQuantity % market.quantityIncrement);
  const quantities = {
    minQty: numbers.quantity(Math.max(market.minQuantity, market.quantityIncrement)),
    maxQty: numbers.quantity(most),
    stepSize: numbers.quantity(market.quantityIncrement),
  };
  return [
    {
      filterType: "PRICE_FILTER",
      minPrice: numbers.price(market.priceIncrement),
      maxPrice: numbers.price(highestPrice),
      tickSize: numbers.price(market.priceIncrement),
    },
    { filterType: "LOT_SIZE", ...quantities },
    { filterType: "MARKET_LOT_SIZE", ...quantities },
    {
      filterType: "NOTIONAL",
      minNotional: numbers.notional(market.minNotional),
      applyMinToMarket: false,
      maxNotional: numbers.notional(BigInt(market.maxPrice) * BigInt(market.maxQuantity)),
      applyMaxToMarket: true,
      avgPriceMins: 0,
    },
    {
      filterType: "TRAILING_DELTA",
      minTrailingAboveDelta: 1,
      maxTrailingAboveDelta: MAX_TRAILING_DELTA,
      minTrailingBelowDelta: 1,
      maxTrailingBelowDelta: MAX_TRAILING_DELTA,
    },
  ];
};
