import { TRADE } from "../entry-type.ts";
import type { Migration } from "./migration.ts";

/** What a ledger needs that is posted to in SQL, and what makes its past readable. After the steps that are in `MIGRATIONS` itself. */
export const STORE_MIGRATIONS: readonly Migration[] = [
  {
    version: 4,
    name: "one authority, holds, captures and entries out of order",
    statements: (schema) => [
      // One row, written by whoever comes first, with the last numbers that were used. It is also what posting takes turns on, because numbers have no gap.
      `create table ${schema}.ledger_authority (
        single boolean primary key default true check (single),
        authority text not null check (authority in ('posted_to', 'projected')),
        account int8 not null,
        entry int8 not null,
        sequence int8 not null
      )`,
      `insert into ${schema}.ledger_authority (authority, account, entry, sequence)
        select 'projected', 0, 0, 0 from ${schema}.watermark limit 1`,

      // The books know assets by number; what they are called may be told later.
      `alter table ${schema}.account drop constraint account_asset_fkey`,

      // Of an id, the hold that had it last. Indexed by what is due and by account only while it is open.
      `create table ${schema}.hold (
        id int8 primary key,
        account int8 not null,
        kind text not null check (kind in ('order', 'withdrawal', 'dispute')),
        opened numeric(78, 0) not null check (opened > 0),
        captured numeric(78, 0) not null check (captured >= 0),
        released numeric(78, 0) not null check (released >= 0),
        state text not null check (state in ('open', 'ended', 'expired')),
        expires_at timestamptz,
        check (captured + released <= opened),
        check ((state = 'open') = (captured + released < opened))
      ) with (fillfactor = 70)`,
      `create index hold_due on ${schema}.hold (expires_at, id)
        where state = 'open' and expires_at is not null`,
      `create index hold_by_account on ${schema}.hold (account, id) where state = 'open'`,

      `create table ${schema}.capture (
        entry int8 not null,
        index int4 not null,
        hold int8 not null,
        amount numeric(78, 0) not null,
        primary key (entry, index)
      )`,

      // An entry is out of order when one before it has a later time. The others stand in the order of their times, so that
      // the balance after the last of them is the balance at that time.
      `alter table ${schema}.entry add column out_of_order boolean not null default false`,
      `alter table ${schema}.entry disable trigger append_only`,
      `update ${schema}.entry as e set out_of_order = true
        from (
          select number, max(at) over (order by number rows between unbounded preceding and 1 preceding) as latest
          from ${schema}.entry
        ) as before
        where before.number = e.number and e.at < before.latest`,
      `alter table ${schema}.entry enable trigger append_only`,
      `create index entry_in_order on ${schema}.entry (at, number) where not out_of_order`,

      // Postings of entries that are out of order, or booked to another time than their own: once more, by time.
      `create table ${schema}.posting_out_of_order (
        account int8 not null,
        booked_at timestamptz not null,
        entry int8 not null,
        index int4 not null,
        at timestamptz not null,
        late boolean not null,
        amount numeric(78, 0) not null,
        balance_after numeric(78, 0) not null,
        primary key (account, booked_at, entry, index)
      )`,
      `create index posting_out_of_order_by_time
        on ${schema}.posting_out_of_order (account, at, entry, index) where late`,
      `insert into ${schema}.posting_out_of_order
        select p.account, e.booked_at, p.entry, p.index, e.at, e.out_of_order, p.amount, p.balance_after
        from ${schema}.entry as e join ${schema}.posting as p on p.entry = e.number
        where e.out_of_order or e.booked_at <> e.at`,

      ...["capture", "posting_out_of_order"].map(
        (table) =>
          `create trigger append_only before update or delete or truncate on ${schema}.${table}
            for each statement execute function ${schema}.refuse_change()`,
      ),
    ],
  },
  {
    version: 5,
    name: "entry types and who gets the dust",
    statements: (schema) => [
      `create table ${schema}.entry_type (
        kind text primary key,
        payer text not null check (payer in ('up', 'down')),
        payee text not null check (payee in ('up', 'down')),
        fee text not null check (fee in ('up', 'down')),
        rebate text not null check (rebate in ('up', 'down')),
        dust text not null
      )`,
      `insert into ${schema}.entry_type (kind, payer, payee, fee, rebate, dust)
        values ('${TRADE.kind}', ${Object.values(TRADE.rounding)
          .map((rule) => `'${rule}'`)
          .join(", ")})`,
      `create trigger append_only before update or delete or truncate on ${schema}.entry_type
        for each statement execute function ${schema}.refuse_change()`,
    ],
  },
  {
    version: 6,
    name: "seals of accounts and their statuses, checksums of holds",
    statements: (schema) => [
      // The hash of the row, and that of the row and all before it. Null: the account is older than seals are.
      `alter table ${schema}.account add column seal bytea check (length(seal) = 64)`,
      `create table ${schema}.account_status (
        number int8 primary key,
        account int8 not null,
        status text not null check (status in ('open', 'frozen', 'closed')),
        seal bytea not null check (length(seal) = 64)
      )`,
      `alter table ${schema}.hold add column checksum int8`,

      `create function ${schema}.refuse_removal() returns trigger language plpgsql as $$
        begin
          raise exception '%.% keeps its rows: % is refused',
            tg_table_schema, tg_table_name, tg_op using errcode = 'restrict_violation';
        end
      $$`,
      ...["account", "balance", "hold"].map(
        (table) =>
          `create trigger never_removed before delete or truncate on ${schema}.${table}
            for each statement execute function ${schema}.refuse_removal()`,
      ),
      `create trigger never_renamed
        before update of number, owner, sub, asset, kind, place, bound, seal on ${schema}.account
        for each statement execute function ${schema}.refuse_change()`,
      ...["asset", "account_status"].map(
        (table) =>
          `create trigger append_only before update or delete or truncate on ${schema}.${table}
            for each statement execute function ${schema}.refuse_change()`,
      ),
    ],
  },
  {
    version: 7,
    name: "no index that nothing asks",
    statements: (schema) => [`drop index ${schema}.entry_by_sequence`],
  },
  {
    version: 8,
    name: "checksums of holds add up",
    statements: (schema) => [
      // Of the checksums of all holds that are the account's, those that have ended too. Below 2^32 each, so there is room for billions.
      `alter table ${schema}.balance add column holds int8 not null default 0`,
      `update ${schema}.balance as b set holds = h.holds
        from (select account, sum(checksum)::int8 as holds from ${schema}.hold group by account) as h
        where h.account = b.account and h.holds is not null`,
    ],
  },
];
