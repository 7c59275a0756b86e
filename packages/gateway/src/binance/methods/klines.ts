import {
  CANDLE_INTERVALS,
  type Candle,
  type CandleInterval,
  type MarketData,
} from "@pincex/market-data";
import type { MarketNumbers } from "../../market-numbers.ts";
import { BinanceError, parameterInvalid } from "../error.ts";
import type { Call, PublicMethod } from "../method.ts";

const HOUR = 3_600_000;
const LARGEST_OFFSET_HOURS = 14;

export const klines: PublicMethod = {
  routes: ["GET /api/v3/klines", "GET /api/v1/klines"],
  name: "klines",
  weight: 2,
  security: "public",
  run: (call) => klineRows(call),
};

/** The same candles: ours need no rearranging for a chart. */
export const uiKlines: PublicMethod = {
  routes: ["GET /api/v3/uiKlines"],
  name: "uiKlines",
  weight: 2,
  security: "public",
  run: (call) => klineRows(call),
};

const klineRows = async ({ parameters, history, clock }: Call): Promise<unknown[][]> => {
  const numbers = parameters.market();
  const interval = parameters.oneOf<CandleInterval>(
    "interval",
    CANDLE_INTERVALS,
    () => new BinanceError(400, -1120, "Invalid interval.", "interval", "interval_unknown"),
  );
  if (timeZoneOffset(parameters.optionalText("timeZone")) !== 0) throw parameterInvalid("timeZone");
  const from = parameters.optionalInteger("startTime");
  const to = parameters.optionalInteger("endTime");
  const limit = parameters.limit(500, 1_000);
  const range = { from, to, limit, now: clock() };
  const candles = await history.candles(numbers.market.market, interval, range);
  return candles.map((candle) => klineRow(numbers, candle));
};

/** "-1:00", "05:45", "0": hours and minutes from UTC, in milliseconds. */
const timeZoneOffset = (text = "0"): number => {
  const match = /^([+-]?)([0-9]{1,2})(?::([0-5][0-9]))?$/.exec(text);
  const hours = Number(match?.[2]) + Number(match?.[3] ?? 0) / 60;
  if (match === null || hours > LARGEST_OFFSET_HOURS) throw parameterInvalid("timeZone");
  return hours * HOUR;
};

const klineRow = (numbers: MarketNumbers, candle: Candle): unknown[] => [
  candle.openTime,
  numbers.price(candle.open),
  numbers.price(candle.high),
  numbers.price(candle.low),
  numbers.price(candle.close),
  numbers.quantity(candle.volume),
  candle.closeTime,
  numbers.notional(candle.quoteVolume),
  candle.trades,
  numbers.quantity(candle.takerBuyVolume),
  numbers.notional(candle.takerBuyQuoteVolume),
  "0",
];

/** The average of the last five minutes, weighted by volume; without a trade in them, the last price. */
export const averagePrice: PublicMethod = {
  routes: ["GET /api/v3/avgPrice"],
  name: "avgPrice",
  weight: 2,
  security: "public",
  run: ({ parameters, marketData, clock }) => {
    const numbers = parameters.market();
    const now = clock();
    return {
      mins: MINUTES,
      price: averageOf(numbers, marketData, now),
      closeTime: now,
    };
  },
};

/** The average of the last five minutes up to `now`, as it is written. */
export const averageOf = (numbers: MarketNumbers, marketData: MarketData, now: number): string => {
  const { market } = numbers.market;
  const minutes = marketData.candles(market, "1m", { limit: MINUTES, now });
  const volume = minutes.reduce((sum, minute) => sum + minute.volume, 0);
  const quoteVolume = minutes.reduce((sum, minute) => sum + minute.quoteVolume, 0n);
  if (volume > 0) return numbers.averagePrice(quoteVolume, volume);
  return numbers.price(marketData.ticker(market, now).last);
};

const MINUTES = 5;
