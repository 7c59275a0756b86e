import type { CandleInterval, MarketData } from "@pincex/market-data";
import type { MarketDirectory, MarketNumbers } from "../market-numbers.ts";
import type { Connection } from "../streaming/connection.ts";
import type { PublicFeeds, Unsubscribe } from "../streaming/public-feeds.ts";
import { textFrame } from "../streaming/text-frame.ts";
import { candleMessage, rowsMessage, tickerMessage, timeText, tradeMessage } from "./messages.ts";

const SNAPSHOT_TRADES = 50;
const BOOK_PACE = 100;

/** What a public channel is about. */
export interface PublicChannel {
  readonly channel: "book" | "trades" | "candles" | "ticker";
  readonly numbers: MarketNumbers;
  /** Of candles. */
  readonly interval?: CandleInterval;
}

/** The public channels of the native API. Each runs once, and each of its messages is framed once. */
export class PublicChannels {
  readonly #feeds: PublicFeeds;
  readonly #marketData: MarketData;
  readonly #running = new Map<string, RunningChannel>();

  constructor(feeds: PublicFeeds, marketData: MarketData) {
    this.#feeds = feeds;
    this.#marketData = marketData;
  }

  /** Sends a snapshot, then every update after it; `prevSeq` of the first update is `seq` of the snapshot. */
  subscribe(channel: PublicChannel, connection: Connection): Unsubscribe {
    const key = channelKey(channel);
    const running = this.#running.get(key) ?? this.#start(channel);
    this.#running.set(key, running);
    connection.send(textFrame(running.snapshot()));
    running.subscribers.add(connection);
    return () => {
      running.subscribers.delete(connection);
      if (running.subscribers.size > 0 || this.#running.get(key) !== running) return;
      this.#running.delete(key);
      running.stop();
    };
  }

  #start(channel: PublicChannel): RunningChannel {
    const inputs = { feeds: this.#feeds, marketData: this.#marketData };
    switch (channel.channel) {
      case "book":
        return bookChannel(channel, inputs);
      case "trades":
        return tradesChannel(channel, inputs);
      case "candles":
        return candlesChannel(channel, channel.interval ?? "1m", inputs);
      case "ticker":
        return tickerChannel(channel, inputs);
    }
  }
}

export const channelKey = ({ channel, numbers, interval }: PublicChannel): string =>
  [channel, numbers.market.symbol, interval ?? ""].join(" ");

interface RunningChannel {
  readonly subscribers: Set<Connection>;
  /** The channel as it stands, as text: what comes next follows it. */
  snapshot(): string;
  stop(): void;
}

interface ChannelInputs {
  readonly feeds: PublicFeeds;
  readonly marketData: MarketData;
}

/** Numbers the messages of a channel and sends each to all subscribers. */
class Numbered {
  readonly subscribers = new Set<Connection>();
  readonly #head: object;
  #seq: number;

  constructor(channel: PublicChannel, seq: number) {
    const { numbers, interval } = channel;
    this.#head = {
      channel: channel.channel,
      market: numbers.market.symbol,
      ...(interval === undefined ? {} : { interval }),
    };
    this.#seq = seq;
  }

  snapshot(body: object): string {
    return JSON.stringify({ type: "snapshot", ...this.#head, seq: this.#seq, ...body });
  }

  update(seq: number, body: object): void {
    const prevSeq = this.#seq;
    this.#seq = seq;
    const frame = textFrame(
      JSON.stringify({ type: "update", ...this.#head, seq, prevSeq, ...body }),
    );
    for (const subscriber of this.subscribers) subscriber.send(frame);
  }
}

const bookChannel = (
  channel: PublicChannel,
  { feeds, marketData }: ChannelInputs,
): RunningChannel => {
  const { numbers } = channel;
  const { market } = numbers.market;
  const numbered = new Numbered(channel, marketData.bestQuotes(market).updateId);
  const stop = feeds.onBook(market, BOOK_PACE, (update) =>
    numbered.update(update.lastUpdateId, {
      at: timeText(update.at),
      bids: rowsMessage(numbers, update.bids),
      asks: rowsMessage(numbers, update.asks),
    }),
  );
  return {
    subscribers: numbered.subscribers,
    stop,
    snapshot: () => {
      // Tells what is pending first, so that the snapshot stands between two updates.
      feeds.flushBook(market, BOOK_PACE);
      const { bids, asks } = marketData.book(market, Number.MAX_SAFE_INTEGER);
      return numbered.snapshot({
        at: timeText(marketData.time),
        bids: rowsMessage(numbers, bids),
        asks: rowsMessage(numbers, asks),
      });
    },
  };
};

/** Numbered by trade ids: `prevSeq` is the id of the market's trade before. */
const tradesChannel = (
  channel: PublicChannel,
  { feeds, marketData }: ChannelInputs,
): RunningChannel => {
  const { numbers } = channel;
  const { market } = numbers.market;
  const numbered = new Numbered(channel, marketData.trades(market, { limit: 1 })[0]?.tradeId ?? 0);
  const stop = feeds.onTrade(market, (trade) =>
    numbered.update(trade.tradeId, { trades: [tradeMessage(numbers, trade)] }),
  );
  return {
    subscribers: numbered.subscribers,
    stop,
    snapshot: () =>
      numbered.snapshot({
        trades: marketData
          .trades(market, { limit: SNAPSHOT_TRADES })
          .map((trade) => tradeMessage(numbers, trade)),
      }),
  };
};

/** Numbered by the venue's sequence. Each message has the whole candle, so a later one stands for those before it. */
const candlesChannel = (
  channel: PublicChannel,
  interval: CandleInterval,
  { feeds, marketData }: ChannelInputs,
): RunningChannel => {
  const { numbers } = channel;
  const { market } = numbers.market;
  const numbered = new Numbered(channel, marketData.sequence);
  const stop = feeds.onCandle(market, interval, ({ candle, ended }) =>
    numbered.update(marketData.sequence, { candle: candleMessage(numbers, candle), ended }),
  );
  return {
    subscribers: numbered.subscribers,
    stop,
    snapshot: () => {
      const candle = marketData.latestCandle(market, interval);
      return numbered.snapshot({
        candle: candle === undefined ? null : candleMessage(numbers, candle),
      });
    },
  };
};

const tickerChannel = (
  channel: PublicChannel,
  { feeds, marketData }: ChannelInputs,
): RunningChannel => {
  const { numbers } = channel;
  const { market } = numbers.market;
  const numbered = new Numbered(channel, marketData.sequence);
  const stop = feeds.onTicker(market, (ticker) =>
    numbered.update(marketData.sequence, { ticker: tickerMessage(numbers, ticker) }),
  );
  return {
    subscribers: numbered.subscribers,
    stop,
    snapshot: () =>
      numbered.snapshot({ ticker: tickerMessage(numbers, marketData.ticker(market)) }),
  };
};

/** The channel that a message names; undefined if there is no such market. */
export const channelOf = (
  markets: MarketDirectory,
  channel: PublicChannel["channel"],
  symbol: string,
  interval: string | undefined,
): PublicChannel | undefined => {
  const numbers = markets.find(symbol);
  if (numbers === undefined) return undefined;
  return interval === undefined
    ? { channel, numbers }
    : { channel, numbers, interval: interval as CandleInterval };
};
