import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { postgresDialect } from "@pincex/ledger/sql";
import { openTradeArchive } from "@pincex/market-data/parquet";
import { marketDataProjection, migrateMarketData, sqlMarketHistory } from "@pincex/market-data/sql";
import { Kysely, sql } from "kysely";
import { Pool } from "pg";
import { type BenchOptions, type Print, Refusal } from "../figure.ts";
import { MARKET, tradedBatches } from "./traded-batches.ts";

const SERVER = process.env["DATABASE_URL"] ?? "postgres://postgres@127.0.0.1:5432/postgres";
const DAY = 86_400_000;
const DAYS = 3;
const START = Date.UTC(2026, 10, 23);
const READS = 20;

/**
 * A million trades into PostgreSQL, then a day of minute candles out of it: the slowest of twenty reads, beside the median of counting
 * the same candles from their trades. And what a trade takes in the archive, beside its row and indexes.
 */
export const dayOfCandles = async (print: Print, { short }: BenchOptions): Promise<void> => {
  const trades = short ? 50_000 : 1_000_000;
  const db = new Kysely<unknown>({
    dialect: postgresDialect(new Pool({ connectionString: SERVER })),
  });
  const schema = `pincex_bench_${process.pid}`;
  const folder = mkdtempSync(join(tmpdir(), "pincex-bench-archive-"));
  try {
    await filled(db, schema, trades);
    await readADay(print, db, schema, trades);
    await archiveADay(print, db, schema, folder);
  } finally {
    await sql`drop schema if exists ${sql.id(schema)} cascade`.execute(db);
    await db.destroy();
    rmSync(folder, { recursive: true, force: true });
  }
};

const filled = async (db: Kysely<unknown>, schema: string, trades: number): Promise<void> => {
  try {
    await migrateMarketData(db, { schema });
  } catch (error) {
    throw new Refusal(`There is no PostgreSQL at ${SERVER}: ${(error as Error).message}`);
  }
  const projection = marketDataProjection(db, { schema });
  for (const { events, first, last } of tradedBatches(trades, START, DAYS * DAY)) {
    await projection.apply(events, first, last);
  }
  await sql`analyze`.execute(db);
};

const timed = async (act: () => Promise<unknown>): Promise<number> => {
  const started = performance.now();
  await act();
  return performance.now() - started;
};

const readADay = async (
  print: Print,
  db: Kysely<unknown>,
  schema: string,
  trades: number,
): Promise<void> => {
  const history = sqlMarketHistory(db, { schema });
  const [from, to] = [START + DAY, START + 2 * DAY - 1];
  const ours: number[] = [];
  const theirs: number[] = [];
  // In turns: both have the same neighbours on the machine.
  for (let turn = 0; turn < READS; turn += 1) {
    ours.push(
      await timed(async () => {
        const day = await history.candles(MARKET, "1m", { from, to, limit: 1_440 });
        if (day.length !== 1_440) throw new Error(`expected 1,440 candles, was ${day.length}`);
      }),
    );
    theirs.push(await timed(() => counted(db, schema, from, to)));
  }
  const worst = Math.max(...ours);
  const median = theirs.sort((one, other) => one - other)[READS / 2] ?? 0;
  print({
    bench: "market-data/a day of minute candles",
    ours: Math.round(worst * 10) / 10,
    unit: "ms, the slowest of 20 reads",
    peer: "counting them from the day's trades in SQL, median",
    theirs: Math.round(median * 10) / 10,
    ratio: Math.round((worst / median) * 100) / 100,
    note: `${trades} trades over ${DAYS} days in PostgreSQL`,
  });
};

const counted = (db: Kysely<unknown>, schema: string, from: number, to: number) =>
  sql`
  select date_trunc('minute', at) as minute, (array_agg(price order by trade_id))[1] as open,
    max(price) as high, min(price) as low, (array_agg(price order by trade_id desc))[1] as close,
    sum(quantity) as volume, sum(price::numeric * quantity) as quote_volume, count(*) as trades
  from ${sql.table(`${schema}.public_trade`)}
  where market = ${MARKET}::int4 and at between ${new Date(from)} and ${new Date(to)}
  group by 1 order by 1`.execute(db);

const archiveADay = async (
  print: Print,
  db: Kysely<unknown>,
  schema: string,
  folder: string,
): Promise<void> => {
  const archive = await openTradeArchive(folder);
  const day = new Date(START + DAY).toISOString().slice(0, 10);
  const trades = await archive.archive(day, [MARKET], sqlMarketHistory(db, { schema }));
  await archive.close();
  const bytes = readdirSync(folder).reduce(
    (sum, name) => sum + statSync(join(folder, name)).size,
    0,
  );
  const partition = `${schema}.public_trade_${day.replaceAll("-", "")}`;
  const { rows } = await sql<{ size: string }>`
    select pg_total_relation_size(${partition}::regclass)::text as size`.execute(db);
  const inRows = Number(rows[0]?.size) / trades;
  print({
    bench: "market-data/an archived trade",
    ours: Math.round((bytes / trades) * 10) / 10,
    unit: "bytes",
    peer: "its row and its indexes in PostgreSQL",
    theirs: Math.round(inRows * 10) / 10,
    ratio: Math.round((bytes / trades / inRows) * 1_000) / 1_000,
    note: `${trades} trades of one day, Parquet with zstd`,
  });
};
