import { element, setText } from "./element.ts";
import type { Ticker } from "./exchange-api.ts";
import type { Market } from "./market.ts";
import { compact, formatScaled, parseScaled } from "./scaled.ts";

/** "+1.24 %", with a true minus sign. */
export const changeText = (percent: string): string => {
  const value = Number(percent);
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)} %`;
};

export const changeClass = (percent: string): string => {
  const value = Number(percent);
  if (value === 0) return "";
  return value > 0 ? "up" : "down";
};

/** The line under the tabs: last price and the figures of the last 24 hours. */
export class MarketSummary {
  #market: Market | undefined;
  #lastPrice = 0;

  show(market: Market): void {
    this.#market = market;
    this.#lastPrice = 0;
    setText(element("symbol"), market.name);
    setText(element("base-volume-name"), `24h volume (${market.base})`);
    setText(element("quote-volume-name"), `24h turnover (${market.quote})`);
    for (const id of [
      "last",
      "middle-price",
      "change",
      "high",
      "low",
      "base-volume",
      "quote-volume",
    ]) {
      setText(element(id), "–");
    }
    document.title = `${market.name} · Pincex`;
  }

  ticker(ticker: Ticker): void {
    const market = this.#market;
    if (market?.symbol !== ticker.symbol) return;
    const price = (text: string): string =>
      formatScaled(parseScaled(text, market.priceDecimals), market.priceDecimals);
    setText(element("change"), changeText(ticker.changePercent));
    element("change").className = changeClass(ticker.changePercent);
    setText(element("high"), price(ticker.high));
    setText(element("low"), price(ticker.low));
    setText(element("base-volume"), compact(ticker.baseVolume));
    setText(element("quote-volume"), compact(ticker.quoteVolume));
    if (this.#lastPrice === 0) this.last(ticker.last);
  }

  last(text: string): void {
    const market = this.#market;
    if (market === undefined) return;
    const price = parseScaled(text, market.priceDecimals);
    if (price === this.#lastPrice || price === 0) return;
    const shown = formatScaled(price, market.priceDecimals);
    const direction = this.#lastPrice === 0 ? "none" : price > this.#lastPrice ? "up" : "down";
    this.#lastPrice = price;
    for (const id of ["last", "middle-price"]) {
      setText(element(id), shown);
      element(id).dataset["direction"] = direction;
    }
    document.title = `${shown} ${market.name} · Pincex`;
  }
}
