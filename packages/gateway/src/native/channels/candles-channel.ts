import { bucketStart, type CandleInterval } from "@pincex/market-data";
import type { MarketNumbers } from "../../market-numbers.ts";
import type { StreamSource, StreamUpdate } from "../../streaming/stream.ts";
import type { PublicBody } from "../message-schemas.ts";
import { candleMessage } from "../messages.ts";
import type { ChannelInputs } from "./channel-inputs.ts";

/** A client that missed more candles asks for a range of them. */
const MOST_CANDLES = 500;

/**
 * The candles of one interval, numbered by the trades and busts of their market. Each message has the whole candle, so a later one stands for
 * those before it, and what was missed is every candle that changed.
 */
export const candlesSource = (
  numbers: MarketNumbers,
  interval: CandleInterval,
  { feeds, marketData, replay }: ChannelInputs,
): StreamSource => {
  const { market } = numbers.market;
  const changedSince = (seq: number): Map<number, number> | undefined => {
    const changes = replay.tape(market, seq);
    if (changes === undefined) return undefined;
    // By the number of the last change of each.
    const changed = new Map<number, number>();
    for (const { number, trade } of changes) {
      const openTime = bucketStart(interval, trade.at);
      changed.delete(openTime);
      changed.set(openTime, number);
    }
    return changed;
  };
  const candleAt = (openTime: number, seq: number): StreamUpdate[] =>
    marketData
      .candles(market, interval, { from: openTime, to: openTime, limit: 1 })
      .map((candle) => {
        const ended = candle.closeTime < marketData.time;
        const body: PublicBody<"candles">["update"] = {
          candle: candleMessage(numbers, candle),
          ended,
        };
        return { seq, body };
      });
  return {
    number: () => marketData.tradeChanges(market),
    start: (tell) =>
      feeds.onCandle(market, interval, ({ candle, ended, number }) => {
        const body = { candle: candleMessage(numbers, candle), ended };
        tell({ seq: number, body });
      }),
    flush: () => feeds.flushCandle(market, interval),
    snapshot: (): PublicBody<"candles">["snapshot"] => {
      const candle = marketData.latestCandle(market, interval);
      return { candle: candle === undefined ? null : candleMessage(numbers, candle) };
    },
    since: (seq) => {
      const changed = changedSince(seq);
      if (changed === undefined || changed.size > MOST_CANDLES) return undefined;
      const latest = marketData.latestCandle(market, interval);
      // Told again in any case: an older candle's correction may have been told before its last trades.
      if (latest !== undefined) {
        changed.delete(latest.openTime);
        changed.set(latest.openTime, marketData.tradeChanges(market));
      }
      return [...changed].flatMap(([openTime, number]) => candleAt(openTime, number));
    },
  };
};
