import { type Kysely, type RawBuilder, sql } from "kysely";
import type { StatementLine } from "../statement-line.ts";
import { millisecondsOf, timeAt } from "./command-time.ts";
import { type SchemaOption, schemaName } from "./schema-name.ts";

/** By which time the past is asked for: when entries were recorded (`at`), or what they belong to (`bookedAt`). */
export type HistoryOrder = "entry" | "booking";

export interface HistoryOptions extends SchemaOption {
  /** "entry" unless told otherwise. */
  readonly by?: HistoryOrder;
}

export interface StatementOptions extends HistoryOptions {
  /** From this time on, in milliseconds; 0 unless told otherwise. */
  readonly from?: number;
  /** Up to this time, exclusive; without end unless told otherwise. */
  readonly until?: number;
  /** The `next` of the page before. */
  readonly after?: string;
  /** The most lines, 1 to 10,000; 100 unless told otherwise. */
  readonly limit?: number;
}

export interface StatementPage {
  readonly lines: readonly StatementLine[];
  /** Where the next page begins; undefined if this is the last one. */
  readonly next: string | undefined;
}

const LAST_TIME = 8_640_000_000_000_000;
const LAST_ENTRY = sql`9223372036854775807::int8`;

/** The first entry that is in order and of a time that is later (or at least as late), so that all before it are from before. */
const firstEntry = (
  schema: string,
  comparison: ">" | ">=",
  time: RawBuilder<unknown>,
): RawBuilder<unknown> => sql`
  coalesce((select e.number from ${sql.table(`${schema}.entry`)} as e
    where not e.out_of_order and e.at ${sql.raw(comparison)} ${time}
    order by e.at, e.number limit 1), ${LAST_ENTRY})`;

/**
 * An account's balance at an instant, with everything of that very millisecond; 0 before its first posting, and for an account
 * that isn't there.
 *
 * One probe for entries whose times are in order, and beside it only what is out of order or booked to another time.
 * A back-dated entry changes the past by booking time; by entry time the past never changes, unless an entry is given an earlier
 * time than those before it.
 *
 * @example
 * await readBalanceAt(db, 2, Date.UTC(2026, 0, 31), { by: "booking" });
 */
export const readBalanceAt = async <Database>(
  db: Kysely<Database>,
  account: number,
  at: number,
  { by = "entry", ...options }: HistoryOptions = {},
): Promise<bigint> => {
  const schema = schemaName(options);
  assertAccount(account);
  assertTime(at);
  const { rows } = await balanceAtQuery(schema, account, at, by).execute(db.withoutPlugins());
  return BigInt(rows[0]?.balance ?? 0);
};

/** The statement, for whoever wants to see its plan. */
export const balanceAtQuery = (
  schema: string,
  account: number,
  at: number,
  by: HistoryOrder,
): RawBuilder<{ balance: string }> => {
  const apart = sql.table(`${schema}.posting_out_of_order`);
  const time = timeAt(at);
  const [column, isApart] = timeColumn(by);
  const first = sql`(select first from boundary)`;
  const posting = sql.table(`${schema}.posting`);
  // The last entry before a place in the index, whosesoever it is. Asked for as the account's last one, it may be looked for by going
  // back through everybody's. If it is another's, then the account has none of before.
  return sql<{ balance: string }>`
    with boundary as materialized (select ${firstEntry(schema, ">", time)} as first),
    last as materialized (
      select p.entry from ${posting} as p
      where (p.account, p.entry) < (${account}::int8, ${first})
      order by p.account desc, p.entry desc limit 1
    )
    select (
      coalesce((select p.balance_after from ${posting} as p
        where p.account = ${account}::int8 and p.entry = (select entry from last) and p.entry < ${first}
        order by p.index desc limit 1), 0)
      + coalesce((select sum(o.amount) from ${apart} as o
        where o.account = ${account}::int8 and ${isApart} and ${column} <= ${time}
          and o.entry >= ${first}), 0)
      - coalesce((select sum(o.amount) from ${apart} as o
        where o.account = ${account}::int8 and ${isApart} and ${column} > ${time}
          and o.entry < ${first}), 0)
    )::text as balance`;
};

/** The time of a posting that is out of order, and which of them are. */
const timeColumn = (
  by: HistoryOrder,
): [column: RawBuilder<unknown>, isApart: RawBuilder<unknown>] =>
  by === "entry" ? [sql`o.at`, sql`o.late`] : [sql`o.booked_at`, sql`true`];

/**
 * An account's postings in the order of their times, then of entries, a page at a time.
 *
 * Pages are stable: what was there when the first one was read comes once, whatever is posted meanwhile. Balances run on from page to
 * page: each is the one before and the line's amount.
 * Throws a `RangeError` for a cursor that isn't one.
 *
 * @example
 * const first = await readStatement(db, 2, { from, until, by: "booking" });
 * if (first.next !== undefined) await readStatement(db, 2, { from, until, by: "booking", after: first.next });
 */
export const readStatement = async <Database>(
  db: Kysely<Database>,
  account: number,
  options: StatementOptions = {},
): Promise<StatementPage> => {
  const schema = schemaName(options);
  const { from = 0, until = LAST_TIME + 1, limit = 100, by = "entry", after } = options;
  assertAccount(account);
  assertTime(from);
  if (!Number.isSafeInteger(until) || until < 0 || until > LAST_TIME + 1) assertTime(until);
  if (!Number.isInteger(limit) || limit < 1 || limit > 10_000) {
    throw new RangeError(`expected a limit of 1 to 10000 lines, was ${limit}`);
  }
  const cursor = after === undefined ? START : cursorOf(after);
  const span = { from, until, limit: limit + 1, by, cursor };
  const { rows } = await statementQuery(schema, account, span).execute(db.withoutPlugins());
  let balance = cursor.balance ?? BigInt(rows[0]?.opening ?? 0);
  const lines = rows.slice(0, limit).map((row) => {
    balance += BigInt(row.amount);
    return lineOf(row, balance);
  });
  const last = lines.at(-1);
  return { lines, next: rows.length > limit && last !== undefined ? nextOf(last, by) : undefined };
};

