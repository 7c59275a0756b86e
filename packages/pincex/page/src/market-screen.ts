import { CandleChart } from "./candle-chart.ts";
import { DepthChart } from "./depth-chart.ts";
import {
  candleOf,
  type DepthChange,
  fetchCandles,
  fetchDepth,
  fetchTicker,
  fetchTrades,
  type PublicTrade,
  type Ticker,
  tradeOf,
} from "./exchange-api.ts";
import { IntervalChoice, SECONDS_INTERVALS } from "./interval-choice.ts";
import { LocalBook } from "./local-book.ts";
import type { Market } from "./market.ts";
import { MarketSummary } from "./market-summary.ts";
import { OrderBookLadder, type OwnPrices } from "./order-book-ladder.ts";
import { formatScaled } from "./scaled.ts";
import { TradeCandles } from "./trade-candles.ts";
import { TradesTape } from "./trades-tape.ts";

/** Fewer minutes than this make a poor picture: a first visit to a young exchange starts with seconds. */
const YOUNG_MINUTES = 20;
const RETRY_MS = 1_000;

/** Subscribing to streams, as much of the connection as a screen needs. */
export interface Subscriptions {
  subscribe(streams: readonly string[]): void;
  unsubscribe(streams: readonly string[]): void;
}

export interface MarketScreenHandler {
  /** A price was picked in the book, as the API writes it. */
  picked(price: string): void;
  /** The best prices of the book, as the API writes them; undefined where a side is empty. */
  quotes(bid: string | undefined, ask: string | undefined): void;
}

/** Everything that shows the one chosen market. */
export class MarketScreen {
  readonly #subscriptions: Subscriptions;
  readonly #summary = new MarketSummary();
  readonly #ladder: OrderBookLadder;
  readonly #depthChart = new DepthChart();
  readonly #handler: MarketScreenHandler;
  readonly #tape = new TradesTape();
  readonly #intervals = new IntervalChoice(() => this.#showCandles(this.#generation));
  readonly #chart = new CandleChart((before) => this.#showOlder(before));
  #market: Market | undefined;
  #book: LocalBook | undefined;
  #candleStream: string | undefined;
  #tradeCandles: TradeCandles | undefined;
  #trades: PublicTrade[] = [];
  #olderExhausted = true;
  /** Counts what is on the screen: an answer to an earlier question is thrown away. */
  #generation = 0;

  constructor(subscriptions: Subscriptions, handler: MarketScreenHandler) {
    this.#subscriptions = subscriptions;
    this.#handler = handler;
    this.#ladder = new OrderBookLadder((price) => handler.picked(price));
  }

  /** The colours have changed: what is drawn by hand is drawn again. */
  repaint(): void {
    this.#chart.repaint();
    this.#depthChart.redraw();
  }

  /** Marks the levels that orders of one's own stand at. */
  mark(own: OwnPrices): void {
    this.#ladder.mark(own);
  }

