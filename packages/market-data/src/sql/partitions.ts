import { type SchemaOption, schemaName } from "@pincex/ledger/sql";
import { type Kysely, sql } from "kysely";

const DAY = 86_400_000;

/** A table that is partitioned by ranges of time, and how long one of them is. */
export interface PartitionedTable {
  readonly name: "public_trade" | "candle";
  readonly length: "day" | "month";
}

export const TRADES: PartitionedTable = { name: "public_trade", length: "day" };
export const CANDLES: PartitionedTable = { name: "candle", length: "month" };

/** Makes the partitions in which rows of these times lie, as far as they are not `known`, which they are added to. */
export const ensurePartitions = async <Database>(
  db: Kysely<Database>,
  schema: string,
  table: PartitionedTable,
  times: Iterable<number>,
  known: Set<string>,
): Promise<void> => {
  const starts = new Set(Array.from(times, (at) => startOf(table, at)));
  for (const start of starts) {
    const name = `${schema}.${table.name}_${digitsOf(table, start)}`;
    if (known.has(name)) continue;
    const [from, to] = [start, endOf(table, start)].map((at) => new Date(at).toISOString());
    await sql
      .raw(
        `create table if not exists ${name} partition of ${schema}.${table.name}
          for values from ('${from}') to ('${to}')`,
      )
      .execute(db);
    known.add(name);
  }
};

/**
 * Drops the trades of all days that end at a moment or before it, in milliseconds since 1970-01-01 UTC, and answers how many days
 * those are. Candles stay, and a trade that is gone can't be taken out of them any more.
 *
 * @example
 * await dropTradesBefore(db, Date.now() - 90 * 86_400_000);
 */
export const dropTradesBefore = async <Database>(
  db: Kysely<Database>,
  before: number,
  options: SchemaOption = {},
): Promise<number> => {
  const schema = schemaName(options);
  const { rows } = await sql<{ name: string }>`
    select child.relname as name from pg_catalog.pg_inherits as i
      join pg_catalog.pg_class as child on child.oid = i.inhrelid
      join pg_catalog.pg_class as parent on parent.oid = i.inhparent
      join pg_catalog.pg_namespace as n on n.oid = parent.relnamespace
    where n.nspname = ${schema}::text and parent.relname = ${TRADES.name}::text`.execute(
    db.withoutPlugins(),
  );
  const newest = digitsOf(TRADES, startOf(TRADES, before) - DAY);
  const dropped = rows.filter(({ name }) => Number(name.split("_").at(-1)) <= Number(newest));
  for (const { name } of dropped) {
    await sql`drop table ${sql.table(`${schema}.${name}`)}`.execute(db.withoutPlugins());
  }
  return dropped.length;
};

const startOf = ({ length }: PartitionedTable, at: number): number => {
  const date = new Date(at);
  const day = length === "day" ? date.getUTCDate() : 1;
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), day);
};

const endOf = ({ length }: PartitionedTable, start: number): number => {
  const date = new Date(start);
  return length === "day"
    ? start + DAY
    : Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
};

/** 20261124, or 202611. */
const digitsOf = ({ length }: PartitionedTable, start: number): string =>
  new Date(start)
    .toISOString()
    .slice(0, length === "day" ? 10 : 7)
    .replaceAll("-", "");
