import type { KeptHistory } from "./current-history.ts";
import type { TradeHistory, TradeHistoryRange } from "./market-history.ts";
import type { PublicTrade } from "./public-trade.ts";

const DEFAULT_LIMIT = 500;

/**
 * A history whose old trades were moved to an archive: each trade comes from where it still is. Candles stay where they are. Days
 * are archived in order: of one that was passed over, the trades are looked for in the archive only.
 *
 * @example
 * ```ts
 * const history = archivedHistory(sqlMarketHistory(db), await openTradeArchive(directory));
 * ```
 */
export const archivedHistory = (kept: KeptHistory, archive: TradeHistory): KeptHistory => ({
  candles: (...range) => kept.candles(...range),
  trades: (market, range = {}) =>
    range.fromId === undefined && range.from === undefined
      ? newest(market, range, kept, archive)
      : onwards(market, range, kept, archive),
});

const onwards = async (
  market: number,
  range: TradeHistoryRange,
  kept: KeptHistory,
  archive: TradeHistory,
): Promise<PublicTrade[]> => {
  const { limit = DEFAULT_LIMIT } = range;
  const old = await archive.trades(market, range);
  if (old.length === limit) return old;
  const last = old.at(-1)?.tradeId ?? 0;
  const young = await kept.trades(market, {
    ...range,
    fromId: Math.max(range.fromId ?? 0, last + 1),
  });
  return [...old, ...young].slice(0, limit);
};

const newest = async (
  market: number,
  range: TradeHistoryRange,
  kept: KeptHistory,
  archive: TradeHistory,
): Promise<PublicTrade[]> => {
  const { limit = DEFAULT_LIMIT } = range;
  const young = await kept.trades(market, range);
  if (young.length === limit) return young;
  const first = young[0]?.tradeId ?? Number.POSITIVE_INFINITY;
  const old = await archive.trades(market, range);
  return [...old.filter(({ tradeId }) => tradeId < first), ...young].slice(-limit);
};