interface Cursor {
  readonly time: number;
  readonly entry: number;
  readonly index: number;
  /** The account's after that line. None: the statement begins here. */
  readonly balance?: bigint;
}

/** Before everything. */
const START: Cursor = { time: 0, entry: 0, index: 0 };

const cursorOf = (text: string): Cursor => {
  const parts = /^(\d+)-(\d+)-(\d+)-(-?\d{1,40})$/.exec(text)?.slice(1) ?? [];
  const [time = LAST_TIME + 1, entry = 0, index = 0] = parts.map(Number);
  if (time <= LAST_TIME && Number.isSafeInteger(entry) && index < 2 ** 31) {
    return { time, entry, index, balance: BigInt(parts[3] ?? 0) };
  }
  throw new RangeError(`expected the next of a page of a statement, was ${text}`);
};

const nextOf = (line: StatementLine, by: HistoryOrder): string =>
  [by === "entry" ? line.at : line.bookedAt, line.entry, line.index, line.balanceAfter].join("-");

interface StatementSpan {
  readonly from: number;
  readonly until: number;
  readonly limit: number;
  readonly by: HistoryOrder;
  readonly cursor: Cursor;
}

type StatementRow = Readonly<
  Record<"entry" | "kind" | "at" | "booked_at" | "amount" | "opening", string>
> & {
  readonly index: number;
  readonly key: string | null;
  readonly memo: string | null;
  readonly corrects: string | null;
};

/** The statement, for whoever wants to see its plan: postings in order and out of it, each by its own index, merged. */
export const statementQuery = (
  schema: string,
  account: number,
  { from, until, limit, by, cursor }: StatementSpan,
): RawBuilder<StatementRow> => {
  const [column, isApart] = timeColumn(by);
  const start = timeAt(Math.max(from, cursor.time));
  const end = timeAt(until);
  const position = sql`(${timeAt(cursor.time)}, ${cursor.entry}::int8, ${cursor.index}::int4)`;
  // Nearly all are booked when they happen. Said by coalesce, because an equality of two columns is taken for a rare thing, and the plan
  // then reads everything.
  const isInOrder =
    by === "entry"
      ? sql`not e.out_of_order`
      : sql`not e.out_of_order and coalesce(e.booked_at = e.at, false)`;
  // Of those of the cursor's own millisecond, none before its entry.
  const first = sql`least(${firstEntry(schema, ">", start)},
    greatest(${firstEntry(schema, ">=", start)}, ${cursor.entry}::int8))`;
  const entry = sql.table(`${schema}.entry`);
  // In the same statement, so that it is of the same instant.
  const opening =
    from === 0 || cursor.balance !== undefined
      ? sql`'0'`
      : sql`(${balanceAtQuery(schema, account, from - 1, by)})`;
  return sql<StatementRow>`
    with boundary as materialized (
      select ${from > cursor.time ? firstEntry(schema, ">=", start) : first} as first,
        ${firstEntry(schema, ">=", end)} as past
    ), line as (
      (select e.at as time, p.entry, p.index, p.amount
        from ${sql.table(`${schema}.posting`)} as p
        join ${entry} as e on e.number = p.entry
        where p.account = ${account}::int8
          and p.entry >= (select first from boundary) and p.entry < (select past from boundary)
          and ${isInOrder} and (e.at, p.entry, p.index) > ${position}
        order by p.entry, p.index limit ${limit}::int4)
      union all
      (select ${column} as time, o.entry, o.index, o.amount
        from ${sql.table(`${schema}.posting_out_of_order`)} as o
        where o.account = ${account}::int8 and ${isApart} and ${column} >= ${start}
          and ${column} < ${end} and (${column}, o.entry, o.index) > ${position}
        order by ${column}, o.entry, o.index limit ${limit}::int4)
      order by 1, 2, 3 limit ${limit}::int4
    )
    select line.entry::text, line.index, e.kind, ${millisecondsOf(sql`e.at`)} as at,
      ${millisecondsOf(sql`e.booked_at`)} as booked_at, e.key, e.memo, e.corrects::text,
      line.amount::text, ${opening} as opening
    from line join ${entry} as e on e.number = line.entry
    order by line.time, line.entry, line.index`;
};

const lineOf = (row: StatementRow, balanceAfter: bigint): StatementLine => ({
  entry: Number(row.entry),
  index: row.index,
  at: Number(row.at),
  bookedAt: Number(row.booked_at),
  kind: row.kind,
  key: row.key ?? "",
  memo: row.memo ?? "",
  corrects: Number(row.corrects ?? 0),
  amount: BigInt(row.amount),
  balanceAfter,
});

const assertAccount = (account: number): void => {
  if (Number.isSafeInteger(account) && account > 0) return;
  throw new RangeError(`expected the number of an account, was ${account}`);
};

const assertTime = (at: number): void => {
  if (Number.isInteger(at) && at >= 0 && at <= LAST_TIME) return;
  throw new RangeError(`expected a time in milliseconds, 0 to ${LAST_TIME}, was ${at}`);
};