  show(market: Market): void {
    if (this.#market !== undefined) this.#subscriptions.unsubscribe(streamsOf(this.#market));
    this.#market = market;
    this.#summary.show(market);
    this.#book = new LocalBook(market);
    this.#ladder.show(market, this.#book);
    this.#depthChart.show(market, this.#book);
    this.#tape.show(market, []);
    this.#subscriptions.subscribe(streamsOf(market));
    this.reload();
  }

  /** Asks for everything again: after a change of market, and after every reconnection. */
  reload(): void {
    const market = this.#market;
    if (market === undefined) return;
    this.#generation += 1;
    const generation = this.#generation;
    this.#startBook(generation);
    this.#retrying(generation, async () => {
      const trades = await fetchTrades(market);
      if (generation !== this.#generation) return;
      this.#trades = trades;
      this.#tape.show(market, trades);
      const last = trades.at(-1);
      if (last !== undefined) this.#summary.last(last.price);
      this.#showCandles(generation);
    });
    this.#retrying(generation, async () => {
      const ticker = await fetchTicker(market);
      if (generation === this.#generation) this.#summary.ticker(ticker);
    });
  }

  ticker(ticker: Ticker): void {
    this.#summary.ticker(ticker);
  }

  message(stream: string, data: Record<string, unknown>): void {
    const market = this.#market;
    if (market === undefined || !stream.startsWith(`${market.symbol.toLowerCase()}@`)) return;
    if (stream === this.#candleStream) this.#chart.update(candleOf(data));
    else if (stream.endsWith("@trade")) this.#trade(tradeOf(data));
    else if (stream.includes("@depth")) this.#depth(data as unknown as DepthChange);
  }

  #trade(trade: PublicTrade): void {
    if (trade.id <= (this.#trades.at(-1)?.id ?? 0)) return;
    this.#trades.push(trade);
    if (this.#trades.length > 2_000) this.#trades = this.#trades.slice(-1_000);
    this.#tape.add(trade);
    this.#summary.last(trade.price);
    for (const candle of this.#tradeCandles?.add(trade) ?? []) this.#chart.update(candle);
  }

  #depth(change: DepthChange): void {
    if (this.#book?.apply(change) === false) this.#startBook(this.#generation);
    this.#bookChanged();
  }

  #bookChanged(): void {
    this.#ladder.redraw();
    this.#depthChart.redraw();
    const [market, book] = [this.#market, this.#book];
    if (market === undefined || book === undefined) return;
    const text = (price: number | undefined): string | undefined =>
      price === undefined
        ? undefined
        : formatScaled(price, market.priceDecimals).replaceAll(",", "");
    this.#handler.quotes(text(book.best("buy")), text(book.best("sell")));
  }

  #startBook(generation: number): void {
    const { market, book } = { market: this.#market, book: this.#book };
    if (market === undefined || book === undefined) return;
    book.reset();
    this.#retrying(generation, async () => {
      const snapshot = await fetchDepth(market);
      if (generation !== this.#generation) return;
      if (!book.start(snapshot)) throw new Error("the snapshot is older than the changes at hand");
      this.#bookChanged();
    });
  }

  #showCandles(generation: number): void {
    const market = this.#market;
    if (market === undefined) return;
    this.#retrying(generation, async () => {
      if (this.#intervals.current === "") {
        const minutes = await fetchCandles(market, "1m");
        this.#intervals.current = minutes.length < YOUNG_MINUTES ? "5s" : "1m";
      }
      const interval = this.#intervals.current;
      const seconds = SECONDS_INTERVALS[interval];
      this.#followCandles(
        seconds === undefined ? `${streamName(market, `kline_${interval}`)}` : "",
      );
      if (seconds !== undefined) {
        this.#showTradeCandles(market, seconds);
        return;
      }
      const candles = await fetchCandles(market, interval);
      if (generation !== this.#generation || interval !== this.#intervals.current) return;
      this.#tradeCandles = undefined;
      this.#olderExhausted = candles.length === 0;
      this.#chart.show(market, candles);
    });
  }

  #showTradeCandles(market: Market, seconds: number): void {
    this.#olderExhausted = true;
    const candles = new TradeCandles(seconds);
    for (const trade of this.#trades) candles.add(trade);
    this.#tradeCandles = candles;
    this.#chart.show(market, candles.all);
  }

  #showOlder(before: number): void {
    const market = this.#market;
    const interval = this.#intervals.current;
    if (this.#olderExhausted || market === undefined) return;
    this.#olderExhausted = true;
    const generation = this.#generation;
    fetchCandles(market, interval, before).then(
      (older) => {
        if (generation !== this.#generation || interval !== this.#intervals.current) return;
        if (older.length === 0) return;
        this.#chart.prepend(older);
        this.#olderExhausted = false;
      },
      () => {
        this.#olderExhausted = false;
      },
    );
  }

  #followCandles(stream: string): void {
    if (stream === this.#candleStream) return;
    if (this.#candleStream) this.#subscriptions.unsubscribe([this.#candleStream]);
    this.#candleStream = stream;
    if (stream) this.#subscriptions.subscribe([stream]);
  }

  /** Tries again as long as the question is still asked; the connection's state tells people about an outage. */
  #retrying(generation: number, act: () => Promise<void>): void {
    act().catch(() => {
      setTimeout(() => {
        if (generation === this.#generation) this.#retrying(generation, act);
      }, RETRY_MS);
    });
  }
}

const streamName = (market: Market, what: string): string =>
  `${market.symbol.toLowerCase()}@${what}`;

const streamsOf = (market: Market): string[] => [
  streamName(market, "depth@100ms"),
  streamName(market, "trade"),
];
