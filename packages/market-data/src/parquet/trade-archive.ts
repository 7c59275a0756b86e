import { existsSync, readdirSync } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { TradeHistory, TradeHistoryRange } from "../market-history.ts";
import type { PublicTrade } from "../public-trade.ts";
import { type DuckConnection, type DuckDatabase, openDuckDatabase } from "./duckdb.ts";

const DAY_MS = 86_400_000;
/** Trades are read from the history in pages of so many. */
const PAGE = 50_000;
const DEFAULT_LIMIT = 500;

/**
 * Opens the archive in a directory, which is made where there is none.
 *
 * @example
 * ```ts
 * const archive = await openTradeArchive("/var/lib/exchange/trades");
 * await archive.archive("2026-11-24", marketData.markets(), sqlMarketHistory(db));
 * await archive.trades(1, { from: Date.UTC(2026, 10, 24), limit: 1_000 });
 * ```
 */
export const openTradeArchive = async (directory: string): Promise<TradeArchive> => {
  const database = await openDuckDatabase();
  await mkdir(directory, { recursive: true });
  return new TradeArchive(resolve(directory), database, await database.connect());
};

/** Trades of days that are over, a Parquet file each, sorted by market and id. A tenth of their size in PostgreSQL, or less. */
export class TradeArchive implements TradeHistory {
  readonly #directory: string;
  readonly #database: DuckDatabase;
  readonly #connection: DuckConnection;
  /** Days are written one after the other: they share a table. */
  #writing: Promise<unknown> = Promise.resolve();

  /** Use `openTradeArchive`. */
  constructor(directory: string, database: DuckDatabase, connection: DuckConnection) {
    this.#directory = directory;
    this.#database = database;
    this.#connection = connection;
  }

