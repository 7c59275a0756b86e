import {
  CandlestickSeries,
  CrosshairMode,
  createChart,
  HistogramSeries,
  type IChartApi,
  type ISeriesApi,
  TickMarkType,
  type Time,
  type UTCTimestamp,
} from "lightweight-charts";
import { colour } from "./colour.ts";
import { element } from "./element.ts";
import type { Candle } from "./exchange-api.ts";
import type { Market } from "./market.ts";
import { compact, formatScaled, parseScaled } from "./scaled.ts";

const secondsOf = (candle: Candle): UTCTimestamp => (candle.at / 1_000) as UTCTimestamp;

// The chart counts in UTC; people read the clock on their wall.
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const clockWithSeconds = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const dayAndClock = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});
const month = new Intl.DateTimeFormat("en-GB", { month: "short", year: "numeric" });

const tickMark = (time: Time, type: TickMarkType): string => {
  const at = new Date((time as number) * 1_000);
  if (type === TickMarkType.Year || type === TickMarkType.Month) return month.format(at);
  if (type === TickMarkType.DayOfMonth) return day.format(at);
  return (type === TickMarkType.TimeWithSeconds ? clockWithSeconds : clock).format(at);
};

/** Candles with volume, and a legend that reads the candle under the crosshair or the newest. */
export class CandleChart {
  readonly #chart: IChartApi;
  readonly #candles: ISeriesApi<"Candlestick">;
  readonly #volume: ISeriesApi<"Histogram">;
  readonly #legend = element("legend");
  readonly #shown = new Map<number, Candle>();
  #market: Market | undefined;
  #newest: Candle | undefined;
  #hovered: Candle | undefined;
  #volumeColours = { up: "", down: "" };

  /** @param wantsOlder asked when the left edge comes into sight, with the start of the oldest candle. */
  constructor(wantsOlder: (before: number) => void) {
    this.#chart = createChart(element("chart"), {
      autoSize: true,
      crosshair: { mode: CrosshairMode.Normal },
      timeScale: {
        timeVisible: true,
        secondsVisible: true,
        rightOffset: 4,
        minBarSpacing: 1.5,
        tickMarkFormatter: tickMark,
      },
      localization: { timeFormatter: (time: Time) => dayAndClock.format((time as number) * 1_000) },
    });
    this.#candles = this.#chart.addSeries(CandlestickSeries, { borderVisible: false });
    this.#candles.priceScale().applyOptions({ scaleMargins: { top: 0.08, bottom: 0.24 } });
    this.#volume = this.#chart.addSeries(HistogramSeries, {
      priceScaleId: "volume",
      priceFormat: { type: "volume" },
      lastValueVisible: false,
      priceLineVisible: false,
    });
    this.#volume.priceScale().applyOptions({ scaleMargins: { top: 0.82, bottom: 0 } });
    this.#paint();
    this.#chart.subscribeCrosshairMove(({ time }) => {
      this.#hovered = time === undefined ? undefined : this.#shown.get((time as number) * 1_000);
      this.#drawLegend();
    });
    this.#chart.timeScale().subscribeVisibleLogicalRangeChange((range) => {
      const oldest = this.#shown.keys().next().value;
      if (range !== null && range.from < 10 && oldest !== undefined) wantsOlder(oldest);
    });
  }

  show(market: Market, candles: readonly Candle[]): void {
    this.#market = market;
    const precision = market.priceDecimals;
    this.#candles.applyOptions({
      priceFormat: { type: "price", precision, minMove: 1 / 10 ** precision },
    });
    this.#chart.applyOptions({
      localization: {
        priceFormatter: (price: number) =>
          formatScaled(Math.round(price * 10 ** precision), precision),
      },
    });
    this.#replace(candles);
    // All of a young market's candles, but not so few that they look like bricks; else as many as are easy to read.
    const { width } = element("chart").getBoundingClientRect();
    const readable = Math.max(30, Math.round(width / 9));
    const visible = Math.min(readable, Math.max(30, Math.round(candles.length * 1.6)));
    this.#chart.timeScale().setVisibleLogicalRange({
      from: candles.length - visible,
      to: candles.length + 3,
    });
  }

  /** The colours have changed. */
  repaint(): void {
    this.#paint();
    this.#redrawAll();
  }

  /** Puts older candles before those that are there, and keeps the view where it is. */
  prepend(older: readonly Candle[]): void {
    const range = this.#chart.timeScale().getVisibleLogicalRange();
    this.#replace([...older, ...this.#shown.values()]);
    if (range === null) return;
    this.#chart.timeScale().setVisibleLogicalRange({
      from: range.from + older.length,
      to: range.to + older.length,
    });
  }

  /** The newest candle changed, or a new one began. */
  update(candle: Candle): void {
    if (this.#newest !== undefined && candle.at < this.#newest.at) return;
    this.#newest = candle;
    this.#shown.set(candle.at, candle);
    this.#candles.update(bar(candle));
    this.#volume.update(volumeBar(candle, this.#volumeColours));
    this.#drawLegend();
  }

  #replace(candles: readonly Candle[]): void {
    this.#shown.clear();
    for (const candle of candles) this.#shown.set(candle.at, candle);
    this.#newest = candles.at(-1);
    this.#hovered = undefined;
    this.#redrawAll();
    this.#drawLegend();
  }

  #redrawAll(): void {
    this.#candles.setData([...this.#shown.values()].map(bar));
    const colours = this.#volumeColours;
    this.#volume.setData([...this.#shown.values()].map((candle) => volumeBar(candle, colours)));
  }

  #paint(): void {
    const [up, down] = [colour("--buy"), colour("--sell")];
    this.#volumeColours = { up: colour("--buy-volume"), down: colour("--sell-volume") };
    this.#chart.applyOptions({
      layout: {
        background: { color: colour("--panel") },
        textColor: colour("--quiet"),
        fontFamily: getComputedStyle(document.documentElement).fontFamily,
        fontSize: 11,
        attributionLogo: true,
      },
      grid: { vertLines: { color: colour("--line") }, horzLines: { color: colour("--line") } },
      rightPriceScale: { borderColor: colour("--line") },
      timeScale: { borderColor: colour("--line") },
    });
    this.#candles.applyOptions({
      upColor: up,
      downColor: down,
      wickUpColor: up,
      wickDownColor: down,
    });
  }

  #drawLegend(): void {
    const candle = this.#hovered ?? this.#newest;
    const market = this.#market;
    if (candle === undefined || market === undefined) {
      this.#legend.replaceChildren();
      return;
    }
    const direction = Number(candle.close) >= Number(candle.open) ? "up" : "down";
    const price = (text: string): string =>
      formatScaled(parseScaled(text, market.priceDecimals), market.priceDecimals);
    const values = [
      ["O", price(candle.open)],
      ["H", price(candle.high)],
      ["L", price(candle.low)],
      ["C", price(candle.close)],
      ["Vol", compact(candle.volume)],
    ] as const;
    this.#legend.replaceChildren(
      ...values.map(([name, text]) => {
        const item = document.createElement("span");
        const value = document.createElement("b");
        value.className = direction;
        value.textContent = text;
        item.append(`${name} `, value);
        return item;
      }),
    );
  }
}

const bar = (candle: Candle) => ({
  time: secondsOf(candle),
  open: Number(candle.open),
  high: Number(candle.high),
  low: Number(candle.low),
  close: Number(candle.close),
});

const volumeBar = (candle: Candle, { up, down }: { up: string; down: string }) => ({
  time: secondsOf(candle),
  value: Number(candle.volume),
  color: Number(candle.close) >= Number(candle.open) ? up : down,
});
