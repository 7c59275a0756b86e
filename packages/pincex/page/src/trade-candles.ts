import type { Candle, PublicTrade } from "./exchange-api.ts";

const higher = (one: string, other: string): string => (Number(one) > Number(other) ? one : other);
const lower = (one: string, other: string): string => (Number(one) < Number(other) ? one : other);

/**
 * Candles of a few seconds, drawn from the trades that the page has seen. The exchange keeps none below a minute; a market
 * that opened a moment ago would show an empty chart.
 */
export class TradeCandles {
  readonly #seconds: number;
  readonly #candles: Candle[] = [];

  constructor(seconds: number) {
    this.#seconds = seconds;
  }

  get all(): readonly Candle[] {
    return this.#candles;
  }

  /** Counts a trade and answers the candles it changed or made, empty ones in between included. */
  add(trade: PublicTrade): Candle[] {
    const length = this.#seconds * 1_000;
    const at = trade.at - (trade.at % length);
    const last = this.#candles.at(-1);
    if (last !== undefined && at <= last.at) return [this.#widenLast(last, trade)];
    const made: Candle[] = [];
    // A quiet hour is not worth 720 empty candles: a gap of more than ten minutes stays a gap.
    if (last !== undefined && at - last.at <= 600_000) {
      for (let start = last.at + length; start < at; start += length) {
        made.push(flat(start, last.close));
      }
    }
    const { price } = trade;
    made.push({ at, open: price, high: price, low: price, close: price, volume: trade.quantity });
    this.#candles.push(...made);
    return made;
  }

  #widenLast(last: Candle, trade: PublicTrade): Candle {
    const widened: Candle = {
      at: last.at,
      open: last.open,
      high: higher(last.high, trade.price),
      low: lower(last.low, trade.price),
      close: trade.price,
      // For the height of a bar only; volumes that matter come from the exchange.
      volume: String(Number(last.volume) + Number(trade.quantity)),
    };
    this.#candles[this.#candles.length - 1] = widened;
    return widened;
  }
}

const flat = (at: number, price: string): Candle => ({
  at,
  open: price,
  high: price,
  low: price,
  close: price,
  volume: "0",
});
