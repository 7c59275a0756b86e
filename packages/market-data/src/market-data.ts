import {
  EventKind,
  type RecordViews,
  recordKind,
  recordLength,
  recordSecond,
} from "@pincex/engine";
import {
  appliedSequence,
  appliedTime,
  decodeVenueEvent,
  TRADES_RETAINED as TRADES_BUSTABLE,
  VenueEventKind,
  type View,
} from "@pincex/venue";
import { EventEmitter } from "eventemitter3";
import type { Candle } from "./candle.ts";
import type { IndicativePrice } from "./indicative-price.ts";
import { bucketStart, CANDLE_INTERVALS, type CandleInterval } from "./interval.ts";
import {
  type BestQuotes,
  type BookMessage,
  type BookSnapshot,
  type FeedListener,
  MarketFeed,
  type QuotesMessage,
  type TradeRange,
} from "./market-feed.ts";
import { readFeedState, writeFeedState } from "./market-feed-snapshot.ts";
import type { PublicTrade } from "./public-trade.ts";
import type { CandleRange } from "./recent-candles.ts";
import type { TradeBust } from "./recent-trades.ts";
import { SnapshotReader, SnapshotWriter } from "./snapshot-numbers.ts";
import type { Ticker } from "./ticker.ts";

/** A candle as it stands after a batch of events. */
export interface CandleUpdate {
  readonly market: number;
  readonly interval: CandleInterval;
  readonly candle: Candle;
  /** Whether time has passed its end, so that it will not change any more. */
  readonly ended: boolean;
}

/**
 * What listeners hear, after each batch of events has been applied to all markets. In this order: candles that ended,
 * trades as they happened, trades that were taken back, each with the candles that it leaves; then, market by market, its book if it changed, its best quotes if they moved, its open
 * candles if it traded, its ticker if either.
 *
 * A listener must not throw: it would be the venue that stops.
 */
export interface MarketDataEvents {
  trade: (trade: PublicTrade) => void;
  book: (update: BookMessage) => void;
  quotes: (quotes: QuotesMessage) => void;
  candle: (update: CandleUpdate) => void;
  ticker: (ticker: Ticker) => void;
}

/** What happens seldom, or what few listen to. The same rules hold. */
export interface MarketDataNotices {
  /** A trade was taken back. The candles that it was part of are told again, as `candle`, right after. */
  bust: (bust: TradeBust) => void;
  /** What an auction would do has changed. */
  indicative: (indicative: IndicativePrice) => void;
}

const SNAPSHOT_VERSION = 2;

/**
 * What the public sees of a venue's markets: one `MarketFeed` a market, kept by following the venue's events.
 *
 * It is a view of the venue: current at every acknowledged sequence number, and part of its snapshots, so that a
 * restart finds the same trades, candles and update numbers. Markets are the venue's numbers; asking for one that was
 * never listed throws a `RangeError`.
 */
