import { EventKind, recordKind, recordLength, recordViews } from "@pincex/engine";
import { decodeVenueEvent, VenueEventKind } from "@pincex/venue";
import { type Candle, count, type OpenCandle, openedBy } from "../candle.ts";
import { bucketStart, CANDLE_INTERVALS, type CandleInterval } from "../interval.ts";
import type { PublicTrade } from "../public-trade.ts";

/** A candle of one batch's trades: a part of the one that is kept. */
export interface CandlePart {
  readonly market: number;
  readonly interval: CandleInterval;
  readonly candle: Candle;
}

const READ: ReadonlySet<number> = new Set([
  VenueEventKind.applied,
  VenueEventKind.tradeBusted,
  EventKind.trade,
]);

/** The trades and busts in the venue's events of the commands after `from` up to `to`, and what the trades add up to. */
export class MarketDataBatch {
  readonly trades: PublicTrade[] = [];
  readonly busts: { readonly market: number; readonly tradeId: number }[] = [];
  readonly #candles: Map<string, CandlePart & { readonly candle: OpenCandle }> = new Map();

  constructor(bytes: Uint8Array, from: number, to: number) {
    const events = recordViews(bytes);
    let sequence = 0;
    let at = 0;
    for (let offset = 0; offset < bytes.length; offset += recordLength(events, offset)) {
      if (!READ.has(recordKind(events, offset))) continue;
      const event = decodeVenueEvent(events, offset);
      if (event.kind === "applied") {
        sequence = event.sequence;
        at = event.time;
      }
      if (sequence <= from || sequence > to) continue;
      if (event.kind === "trade") {
        const { market, tradeId, price, quantity, takerSide } = event;
        this.#add({ market, tradeId, price, quantity, takerSide, at });
      } else if (event.kind === "trade_busted") {
        this.busts.push(event);
      }
    }
  }

  /** By interval and market. */
  get candles(): readonly CandlePart[] {
    return [...this.#candles.values()];
  }

  #add(trade: PublicTrade): void {
    this.trades.push(trade);
    for (const interval of CANDLE_INTERVALS) {
      const key = `${trade.market} ${interval} ${bucketStart(interval, trade.at)}`;
      let part = this.#candles.get(key);
      if (part === undefined) {
        part = { market: trade.market, interval, candle: openedBy(interval, trade) };
        this.#candles.set(key, part);
      }
      count(part.candle, trade);
    }
  }
}
