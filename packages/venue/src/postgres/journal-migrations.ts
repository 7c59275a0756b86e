import type { Migration } from "@pincex/ledger/sql";
import { GENESIS_HASH } from "../journal/frame-codec.ts";

const genesis = Buffer.from(GENESIS_HASH).toString("hex");

/** The journal's tables, step by step. */
export const JOURNAL_MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    name: "frames, their head, and what is skipped",
    statements: (schema) => [
      // The frame has all of it; the numbers beside it are for people, and for finding it.
      `create table ${schema}.journal_frame (
        first_sequence int8 primary key check (first_sequence > 0),
        last_sequence int8 not null check (last_sequence >= first_sequence),
        epoch int8 not null check (epoch > 0),
        frame bytea not null
      )`,
      // The compression that every server has (pglz) takes a third of the room and twice the server's time for an append.
      `alter table ${schema}.journal_frame alter column frame set storage external`,

      // One row, written by every append. Room is left in its page, so that its versions stay there.
      `create table ${schema}.journal_head (
        single boolean primary key default true check (single),
        epoch int8 not null,
        sequence int8 not null,
        hash bytea not null check (length(hash) = 32)
      ) with (fillfactor = 10)`,
      `insert into ${schema}.journal_head (epoch, sequence, hash) values (0, 0, '\\x${genesis}')`,

      // What every replay passes over, because an operator said so.
      `create table ${schema}.journal_skipped (
        sequence int8 primary key check (sequence > 0),
        at int8 not null,
        reason text not null
      )`,

      `create function ${schema}.refuse_journal_change() returns trigger language plpgsql as $$
        begin
          raise exception '%.% only grows: % is refused',
            tg_table_schema, tg_table_name, tg_op using errcode = 'restrict_violation';
        end
      $$`,
      ...["journal_frame", "journal_skipped"].map(
        (table) =>
          `create trigger append_only before update or delete or truncate on ${schema}.${table}
            for each statement execute function ${schema}.refuse_journal_change()`,
      ),
      `create trigger never_removed before delete or truncate on ${schema}.journal_head
        for each statement execute function ${schema}.refuse_journal_change()`,
      `create trigger never_back before update on ${schema}.journal_head
        for each row when (new.epoch < old.epoch or new.sequence < old.sequence)
        execute function ${schema}.refuse_journal_change()`,
    ],
  },
];
