import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { MarketDataSource, SourceListener } from "../market-data-source.ts";
import type { SourceBookOptions } from "../source-book.ts";
import type { SourceAdapter } from "../source-message.ts";
import type { SourceMarket } from "../source-units.ts";

/** One message of a recording, and when it came, in milliseconds since 1970-01-01 UTC. */
export interface RecordedMessage {
  readonly at: number;
  readonly message: unknown;
}

const linesOf = (file: string): string[] =>
  gunzipSync(readFileSync(file)).toString("utf8").split("\n");

/** Lines of `<nanoseconds> <json>`. */
export const binanceRecording = (file: string): RecordedMessage[] =>
  linesOf(file)
    .filter((line) => line !== "")
    .map((line) => {
      const space = line.indexOf(" ");
      const at = Number(BigInt(line.slice(0, space)) / 1_000_000n);
      return { at, message: JSON.parse(line.slice(space + 1)) as unknown };
    });

/** Lines of `<seconds>: <json>`; others tell of the connection. */
export const krakenRecording = (file: string): RecordedMessage[] =>
  linesOf(file).flatMap((line) => {
    const [, seconds, json] = /^([\d.]+): (.+)$/.exec(line) ?? [];
    if (seconds === undefined || json === undefined) return [];
    return [{ at: Math.floor(Number(seconds) * 1_000), message: JSON.parse(json) as unknown }];
  });

/** A source that tells a recording when the test says so, and counts how often a snapshot was asked for. */
export class RecordedSource implements MarketDataSource {
  readonly name: string;
  readonly market: SourceMarket;
  readonly book: SourceBookOptions;
  readonly #read: SourceAdapter;
  #listener: SourceListener | undefined;
  resyncs = 0;

  constructor(
    name: string,
    market: SourceMarket,
    book: SourceBookOptions,
    adapter: (market: SourceMarket) => SourceAdapter,
  ) {
    this.name = name;
    this.market = market;
    this.book = book;
    this.#read = adapter(market);
  }

  open(listener: SourceListener) {
    this.#listener = listener;
    return {
      resync: () => {
        this.resyncs += 1;
      },
      close: () => {
        this.#listener = undefined;
      },
    };
  }

  /** Answers what the adapter made of it. */
  tell({ at, message }: RecordedMessage): ReturnType<SourceAdapter> {
    const messages = this.#read(message);
    for (const one of messages) this.#listener?.message(one, at);
    return messages;
  }

  lose(at: number): void {
    this.#listener?.lost(at);
  }
}
