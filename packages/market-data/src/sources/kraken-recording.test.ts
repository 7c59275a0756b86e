import { describe, expect, test } from "vitest";
import { recording, titled } from "../../../../scripts/recordings.ts";
import { FollowedMarket } from "./followed-market.ts";
import { krakenMessages } from "./kraken-messages.ts";
import type { SourceMarket } from "./source-units.ts";
import {
  krakenRecording,
  type RecordedMessage,
  RecordedSource,
} from "./testing/recorded-source.ts";

const file = recording("cryptofeed/KRAKEN.ws.50.0.gz");
const lines = file === undefined ? [] : krakenRecording(file);

/** The recording's pairs, each with the decimals that its prices are printed with. */
const markets = (): SourceMarket[] =>
  lines.flatMap(({ message }) => {
    if (!Array.isArray(message)) return [];
    const price: unknown = message[1]?.as?.[0]?.[0];
    if (typeof price !== "string") return [];
    const priceDecimals = price.length - price.indexOf(".") - 1;
    return [{ symbol: message.at(-1) as string, priceDecimals, quantityDecimals: 8 }];
  });

const following = (market: SourceMarket) => {
  const source = new RecordedSource(
    "kraken",
    market,
    { continuity: "checksum", depth: 1_000 },
    krakenMessages,
  );
  const reasons: string[] = [];
  const faults: unknown[] = [];
  const followed = new FollowedMarket(source, {
    resync: (reason) => reasons.push(reason),
    fault: (fault) => faults.push(fault),
  });
  return { source, followed, reasons, faults };
};

describe("a recording of ten of Kraken's books", () => {
  test.skipIf(file === undefined)(titled("has all of its 4,269 checksums", file), () => {
    let checksums = 0;
    for (const market of markets()) {
      const { source, followed, reasons, faults } = following(market);
      const messages = lines.flatMap((line) => source.tell(line));
      checksums += messages.filter((message) => "checksum" in message).length;
      // A checksum that did not agree would have lost the book.
      expect([reasons, faults, followed.isLive], market.symbol).toEqual([[], [], true]);
    }
    expect([markets().length, checksums]).toEqual([10, 4_269]);
  });

  test.skipIf(file === undefined)(
    titled("an update of the best levels that is left out is found by the next checksum", file),
    () => {
      const market = markets().find(({ symbol }) => symbol === "XMR/USD") as SourceMarket;
      const { source, followed, reasons } = following(market);
      const ours = lines.filter(
        ({ message }) => Array.isArray(message) && message.at(-1) === market.symbol,
      );
      const [snapshot, , second] = ours as [RecordedMessage, RecordedMessage, RecordedMessage];
      source.tell(snapshot);
      expect(followed.isLive).toBe(true);
      source.tell(second);
      expect([followed.isLive, reasons, source.resyncs]).toEqual([false, ["checksum_mismatch"], 1]);
      source.tell(snapshot);
      expect(followed.isLive).toBe(true);
    },
  );
});
