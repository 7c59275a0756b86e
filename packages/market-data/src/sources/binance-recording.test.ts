import { describe, expect, test } from "vitest";
import { recording, titled } from "../../../../scripts/recordings.ts";
import { binanceMessages } from "./binance-messages.ts";
import { FollowedMarket } from "./followed-market.ts";
import type { SourceBookOptions } from "./source-book.ts";
import type { SourceQuotes } from "./source-message.ts";
import type { SourceMarket } from "./source-units.ts";
import {
  binanceRecording,
  type RecordedMessage,
  RecordedSource,
} from "./testing/recorded-source.ts";

interface Recorded {
  readonly name: string;
  readonly file: string;
  readonly market: SourceMarket;
  readonly book: SourceBookOptions;
  readonly agreeing: number;
}

const BTCUSDT = { symbol: "BTCUSDT", priceDecimals: 2 };
const RECORDINGS: readonly Recorded[] = [
  {
    name: "spot BTCUSDT",
    file: "hftbacktest/spot-btcusdt_20240808.gz",
    market: { ...BTCUSDT, quantityDecimals: 8 },
    book: { continuity: "contiguous" },
    agreeing: 3_449,
  },
  {
    name: "USD-M BTCUSDT",
    file: "hftbacktest/usdm-btcusdt_20240808.gz",
    market: { ...BTCUSDT, quantityDecimals: 3 },
    book: { continuity: "chained" },
    agreeing: 6_546,
  },
];

const isUpdate = ({ message }: RecordedMessage): boolean =>
  (message as { data?: { e?: string } }).data?.e === "depthUpdate";

/** The recording's best quotes in the order of their changes: the exchange's own word on its book. */
const quotesIn = (lines: readonly RecordedMessage[], market: SourceMarket): SourceQuotes[] => {
  const read = binanceMessages(market);
  return lines
    .flatMap(({ message }) => read(message))
    .filter((message) => message.kind === "quotes")
    .sort((one, other) => one.updateId - other.updateId);
};

const following = ({ market, book }: Recorded) => {
  const source = new RecordedSource("binance", market, book, binanceMessages);
  const reasons: string[] = [];
  const faults: unknown[] = [];
  const followed = new FollowedMarket(source, {
    resync: (reason) => reasons.push(reason),
    fault: (fault) => faults.push(fault),
  });
  return { source, followed, reasons, faults };
};

describe.each(RECORDINGS)("a recording of Binance $name", (recorded) => {
  const path = recording(recorded.file);
  const lines = path === undefined ? [] : binanceRecording(path);

  test.skipIf(path === undefined)(
    titled(
      `after each of ${recorded.agreeing} diffs the best price and size are the exchange's own`,
      path,
    ),
    () => {
      const { source, followed, reasons, faults } = following(recorded);
      const quotes = quotesIn(lines, recorded.market);
      let seen = 0;
      let compared = 0;
      for (const line of lines) {
        const before = followed.lastUpdateId;
        source.tell(line);
        const { lastUpdateId } = followed;
        if (lastUpdateId === before) continue;
        while ((quotes[seen]?.updateId ?? lastUpdateId + 1) <= lastUpdateId) seen += 1;
        const { bid, ask } = quotes[seen - 1] as SourceQuotes;
        expect(followed.bestQuotes()).toEqual({ bid, ask });
        compared += 1;
      }
      expect({ reasons, faults, compared }).toEqual({
        reasons: [],
        faults: [],
        compared: recorded.agreeing,
      });
    },
  );

  test.skipIf(path === undefined)(
    titled("a diff that is left out is a gap, and empties the book", path),
    () => {
      const { source, followed, reasons } = following(recorded);
      const updates = lines.flatMap((line, index) => (isUpdate(line) ? [index] : []));
      const [missing, next] = updates.slice(40, 42) as [number, number];
      for (const line of lines.slice(0, missing)) source.tell(line);
      expect([followed.isLive, reasons]).toEqual([true, []]);
      source.tell(lines[next] as RecordedMessage);
      expect([followed.isLive, followed.book(), reasons, source.resyncs]).toEqual([
        false,
        { bids: [], asks: [] },
        ["sequence_gap"],
        1,
      ]);
    },
  );
});
