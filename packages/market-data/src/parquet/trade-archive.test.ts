import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { archivedHistory } from "../archived-history.ts";
import type { KeptHistory } from "../current-history.ts";
import type { TradeHistoryRange } from "../market-history.ts";
import type { PublicTrade } from "../public-trade.ts";
import { openTradeArchive, type TradeArchive } from "./index.ts";

const START = Date.UTC(2026, 10, 23);
const DAY_MS = 86_400_000;
const MARKETS = [1, 2];

/** Three days of trades in two markets, the ids of both together. */
const TRADES: readonly PublicTrade[] = Array.from({ length: 300 }, (_, index) => ({
  market: 1 + (index % 2),
  tradeId: index + 1,
  price: 6_000_000 + index,
  quantity: 2 ** 40 + index,
  takerSide: index % 3 === 0 ? "buy" : "sell",
  at: START + Math.floor((index * 3 * DAY_MS) / 300),
  ...(index % 50 === 7 ? { busted: true as const } : {}),
}));

const among = (trades: readonly PublicTrade[], market: number, range: TradeHistoryRange = {}) => {
  const { fromId, from, to, limit = 500 } = range;
  const found = trades.filter(
    ({ market: its, tradeId, at }) =>
      its === market &&
      tradeId >= (fromId ?? 0) &&
      at >= (from ?? 0) &&
      at <= (to ?? Number.POSITIVE_INFINITY),
  );
  return fromId === undefined && from === undefined ? found.slice(-limit) : found.slice(0, limit);
};

const historyOf = (trades: readonly PublicTrade[]): KeptHistory => ({
  candles: async () => [],
  trades: async (market, range) => among(trades, market, range),
});

let directory: string;
let archive: TradeArchive;
beforeAll(async () => {
  directory = join(mkdtempSync(join(tmpdir(), "pincex-archive-")), "it's here");
  archive = await openTradeArchive(directory);
});
afterAll(async () => {
  await archive.close();
  rmSync(directory, { recursive: true, force: true });
});

const written = ["2026-11-23", "2026-11-24"];
const isOld = ({ at }: PublicTrade): boolean => at < START + 2 * DAY_MS;

test("a day is written whole, and read back as it was", async () => {
  writeFileSync(
    join(directory, "trades-2026-11-23.parquet.partial"),
    "of a process that was killed",
  );
  for (const day of written) {
    expect(await archive.archive(day, MARKETS, historyOf(TRADES))).toBe(100);
  }
  expect(archive.days()).toEqual(written);
  expect(readdirSync(directory)).toEqual(written.map((day) => `trades-${day}.parquet`));
  for (const market of MARKETS) {
    expect(await archive.trades(market)).toEqual(among(TRADES.filter(isOld), market));
  }
});

test("a day whose trades are gone where they came from is not written over", async () => {
  await expect(archive.archive("2026-11-23", MARKETS, historyOf([]))).rejects.toThrow(
    new RangeError("expected at least 100 trades of 2026-11-23, was 0"),
  );
  expect(await archive.trades(1)).toHaveLength(100);
});

test.each(["2026-11", "yesterday", "2026-13-01", "../../etc"])("%s is no day", async (day) => {
  await expect(archive.archive(day, MARKETS, historyOf(TRADES))).rejects.toThrow(RangeError);
});

const range = fc.record(
  {
    fromId: fc.integer({ min: 0, max: 320 }),
    from: fc.integer({ min: START - DAY_MS, max: START + 4 * DAY_MS }),
    to: fc.integer({ min: START - DAY_MS, max: START + 4 * DAY_MS }),
    limit: fc.integer({ min: 1, max: 200 }),
  },
  { requiredKeys: [] },
);

test("for any range / trades come from where they still are, and nobody can tell", async () => {
  const young = historyOf(TRADES.filter((trade) => !isOld(trade)));
  const joined = archivedHistory(young, archive);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...MARKETS), range, async (market, asked) => {
      expect(await joined.trades(market, asked)).toEqual(among(TRADES, market, asked));
    }),
    { numRuns: 60 },
  );
});
