import { type Kysely, type RawBuilder, sql } from "kysely";
import { ArrayBytes } from "./array-bytes.ts";
import { byteaArray, numberArray, textArray } from "./array-literal.ts";
import { troubleOf } from "./store-failure.ts";

/** A value of a column; undefined for null. */
export type ColumnValues<Value> = readonly (Value | undefined)[];

/**
 * Whole columns as parameters, each an array in SQL: what `unnest` makes rows of. All of a statement's columns are of one length.
 *
 * There are two ways to spell an array. As bytes, as the server keeps it, it needs no parsing, which is a quarter of the server's work on rows like
 * postings; but not every driver sends bytes for a parameter that isn't `bytea`. So `columnsOf` asks.
 */
export interface Columns {
  int4(column: ColumnValues<number>): RawBuilder<unknown>;
  /** Safe integers. */
  int8(column: ColumnValues<number>): RawBuilder<unknown>;
  numeric(column: ColumnValues<bigint>): RawBuilder<unknown>;
  text(column: ColumnValues<string>): RawBuilder<unknown>;
  boolean(column: ColumnValues<boolean>): RawBuilder<unknown>;
  bytea(column: readonly Uint8Array[]): RawBuilder<unknown>;
  /** A `timestamptz` of milliseconds since 1970. */
  time(column: ColumnValues<number>): RawBuilder<unknown>;
}

// Each array stands in a query of its own, so that the planner doesn't see how long it is: for thousands of accounts it would rather read all balances there
// are than look up each by its index.

/** The way that every driver knows. */
export const TEXT_COLUMNS: Columns = {
  int4: (column) => sql`(select ${numberArray(column)}::text::int4[])`,
  int8: (column) => sql`(select ${numberArray(column)}::text::int8[])`,
  numeric: (column) => sql`(select ${numberArray(column)}::text::numeric[])`,
  text: (column) => sql`(select ${textArray(column)}::text::text[])`,
  boolean: (column) =>
    sql`(select ${textArray(column.map((value) => value?.toString()))}::text::boolean[])`,
  bytea: (column) => sql`(select ${byteaArray(column)}::text::bytea[])`,
  time: (column) => sql`(select ${textArray(column.map(timeText))}::text::timestamptz[])`,
};

/** PostgreSQL knows years of six digits, but no sign before them. */
const timeText = (at: number | undefined): string | undefined =>
  at === undefined ? undefined : new Date(at).toISOString().replace(/^\+0*/, "");

/** The way that needs no parsing. */
export const BYTE_COLUMNS: Columns = {
  int4: (column) => sql`(select ${ArrayBytes.int4(column)}::int4[])`,
  int8: (column) => sql`(select ${ArrayBytes.int8(column)}::int8[])`,
  numeric: (column) => sql`(select ${ArrayBytes.numeric(column)}::numeric[])`,
  text: (column) => sql`(select ${ArrayBytes.text(column)}::text[])`,
  boolean: (column) => sql`(select ${ArrayBytes.boolean(column)}::boolean[])`,
  bytea: (column) => sql`(select ${ArrayBytes.bytea(column)}::bytea[])`,
  time: (column) => sql`(select ${ArrayBytes.time(column)}::timestamptz[])`,
};

/** What is asked for, and how it reads if it arrives. */
const QUESTION = [-1, 2 ** 40, undefined] as const;
const ANSWER = "{-1,1099511627776,NULL}";

/**
 * The fastest way that a database's driver knows: it is sent a few bytes, outside of any transaction, and asked what they are. Throws only if the
 * database can't be reached.
 */
export const columnsOf = async <Database>(db: Kysely<Database>): Promise<Columns> => {
  try {
    const { rows } = await sql<{ told: string }>`
      select ${ArrayBytes.int8(QUESTION)}::int8[]::text as told`.execute(db);
    return rows[0]?.told === ANSWER ? BYTE_COLUMNS : TEXT_COLUMNS;
  } catch (error) {
    if (troubleOf(error) === "unavailable") throw error;
    return TEXT_COLUMNS;
  }
};