  /** The days that are here, oldest first, such as "2026-11-24". */
  days(): string[] {
    return readdirSync(this.#directory)
      .flatMap((name) => /^trades-([0-9]{4}-[0-9]{2}-[0-9]{2})\.parquet$/.exec(name)?.[1] ?? [])
      .sort();
  }

  /**
   * Writes a day's trades of these markets, as UTC has the day, and answers how many they are. Once it has resolved, the file is on the disk, was read
   * back, and the trades may be dropped where they came from. The day must be over, and none of its trades busted later: a bust
   * does not reach the file. A day that is here already is written anew, unless there are fewer trades than before: then a
   * `RangeError` is thrown, and the file stays.
   */
  archive(day: string, markets: readonly number[], history: TradeHistory): Promise<number> {
    const written = this.#writing.then(() => this.#write(day, markets, history));
    this.#writing = written.catch(() => undefined);
    return written;
  }

  async trades(market: number, range: TradeHistoryRange = {}): Promise<PublicTrade[]> {
    const files = this.#filesOf(range);
    if (files.length === 0) return [];
    const { fromId, from, to, limit = DEFAULT_LIMIT } = range;
    const isForwards = fromId !== undefined || from !== undefined;
    const conditions = [
      `market = ${whole(market)}`,
      ...(fromId === undefined ? [] : [`trade_id >= ${whole(fromId)}`]),
      ...(from === undefined ? [] : [`traded_at >= epoch_ms(${whole(from)}::bigint)`]),
      ...(to === undefined ? [] : [`traded_at <= epoch_ms(${whole(to)}::bigint)`]),
    ];
    const reader = await this.#connection.runAndReadAll(`
      select trade_id, price, quantity, taker_side, epoch_ms(traded_at) as traded_at, busted
      from read_parquet([${files.map(quoted).join(", ")}])
      where ${conditions.join(" and ")}
      order by trade_id ${isForwards ? "" : "desc"} limit ${whole(limit)}`);
    const trades = reader.getRowObjectsJson().map((row) => tradeOf(market, row));
    return isForwards ? trades : trades.reverse();
  }

  /** Waits for what is being written. */
  async close(): Promise<void> {
    await this.#writing;
    this.#connection.closeSync();
    this.#database.closeSync();
  }

  async #write(day: string, markets: readonly number[], history: TradeHistory): Promise<number> {
    const start = Date.parse(`${day}T00:00:00Z`);
    if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(day) || Number.isNaN(start)) {
      throw new RangeError(`expected a day such as "2026-11-24", was "${day}"`);
    }
    await this.#connection.run(`
      create or replace temp table day (market integer, trade_id bigint, traded_at bigint,
        price bigint, quantity bigint, taker_side varchar, busted boolean)`);
    const range = { from: start, to: start + DAY_MS - 1 };
    const tally = { trades: 0, notional: 0n };
    for (const market of markets) await this.#stage(market, range, history, tally);
    const file = this.#fileOf(day);
    const before = existsSync(file) ? (await this.#tally(file)).trades : 0;
    if (tally.trades < before) {
      throw new RangeError(`expected at least ${before} trades of ${day}, was ${tally.trades}`);
    }
    await this.#copy(file, tally);
    return tally.trades;
  }

  async #stage(
    market: number,
    range: { readonly from: number; readonly to: number },
    history: TradeHistory,
    tally: Tally,
  ): Promise<void> {
    const appender = await this.#connection.createAppender("day");
    for (let fromId = 0; ; ) {
      const page = await history.trades(market, { ...range, fromId, limit: PAGE });
      for (const trade of page) {
        appender.appendInteger(market);
        appender.appendBigInt(BigInt(trade.tradeId));
        appender.appendBigInt(BigInt(trade.at));
        appender.appendBigInt(BigInt(trade.price));
        appender.appendBigInt(BigInt(trade.quantity));
        appender.appendVarchar(trade.takerSide);
        appender.appendBoolean(trade.busted === true);
        appender.endRow();
        tally.trades += 1;
        tally.notional += BigInt(trade.price) * BigInt(trade.quantity);
      }
      appender.flushSync();
      if (page.length < PAGE) break;
      fromId = (page.at(-1) as PublicTrade).tradeId + 1;
    }
    appender.closeSync();
  }

  /** The file takes its name when it is whole, on the disk, and says what was put into it. */
  async #copy(file: string, expected: Tally): Promise<void> {
    const partial = `${file}.partial`;
    await rm(partial, { force: true });
    await this.#connection.run(`
      copy (
        select market, trade_id, epoch_ms(traded_at) as traded_at, price, quantity, taker_side, busted
        from day order by market, trade_id
      ) to ${quoted(partial)} (format parquet, compression zstd, row_group_size 100000)`);
    await this.#connection.run("drop table day");
    const { trades, notional } = await this.#tally(partial);
    if (trades !== expected.trades || notional !== expected.notional) {
      throw new Error(`expected ${expected.trades} trades in ${partial}, found ${trades}`);
    }
    await synced(partial);
    await rename(partial, file);
    await synced(this.#directory);
  }

  async #tally(file: string): Promise<Tally> {
    const reader = await this.#connection.runAndReadAll(`
      select count(*)::varchar as trades,
        coalesce(sum(price::hugeint * quantity), 0)::varchar as notional
      from read_parquet(${quoted(file)})`);
    const [row] = reader.getRowObjectsJson();
    return { trades: Number(row?.["trades"]), notional: BigInt(String(row?.["notional"])) };
  }

  /** Those of days in which there may be something. */
  #filesOf({ from, to }: TradeHistoryRange): string[] {
    const first = from === undefined ? "" : dayOf(from);
    const last = to === undefined ? "9999-12-31" : dayOf(to);
    return this.days()
      .filter((day) => day >= first && day <= last)
      .map((day) => this.#fileOf(day));
  }

  #fileOf(day: string): string {
    return join(this.#directory, `trades-${day}.parquet`);
  }
}

interface Tally {
  trades: number;
  /** Ticks × lots of all of them. */
  notional: bigint;
}

const LAST_MS = 253_402_300_799_999;

const dayOf = (at: number): string =>
  new Date(Math.min(Math.max(at, 0), LAST_MS)).toISOString().slice(0, 10);

const synced = async (path: string): Promise<void> => {
  const handle = await open(path);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/** Into SQL goes nothing but whole numbers and quoted names. */
const whole = (value: number): number => {
  if (!Number.isSafeInteger(value)) throw new RangeError(`expected a whole number, was ${value}`);
  return value;
};

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const tradeOf = (market: number, row: Readonly<Record<string, unknown>>): PublicTrade => ({
  market,
  tradeId: Number(row["trade_id"]),
  price: Number(row["price"]),
  quantity: Number(row["quantity"]),
  takerSide: row["taker_side"] === "buy" ? "buy" : "sell",
  at: Number(row["traded_at"]),
  ...(row["busted"] === true ? { busted: true as const } : {}),
});
