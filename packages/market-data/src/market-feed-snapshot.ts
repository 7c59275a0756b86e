import { Phase, type PhaseName, phaseName } from "@pincex/engine";
import type { Candle } from "./candle.ts";
import type { IndicativePrice } from "./indicative-price.ts";
import type { PriceLevel } from "./l2-book.ts";
import type { PublicTrade } from "./public-trade.ts";
import type { RecentCandlesState } from "./recent-candles.ts";
import type { RecentTradesState } from "./recent-trades.ts";
import type { SnapshotReader, SnapshotWriter } from "./snapshot-numbers.ts";

const SELLER_TOOK = 1;
const BUSTED = 2;

/** All that a market feed knows. */
export interface MarketFeedState {
  readonly market: number;
  readonly updateId: number;
  /** Worst level first. */
  readonly bids: readonly PriceLevel[];
  readonly asks: readonly PriceLevel[];
  readonly trades: RecentTradesState;
  readonly candles: RecentCandlesState;
  readonly indicative: IndicativePrice | undefined;
  readonly phase: PhaseName;
  readonly auctionChanges: number;
  readonly tradeChanges: number;
}

export const writeFeedState = (writer: SnapshotWriter, state: MarketFeedState): void => {
  writer.number(state.market);
  writer.number(state.updateId);
  for (const levels of [state.bids, state.asks]) {
    writer.list(levels, ({ price, quantity, orders }) => {
      writer.number(price);
      writer.number(quantity);
      writer.number(orders);
    });
  }
  writer.list(state.trades.trades, (trade) => {
    writer.number(trade.tradeId);
    writer.number(trade.price);
    writer.number(trade.quantity);
    writer.number((trade.takerSide === "buy" ? 0 : SELLER_TOOK) + (trade.busted ? BUSTED : 0));
    writer.number(trade.at);
  });
  writeCandles(writer, state.trades.settled);
  writeCandles(writer, state.candles);
  writer.list(state.indicative === undefined ? [] : [state.indicative], (indicative) => {
    writer.number(indicative.at);
    writer.number(indicative.price);
    writer.number(indicative.quantity);
    writer.number(indicative.surplus);
  });
  writer.number(Phase[state.phase]);
  writer.number(state.auctionChanges);
  writer.number(state.tradeChanges);
};

export const readFeedState = (reader: SnapshotReader): MarketFeedState => {
  const market = reader.number();
  return {
    market,
    updateId: reader.number(),
    bids: reader.list(() => readLevel(reader)),
    asks: reader.list(() => readLevel(reader)),
    trades: {
      trades: reader.list(() => readTrade(reader, market)),
      settled: readCandles(reader),
    },
    candles: readCandles(reader),
    indicative: reader.list(() => readIndicative(reader, market))[0],
    phase: phaseName(reader.number()),
    auctionChanges: reader.number(),
    tradeChanges: reader.number(),
  };
};

const readIndicative = (reader: SnapshotReader, market: number): IndicativePrice => ({
  market,
  at: reader.number(),
  price: reader.number(),
  quantity: reader.number(),
  surplus: reader.number(),
});

const readTrade = (reader: SnapshotReader, market: number): PublicTrade => {
  const [tradeId, price, quantity] = [reader.number(), reader.number(), reader.number()];
  const [flags, at] = [reader.number(), reader.number()];
  const takerSide = (flags & SELLER_TOOK) === 0 ? "buy" : "sell";
  const trade = { market, tradeId, price, quantity, takerSide, at } as const;
  return (flags & BUSTED) === 0 ? trade : { ...trade, busted: true };
};

const writeCandles = (
  writer: SnapshotWriter,
  { time, minute, passed }: RecentCandlesState,
): void => {
  writer.number(time);
  writer.list(minute === undefined ? [] : [minute], (candle) => writeCandle(writer, candle));
  writer.list(passed, (series) => {
    writer.list(series, (candle) => writeCandle(writer, candle));
  });
};

const readCandles = (reader: SnapshotReader): RecentCandlesState => ({
  time: reader.number(),
  minute: reader.list(() => readCandle(reader))[0],
  passed: reader.list(() => reader.list(() => readCandle(reader))),
});

const readLevel = (reader: SnapshotReader): PriceLevel => ({
  price: reader.number(),
  quantity: reader.number(),
  orders: reader.number(),
});

const writeCandle = (writer: SnapshotWriter, candle: Candle): void => {
  writer.number(candle.openTime);
  writer.number(candle.closeTime);
  writer.number(candle.open);
  writer.number(candle.high);
  writer.number(candle.low);
  writer.number(candle.close);
  writer.number(candle.volume);
  writer.bigint(candle.quoteVolume);
  writer.number(candle.trades);
  writer.number(candle.takerBuyVolume);
  writer.bigint(candle.takerBuyQuoteVolume);
  writer.number(candle.firstTradeId);
  writer.number(candle.lastTradeId);
};

const readCandle = (reader: SnapshotReader): Candle => ({
  openTime: reader.number(),
  closeTime: reader.number(),
  open: reader.number(),
  high: reader.number(),
  low: reader.number(),
  close: reader.number(),
  volume: reader.number(),
  quoteVolume: reader.bigint(),
  trades: reader.number(),
  takerBuyVolume: reader.number(),
  takerBuyQuoteVolume: reader.bigint(),
  firstTradeId: reader.number(),
  lastTradeId: reader.number(),
});
