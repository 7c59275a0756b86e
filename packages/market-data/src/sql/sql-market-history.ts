import { millisecondsOf, type SchemaOption, schemaName, timeOf } from "@pincex/ledger/sql";
import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Candle } from "../candle.ts";
import { filledCandles } from "../filled-candles.ts";
import {
  bucketBefore,
  bucketStart,
  type CandleInterval,
  firstBucketFrom,
  nextBucket,
} from "../interval.ts";
import type {
  CandleHistory,
  CandleHistoryRange,
  TradeHistory,
  TradeHistoryRange,
} from "../market-history.ts";
import type { PublicTrade } from "../public-trade.ts";

/**
 * The history that a `marketDataProjection` keeps. A candle is read, never counted from trades; it lags behind the venue as the
 * projection does.
 *
 * @example
 * ```ts
 * const history = sqlMarketHistory(db, { schema: "exchange" });
 * await history.candles(1, "1m", { from: Date.UTC(2026, 10, 24), limit: 1_440 });
 * ```
 */
export const sqlMarketHistory = <Database>(
  db: Kysely<Database>,
  options: SchemaOption = {},
): CandleHistory & TradeHistory => new SqlMarketHistory(db, options);

class SqlMarketHistory<Database> implements CandleHistory, TradeHistory {
  readonly #db: Kysely<Database>;
  readonly #schema: string;

  constructor(db: Kysely<Database>, options: SchemaOption) {
    this.#db = db.withoutPlugins();
    this.#schema = schemaName(options);
  }

  async candles(
    market: number,
    interval: CandleInterval,
    { from, to, limit = 500 }: CandleHistoryRange = {},
  ): Promise<Candle[]> {
    const series = { market, interval };
    const until = to ?? (await this.#lastBefore(series, undefined))?.openTime;
    if (until === undefined) return [];
    const last = bucketStart(interval, until);
    const start =
      from === undefined
        ? bucketBefore(interval, last, limit - 1)
        : firstBucketFrom(interval, from);
    const before = await this.#lastBefore(series, start);
    const traded = await this.#between(series, { from: start, to: last, limit });
    // Before a market's first trade there is no price to stand at.
    const first = before === undefined ? traded[0]?.openTime : start;
    if (first === undefined) return [];
    return filledCandles({ interval, from: first, to: last, limit }, traded, before);
  }

  async trades(market: number, range: TradeHistoryRange = {}): Promise<PublicTrade[]> {
    const { rows } = await sql<TradeColumns>`
      select trade_id::text as "tradeId", price::text, quantity::text, taker_side as "takerSide",
        ${millisecondsOf(sql`at`)} as at, busted
      from ${sql.table(`${this.#schema}.public_trade`)}
      where market = ${market}::int4 ${inRange(range)}
      order by ${orderOf(range)}
      limit ${range.limit ?? 500}::int8`.execute(this.#db);
    const trades = rows.map((row) => tradeOf(market, row));
    return isForwards(range) ? trades : trades.reverse();
  }

  async #lastBefore(series: Series, before: number | undefined): Promise<Candle | undefined> {
    const { rows } = await sql<CandleColumns>`
      ${this.#select(series)}
      ${before === undefined ? sql`` : sql`and open_time < ${time(before)}`}
      order by open_time desc limit 1`.execute(this.#db);
    return rows[0] && candleOf(series.interval, rows[0]);
  }

  async #between(
    series: Series,
    { from, to, limit }: { readonly from: number; readonly to: number; readonly limit: number },
  ): Promise<Candle[]> {
    const { rows } = await candleRange(this.#select(series), from, to, limit).execute(this.#db);
    return rows.map((row) => candleOf(series.interval, row));
  }

  #select(series: Series): RawBuilder<unknown> {
    return selectCandles(this.#schema, series);
  }
}

interface Series {
  readonly market: number;
  readonly interval: CandleInterval;
}

/** The candles of one market and interval; more conditions may follow. */
const selectCandles = (schema: string, { market, interval }: Series): RawBuilder<unknown> => sql`
  select ${millisecondsOf(sql`open_time`)} as "openTime", open::text, high::text, low::text,
    close::text, volume::text, quote_volume::text as "quoteVolume", trades::text,
    taker_buy_volume::text as "takerBuyVolume",
    taker_buy_quote_volume::text as "takerBuyQuoteVolume",
    first_trade_id::text as "firstTradeId", last_trade_id::text as "lastTradeId"
  from ${sql.table(`${schema}.candle`)}
  where market = ${market}::int4 and interval = ${interval}::text`;

const candleRange = (
  select: RawBuilder<unknown>,
  from: number,
  to: number,
  limit: number,
): RawBuilder<CandleColumns> => sql<CandleColumns>`
  ${select} and open_time >= ${time(from)} and open_time <= ${time(to)}
  order by open_time limit ${limit}::int8`;

/** What a day of candles is read by: tests look at its plan. */
export const candleRangeQuery = (
  schema: string,
  series: Series,
  { from, to, limit }: { readonly from: number; readonly to: number; readonly limit: number },
): RawBuilder<unknown> => candleRange(selectCandles(schema, series), from, to, limit);

/** From a trade or a time on; otherwise back from the newest. */
const isForwards = ({ fromId, from }: TradeHistoryRange): boolean =>
  fromId !== undefined || from !== undefined;

/** Each order is that of an index. Times and ids go the same way. */
const orderOf = (range: TradeHistoryRange): RawBuilder<unknown> => {
  if (range.fromId !== undefined) return sql`trade_id`;
  return range.from === undefined ? sql`at desc, trade_id desc` : sql`at, trade_id`;
};

const inRange = ({ fromId, from, to }: TradeHistoryRange): RawBuilder<unknown> => sql`
  ${fromId === undefined ? sql`` : sql`and trade_id >= ${fromId}::int8`}
  ${from === undefined ? sql`` : sql`and at >= ${time(from)}`}
  ${to === undefined ? sql`` : sql`and at <= ${time(to)}`}`;

const time = (at: number): RawBuilder<unknown> => timeOf(sql`${at}::int8`);

type CandleColumns = Readonly<Record<Exclude<keyof Candle, "closeTime">, string>>;

interface TradeColumns {
  readonly tradeId: string;
  readonly price: string;
  readonly quantity: string;
  readonly takerSide: "buy" | "sell";
  readonly at: string;
  readonly busted: boolean;
}

const candleOf = (interval: CandleInterval, row: CandleColumns): Candle => {
  const openTime = Number(row.openTime);
  return {
    openTime,
    closeTime: nextBucket(interval, openTime) - 1,
    open: Number(row.open),
    high: Number(row.high),
    low: Number(row.low),
    close: Number(row.close),
    volume: Number(row.volume),
    quoteVolume: BigInt(row.quoteVolume),
    trades: Number(row.trades),
    takerBuyVolume: Number(row.takerBuyVolume),
    takerBuyQuoteVolume: BigInt(row.takerBuyQuoteVolume),
    firstTradeId: Number(row.firstTradeId),
    lastTradeId: Number(row.lastTradeId),
  };
};

const tradeOf = (market: number, row: TradeColumns): PublicTrade => ({
  market,
  tradeId: Number(row.tradeId),
  price: Number(row.price),
  quantity: Number(row.quantity),
  takerSide: row.takerSide,
  at: Number(row.at),
  ...(row.busted ? { busted: true as const } : {}),
});
