import { numberArray, textArray, timeOf } from "@pincex/ledger/sql";
import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Candle } from "../candle.ts";
import { bucketStart, CANDLE_INTERVALS, type CandleInterval, nextBucket } from "../interval.ts";
import type { CandlePart } from "./market-data-batch.ts";

const COLUMNS = sql`market, interval, open_time, open, high, low, close, volume, quote_volume, trades,
  taker_buy_volume, taker_buy_quote_volume, first_trade_id, last_trade_id`;

/**
 * Adds what a batch's trades add up to. A part whose trades the candle has is passed over, so that writing it again would change nothing.
 */
export const addCandles = async <Database>(
  db: Kysely<Database>,
  schema: string,
  parts: readonly CandlePart[],
): Promise<void> => {
  const numbers = (of: (candle: Candle) => number | bigint) =>
    sql`${numberArray(parts.map(({ candle }) => of(candle)))}::text`;
  await sql`
    insert into ${sql.table(`${schema}.candle`)} as c (${COLUMNS})
    select market, interval, ${timeOf(sql`open_time`)}, open, high, low, close, volume, quote_volume,
      trades, taker_buy_volume, taker_buy_quote_volume, first_trade_id, last_trade_id
    from unnest(
      ${numberArray(parts.map(({ market }) => market))}::text::int4[],
      ${textArray(parts.map(({ interval }) => interval))}::text::text[],
      ${numbers((candle) => candle.openTime)}::int8[],
      ${numbers((candle) => candle.open)}::int8[],
      ${numbers((candle) => candle.high)}::int8[],
      ${numbers((candle) => candle.low)}::int8[],
      ${numbers((candle) => candle.close)}::int8[],
      ${numbers((candle) => candle.volume)}::int8[],
      ${numbers((candle) => candle.quoteVolume)}::numeric[],
      ${numbers((candle) => candle.trades)}::int8[],
      ${numbers((candle) => candle.takerBuyVolume)}::int8[],
      ${numbers((candle) => candle.takerBuyQuoteVolume)}::numeric[],
      ${numbers((candle) => candle.firstTradeId)}::int8[],
      ${numbers((candle) => candle.lastTradeId)}::int8[]
    ) as part (${COLUMNS})
    on conflict (market, interval, open_time) do update set
      high = greatest(c.high, excluded.high),
      low = least(c.low, excluded.low),
      close = excluded.close,
      volume = c.volume + excluded.volume,
      quote_volume = c.quote_volume + excluded.quote_volume,
      trades = c.trades + excluded.trades,
      taker_buy_volume = c.taker_buy_volume + excluded.taker_buy_volume,
      taker_buy_quote_volume = c.taker_buy_quote_volume + excluded.taker_buy_quote_volume,
      last_trade_id = excluded.last_trade_id
    where c.last_trade_id < excluded.first_trade_id`.execute(db);
};

/** A bucket that is to be counted again. */
interface Bucket {
  readonly market: number;
  readonly interval: CandleInterval;
  readonly start: number;
}

/**
 * Counts the candles of a moment again, after one of their trades was taken back: the minute from its trades, all others from minutes.
 * That is the one time that trades are read, and it's on writing.
 */
export const recountCandles = async <Database>(
  db: Kysely<Database>,
  schema: string,
  market: number,
  at: number,
): Promise<void> => {
  for (const interval of CANDLE_INTERVALS) {
    const bucket = { market, interval, start: bucketStart(interval, at) };
    await sql`
      delete from ${sql.table(`${schema}.candle`)}
      where market = ${market}::int4 and interval = ${interval}::text
        and open_time = ${time(bucket.start)}`.execute(db);
    const counted = interval === "1m" ? fromTrades(schema, bucket) : fromMinutes(schema, bucket);
    await sql`insert into ${sql.table(`${schema}.candle`)} (${COLUMNS}) ${counted}`.execute(db);
  }
};

const fromTrades = (
  schema: string,
  { market, interval, start }: Bucket,
): RawBuilder<unknown> => sql`
  select market, ${interval}::text, ${time(start)}, (array_agg(price order by trade_id))[1],
    max(price), min(price), (array_agg(price order by trade_id desc))[1], sum(quantity),
    sum(price::numeric * quantity), count(*),
    coalesce(sum(quantity) filter (where taker_side = 'buy'), 0),
    coalesce(sum(price::numeric * quantity) filter (where taker_side = 'buy'), 0),
    min(trade_id), max(trade_id)
  from ${sql.table(`${schema}.public_trade`)}
  where market = ${market}::int4 and not busted
    and at >= ${time(start)} and at < ${time(nextBucket(interval, start))}
  group by market`;

const fromMinutes = (
  schema: string,
  { market, interval, start }: Bucket,
): RawBuilder<unknown> => sql`
  select market, ${interval}::text, ${time(start)}, (array_agg(open order by open_time))[1],
    max(high), min(low), (array_agg(close order by open_time desc))[1], sum(volume),
    sum(quote_volume), sum(trades), sum(taker_buy_volume), sum(taker_buy_quote_volume),
    min(first_trade_id), max(last_trade_id)
  from ${sql.table(`${schema}.candle`)}
  where market = ${market}::int4 and interval = '1m'
    and open_time >= ${time(start)} and open_time < ${time(nextBucket(interval, start))}
  group by market`;

const time = (at: number): RawBuilder<unknown> => timeOf(sql`${at}::int8`);
