import type { Migration } from "@pincex/ledger/sql";

/** The tables of orders, trades and withdrawals, step by step, beside the ledger's in one schema. */
export const HISTORY_MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    name: "orders, trades and withdrawals",
    statements: (schema) => [
      // A database that has followed the venue's books before has no orders and trades from before this sequence.
      `create table ${schema}.history_since (sequence int8 not null)`,
      `insert into ${schema}.history_since
        select coalesce(max(sequence), 0) from ${schema}.watermark`,

      // An order that comes and goes within a batch is one row, written once. Of the others a few columns change.
      `create table ${schema}.placed_order (
        order_id int8 primary key,
        account int4 not null,
        market int4 not null,
        client_order_id text,
        side text not null,
        type text not null,
        time_in_force text not null,
        price int8 not null,
        quantity int8 not null,
        quote_quantity int8 not null,
        executed_quantity int8 not null,
        executed_notional int8 not null,
        prevented_quantity int8 not null,
        list_id int8,
        conditions jsonb,
        status text not null check (status in ('open', 'filled', 'cancelled', 'expired')),
        reason text,
        placed_at timestamptz not null,
        updated_at timestamptz not null,
        sequence int8 not null
      ) with (fillfactor = 85)`,
      `create index placed_order_by_account on ${schema}.placed_order (account, order_id)`,

      `create table ${schema}.trade (
        trade_id int8 primary key,
        market int4 not null,
        sequence int8 not null,
        at timestamptz not null,
        price int8 not null,
        quantity int8 not null,
        taker_side text not null,
        maker_order int8 not null,
        taker_order int8 not null,
        maker_account int4 not null,
        taker_account int4 not null,
        maker_fee numeric(78, 0) not null,
        maker_fee_asset int4 not null,
        taker_fee numeric(78, 0) not null,
        taker_fee_asset int4 not null,
        entry int8 not null,
        busted_by int8
      ) with (fillfactor = 95)`,
      `create index trade_by_maker on ${schema}.trade (maker_account, trade_id)`,
      `create index trade_by_taker on ${schema}.trade (taker_account, trade_id)`,

      `create table ${schema}.withdrawal (
        withdrawal int8 primary key,
        account int4 not null,
        asset int4 not null,
        amount numeric(78, 0) not null,
        fee numeric(78, 0) not null,
        reference text not null,
        status text not null check (status in ('held', 'settled', 'released')),
        outcome text not null,
        held_at timestamptz not null,
        updated_at timestamptz not null
      )`,
      `create index withdrawal_by_account on ${schema}.withdrawal (account, withdrawal)`,
    ],
  },
];
