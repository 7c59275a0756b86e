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
import type { AuctionState } from "./auction-state.ts";
import type { Candle } from "./candle.ts";
import type { IndicativePrice } from "./indicative-price.ts";
import { bucketStart, CANDLE_INTERVALS, type CandleInterval } from "./interval.ts";
import {
  type BestQuotes,
  type BookMessage,
  type BookSnapshot,
  type FeedListener,
  type LevelChange,
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
  /** The market's `tradeChanges` with which it became what it is. */
  readonly number: number;
}

/** All level changes of one command in one market, numbered as the book's. */
export interface DepthChange {
  readonly market: number;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly at: number;
  readonly previousUpdateId: number;
  readonly lastUpdateId: number;
  readonly levels: readonly LevelChange[];
}

/** A trade, or one that was taken back and says so. */
export interface TapeChange {
  /** The market's `tradeChanges` with it. */
  readonly number: number;
  readonly trade: PublicTrade;
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
  /** The phase has changed, or what an auction would do; the newest state of a batch. */
  auction: (state: AuctionState) => void;
  /** Trades and busts one by one, in the order in which they happened. Those of a batch are told after it, whoever cut it. */
  tape: (change: TapeChange) => void;
  /** What each command did to the book: unlike `book`, which tells a batch at once, the same wherever batches are cut. */
  depth: (change: DepthChange) => void;
}

const SNAPSHOT_VERSION = 3;

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
    auctions: new Map(),
    tape: [],
    depth: [],
    levels: new Map(),
    touched: new Set(),
    traded: new Set(),
  };
  #followedFrom = 0;

  /** Sequence number of the last command whose events were followed. */
  get sequence(): number {
    return this.#sequence;
  }

  /** What came after this sequence number was followed, and listeners heard it; what came before was restored from a snapshot. */
  get followedFrom(): number {
    return this.#followedFrom;
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

  /** The market's phase, and what an auction would do in it. */
  auction(market: number): AuctionState {
    return this.#feed(market).auction();
  }

  /** Counts a market's trades so far, and once more those that were taken back. */
  tradeChanges(market: number): number {
    return this.#feed(market).tradeChanges;
  }

  /** Candles of one interval, oldest first; buckets without a trade stand flat at the close before them. */
  candles(market: number, interval: CandleInterval, range: CandleRange = {}): Candle[] {
    return this.#feed(market).candles(interval, { now: this.#time, ...range });
  }

  /** The oldest candle with a trade that is still kept in memory; undefined before the first trade. */
  firstCandle(market: number, interval: CandleInterval): Candle | undefined {
    return this.#feed(market).firstCandle(interval);
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
    this.#endCommand();
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
    this.#followedFrom = sequence;
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
        this.#endCommand();
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
    const number = feed.tradeChanges;
    this.#batch.busts.push({ bust, number });
    if (this.listenerCount("tape") > 0) this.#batch.tape.push({ number, trade: bust.trade });
  }

  /** What a command did to a book is told as a whole. */
  #endCommand(): void {
    if (this.#batch.levels.size === 0) return;
    for (const [market, levels] of this.#batch.levels) {
      const lastUpdateId = this.#feed(market).updateId;
      const previousUpdateId = lastUpdateId - levels.length;
      const at = this.#time;
      this.#batch.depth.push({ market, at, previousUpdateId, lastUpdateId, levels });
    }
    this.#batch.levels.clear();
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
        if (this.listenerCount("tape") === 0) return;
        this.#batch.tape.push({ number: this.#feed(market).tradeChanges, trade });
      },
      indicative: (indicative) => this.#batch.indicatives.set(market, indicative),
      auction: (state) => this.#batch.auctions.set(market, state),
      candleEnded: (interval, candle) => {
        if (this.listenerCount("candle") > 0) {
          const number = this.#feed(market).tradeChanges;
          this.#batch.ended.push({ market, interval, candle, ended: true, number });
        }
      },
      level: (change) => {
        if (this.listenerCount("depth") === 0) return;
        const { levels } = this.#batch;
        const those = levels.get(market);
        if (those === undefined) levels.set(market, [change]);
        else those.push(change);
      },
    };
  }

  #tell(): void {
    const { ended, trades, busts, touched, traded } = this.#batch;
    for (const update of ended.splice(0)) this.emit("candle", update);
    for (const trade of trades.splice(0)) this.emit("trade", trade);
    const corrected = new Set(busts.map(({ bust }) => bust.trade.market));
    for (const { bust, number } of busts.splice(0)) this.#tellBust(bust, number);
    this.#tellNotices();
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

  #tellNotices(): void {
    const { tape, depth } = this.#batch;
    for (const change of tape.splice(0)) this.emit("tape", change);
    for (const change of depth.splice(0)) this.emit("depth", change);
    const indicatives = [...this.#batch.indicatives.values()];
    this.#batch.indicatives.clear();
    for (const indicative of indicatives) this.emit("indicative", indicative);
    const auctions = [...this.#batch.auctions.values()];
    this.#batch.auctions.clear();
    for (const state of auctions) this.emit("auction", state);
  }

  #tellBust(bust: TradeBust, number: number): void {
    const { market } = bust.trade;
    this.emit("bust", bust);
    for (const correction of bust.candles) this.emit("candle", { market, ...correction, number });
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
      const { market, tradeChanges: number } = feed;
      this.emit("candle", { market, interval, candle, ended: false, number });
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
  readonly busts: { readonly bust: TradeBust; readonly number: number }[];
  readonly tape: TapeChange[];
  readonly depth: DepthChange[];
  /** Of the present command, by market. */
  readonly levels: Map<number, LevelChange[]>;
  /** The newest of each market. */
  readonly indicatives: Map<number, IndicativePrice>;
  readonly auctions: Map<number, AuctionState>;
  /** Markets with an event. */
  readonly touched: Set<number>;
  readonly traded: Set<number>;
}
