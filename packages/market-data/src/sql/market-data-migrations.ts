import type { Migration } from "@pincex/ledger/sql";

/**
 * The tables of market data, step by step, beside others in one schema. Valid for PostgreSQL 15 and later and for PGlite. Prices are in
 * ticks, quantities in lots, turnover in ticks × lots. Partitions are made when the first trade of their day or month comes.
 */
export const MARKET_DATA_MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    name: "public trades and candles",
    statements: (schema) => [
      `create table ${schema}.market_data_position (
        projection text primary key,
        sequence int8 not null
      )`,

      // A partition a day: old days can be dropped, or moved elsewhere, in no time.
      `create table ${schema}.public_trade (
        market int4 not null,
        trade_id int8 not null,
        at timestamptz not null,
        price int8 not null,
        quantity int8 not null,
        taker_side text not null check (taker_side in ('buy', 'sell')),
        busted boolean not null default false,
        primary key (market, at, trade_id)
      ) partition by range (at)`,
      `create index public_trade_by_id on ${schema}.public_trade (market, trade_id)`,

      // A partition a month. Only buckets with a trade have a row. Room is left in each page, because the newest rows change.
      `create table ${schema}.candle (
        market int4 not null,
        interval text not null,
        open_time timestamptz not null,
        open int8 not null,
        high int8 not null,
        low int8 not null,
        close int8 not null,
        volume int8 not null,
        quote_volume numeric(78, 0) not null,
        trades int8 not null,
        taker_buy_volume int8 not null,
        taker_buy_quote_volume numeric(78, 0) not null,
        first_trade_id int8 not null,
        last_trade_id int8 not null,
        primary key (market, interval, open_time)
      ) partition by range (open_time)`,
    ],
  },
];