export class MarketData extends EventEmitter<MarketDataEvents & MarketDataNotices> implements View {
  readonly name = "market-data";
  #feeds: Map<number, MarketFeed> = new Map();
  #sequence = 0;
  #time = 0;
  /** Trades are counted for all markets together, and so are those that can be taken back. */
  #lastTradeId = 0;
  readonly #batch: Batch = {
    trades: [],
    ended: [],
    busts: [],
    indicatives: new Map(),
    touched: new Set(),
    traded: new Set(),
  };

  /** Sequence number of the last command whose events were followed. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Time of that command, in milliseconds since 1970-01-01 UTC. */
  get time(): number {
    return this.#time;
  }

  /** The numbers of all listed markets, in the order of their listing. */
  markets(): number[] {
    return [...this.#feeds.keys()];
  }

  /** Up to the last 1,000 trades, oldest first. */
  trades(market: number, range: TradeRange = {}): PublicTrade[] {
    return this.#feed(market).trades(range);
  }

  /** The best `depth` levels of each side, 1,000 unless told otherwise. */
  book(market: number, depth?: number): BookSnapshot {
    return this.#feed(market).book(depth);
  }

  bestQuotes(market: number): BestQuotes {
    return this.#feed(market).bestQuotes();
  }

  /** What `bookChecksum` gives of the book, in ticks and lots. */
  checksum(market: number): number {
    return this.#feed(market).checksum();
  }

  /** What an auction would do, while the market collects orders for one and something was told of it. */
  indicative(market: number): IndicativePrice | undefined {
    return this.#feed(market).indicative;
  }

  /** Candles of one interval, oldest first; buckets without a trade stand flat at the close before them. */
  candles(market: number, interval: CandleInterval, range: CandleRange = {}): Candle[] {
    return this.#feed(market).candles(interval, { now: this.#time, ...range });
  }

  /** The newest candle with a trade, which may still be open; undefined before the first trade. */
  latestCandle(market: number, interval: CandleInterval): Candle | undefined {
    return this.#feed(market).latestCandle(interval);
  }

  /** The 24 hours up to `now`; without it, up to the last command. */
  ticker(market: number, now: number = this.#time): Ticker {
    return this.#feed(market).ticker(now);
  }

  /** The present day, week or month of the calendar in UTC, up to `now`; without it, up to the last command. */
  calendarTicker(market: number, interval: CandleInterval, now: number = this.#time): Ticker {
    return this.#feed(market).calendarTicker(interval, now);
  }

  /** Follows a batch of the venue's event records, then tells the listeners. */
  apply(events: RecordViews, from: number, to: number): void {
    for (let offset = from; offset < to; offset += recordLength(events, offset)) {
      this.#follow(events, offset);
    }
    this.#tell();
  }

  snapshot(): Uint8Array {
    const writer = new SnapshotWriter();
    writer.number(SNAPSHOT_VERSION);
    writer.number(this.#sequence);
    writer.number(this.#time);
    writer.number(this.#lastTradeId);
    writer.list([...this.#feeds.values()], (feed) => writeFeedState(writer, feed.state()));
    return writer.finished();
  }

  restore(bytes: Uint8Array): void {
    const reader = new SnapshotReader(bytes);
    const version = reader.number();
    if (version !== SNAPSHOT_VERSION) {
      throw new RangeError(`expected market data version ${SNAPSHOT_VERSION}, was ${version}`);
    }
    const sequence = reader.number();
    const time = reader.number();
    const lastTradeId = reader.number();
    const states = reader.list(() => readFeedState(reader));
    reader.end();
    this.#sequence = sequence;
    this.#time = time;
    this.#lastTradeId = lastTradeId;
    this.#feeds = new Map(
      states.map((state) => [
        state.market,
        MarketFeed.restored(state, this.#listenerOf(state.market)),
      ]),
    );
  }

  #follow(events: RecordViews, offset: number): void {
    switch (recordKind(events, offset)) {
      case VenueEventKind.applied:
        this.#advance(appliedSequence(events, offset), appliedTime(events, offset));
        return;
      case EventKind.marketAdded: {
        const market = recordSecond(events, offset);
        this.#feeds.set(market, new MarketFeed(market, this.#listenerOf(market)));
        return;
      }
      case VenueEventKind.tradeBusted:
        this.#bust(events, offset);
        return;
      case EventKind.trade:
      case EventKind.levelChanged:
      case EventKind.indicative:
      case EventKind.phaseChanged: {
        const market = recordSecond(events, offset);
        const feed = this.#feed(market);
        this.#batch.touched.add(market);
        feed.applyRecord(events, offset, this.#time);
      }
    }
  }

  #bust(events: RecordViews, offset: number): void {
    const event = decodeVenueEvent(events, offset);
    if (event.kind !== "trade_busted") return;
    const feed = this.#feed(event.market);
    const bust = feed.bust(event.tradeId, this.#time);
    if (bust === undefined) return;
    this.#batch.touched.add(event.market);
    this.#batch.busts.push(bust);
  }

  #advance(sequence: number, time: number): void {
    // Candles end with minutes: within one, markets without an event need not hear of the time.
    const minutePassed = bucketStart("1m", time) !== bucketStart("1m", this.#time);
    this.#sequence = sequence;
    this.#time = time;
    if (!minutePassed) return;
    for (const feed of this.#feeds.values()) {
      feed.advance(time);
      feed.settleTradesBefore(this.#lastTradeId - TRADES_BUSTABLE + 1);
    }
  }

  #listenerOf(market: number): FeedListener {
    return {
      trade: (trade) => {
        this.#lastTradeId = trade.tradeId;
        this.#batch.traded.add(market);
        if (this.listenerCount("trade") > 0) this.#batch.trades.push(trade);
      },
      indicative: (indicative) => this.#batch.indicatives.set(market, indicative),
      candleEnded: (interval, candle) => {
        if (this.listenerCount("candle") > 0) {
          this.#batch.ended.push({ market, interval, candle, ended: true });
        }
      },
    };
  }

  #tell(): void {
    const { trades, ended, busts, indicatives, touched, traded } = this.#batch;
    for (const update of ended.splice(0)) this.emit("candle", update);
    for (const trade of trades.splice(0)) this.emit("trade", trade);
    const corrected = new Set(busts.map(({ trade }) => trade.market));
    for (const bust of busts.splice(0)) this.#tellBust(bust);
    const changed = [...indicatives.values()];
    indicatives.clear();
    for (const indicative of changed) this.emit("indicative", indicative);
    const withEvents = [...touched];
    const withTrades = new Set(traded);
    touched.clear();
    traded.clear();
    for (const market of withEvents) {
      const feed = this.#feed(market);
      const moved = this.#tellBook(feed);
      const hasTraded = withTrades.has(market);
      if (hasTraded && this.listenerCount("candle") > 0) this.#tellOpenCandles(feed);
      if (moved || hasTraded || corrected.has(market)) this.#tellTicker(feed);
    }
  }

  #tellBust(bust: TradeBust): void {
    const { market } = bust.trade;
    this.emit("bust", bust);
    for (const correction of bust.candles) this.emit("candle", { market, ...correction });
  }

  /** Answers whether the best quotes moved. */
  #tellBook(feed: MarketFeed): boolean {
    const update = feed.takeBookUpdate();
    if (update !== undefined) this.emit("book", update);
    const quotes = feed.takeQuotes();
    if (quotes !== undefined) this.emit("quotes", quotes);
    return quotes !== undefined;
  }

  #tellTicker(feed: MarketFeed): void {
    if (this.listenerCount("ticker") > 0) this.emit("ticker", feed.ticker());
  }

  #tellOpenCandles(feed: MarketFeed): void {
    for (const interval of CANDLE_INTERVALS) {
      const candle = feed.latestCandle(interval);
      if (candle === undefined) continue;
      this.emit("candle", { market: feed.market, interval, candle, ended: false });
    }
  }

  #feed(market: number): MarketFeed {
    const feed = this.#feeds.get(market);
    if (feed === undefined) throw new RangeError(`expected a listed market, was ${market}`);
    return feed;
  }
}

/** What happened since the listeners were told last. */
interface Batch {
  readonly trades: PublicTrade[];
  readonly ended: CandleUpdate[];
  readonly busts: TradeBust[];
  /** The newest of each market. */
  readonly indicatives: Map<number, IndicativePrice>;
  /** Markets with an event. */
  readonly touched: Set<number>;
  readonly traded: Set<number>;
}
