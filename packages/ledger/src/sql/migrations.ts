import type { Migration } from "./migration.ts";
import { STORE_MIGRATIONS } from "./store-migrations.ts";

/**
 * The ledger's schema, step by step. Valid for PostgreSQL 15 and later and for PGlite.
 *
 * Amounts are `numeric(78, 0)`: room for 256 bits, measured no slower than `int8`. Times are the commands' own, never `now()`.
 */
export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    name: "the books",
    statements: (schema) => [
      `create table ${schema}.asset (
        number int4 primary key,
        code text not null,
        decimals int2 not null check (decimals between 0 and 36)
      )`,

      `create table ${schema}.account (
        number int8 primary key,
        owner text not null,
        asset int4 not null references ${schema}.asset,
        kind text not null,
        unique (owner, asset, kind)
      )`,

      // A row for each account from its opening. Room is left in each page, so that an update needs no new index entry.
      `create table ${schema}.balance (
        account int8 primary key references ${schema}.account,
        amount numeric(78, 0) not null,
        held numeric(78, 0) not null,
        sequence int8 not null
      ) with (fillfactor = 70)`,

      `create table ${schema}.entry (
        number int8 primary key,
        sequence int8 not null,
        kind text not null,
        at timestamptz not null,
        key text,
        memo text,
        corrects int8
      )`,
      `create index entry_by_sequence on ${schema}.entry (sequence)`,
      // Not unique: once the books have forgotten a key, it may come again.
      `create index entry_by_key on ${schema}.entry (key) where key is not null`,
      `create index entry_by_corrected on ${schema}.entry (corrects) where corrects is not null`,

      // No foreign keys from here on: the books have checked, and a check a row would double the cost of writing it.
      // The primary key begins with the entry, so that the table can be partitioned by ranges of entries.
      `create table ${schema}.posting (
        entry int8 not null,
        index int4 not null,
        account int8 not null,
        amount numeric(78, 0) not null,
        balance_after numeric(78, 0) not null,
        primary key (entry, index)
      )`,
      // Statements, and the balance of an account at any point, in one probe.
      `create index posting_by_account on ${schema}.posting (account, entry)`,

      `create table ${schema}.watermark (
        projection text primary key,
        sequence int8 not null
      )`,

      `create function ${schema}.refuse_change() returns trigger language plpgsql as $$
        begin
          raise exception '%.% is append-only: % is refused, post a correcting entry instead',
            tg_table_schema, tg_table_name, tg_op using errcode = 'restrict_violation';
        end
      $$`,
      ...["entry", "posting"].map(
        (table) =>
          `create trigger append_only before update or delete or truncate on ${schema}.${table}
            for each statement execute function ${schema}.refuse_change()`,
      ),
    ],
  },
  {
    version: 2,
    name: "sub-accounts, places, bounds, statuses and booking times",
    statements: (schema) => [
      `alter table ${schema}.account
        add column sub text not null default '',
        add column place text not null default '',
        add column bound text not null default 'none'
          check (bound in ('none', 'never_below_zero', 'never_above_zero')),
        add column status text not null default 'open' check (status in ('open', 'frozen', 'closed')),
        drop constraint account_owner_asset_kind_key,
        add unique (owner, sub, asset, kind, place)`,
      // What the chart said when these accounts were opened.
      `update ${schema}.account set bound = case
        when kind = 'custody' then 'never_above_zero'
        when kind in ('house', 'suspense') then 'none'
        else 'never_below_zero' end`,

      `alter table ${schema}.entry add column booked_at timestamptz`,
      `alter table ${schema}.entry disable trigger append_only`,
      `update ${schema}.entry set booked_at = at`,
      `alter table ${schema}.entry enable trigger append_only`,
      `alter table ${schema}.entry alter column booked_at set not null`,
    ],
  },
  {
    version: 3,
    name: "blocks that prove the entries",
    statements: (schema) => [
      // The leaf and three checksums. Null: the entry is older than seals are, and only its block speaks for it.
      `alter table ${schema}.entry add column seal bytea`,
      `create table ${schema}.ledger_block (
        number int8 primary key,
        first_entry int8 not null,
        last_entry int8 not null,
        root bytea not null check (length(root) = 32),
        previous bytea not null check (length(previous) = 32),
        hash bytea not null check (length(hash) = 32)
      )`,
      `create trigger append_only before update or delete or truncate on ${schema}.ledger_block
        for each statement execute function ${schema}.refuse_change()`,
    ],
  },
  ...STORE_MIGRATIONS,
];
