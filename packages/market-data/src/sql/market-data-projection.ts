import { ProjectionConflict, type SchemaOption, schemaName } from "@pincex/ledger/sql";
import type { Projection } from "@pincex/venue";
import { type Kysely, sql, type Transaction } from "kysely";
import { addCandles, recountCandles } from "./candle-rows.ts";
import { MarketDataBatch } from "./market-data-batch.ts";
import { CANDLES, ensurePartitions, TRADES } from "./partitions.ts";
import { insertTrades, markBusted } from "./trade-rows.ts";

export interface MarketDataProjectionOptions extends SchemaOption {
  /** The row that tells how far this projection has come. "market-data" unless told otherwise. */
  readonly name?: string;
}

/**
 * Keeps the public trades of a venue in SQL, and candles of every interval, each added to by each batch: reading one reads a row.
 *
 * A batch is one transaction together with the position it reaches, so each trade counts exactly once, whatever fails and is sent again. A
 * trade that is busted is marked, and its candles are counted again. Call `migrateMarketData` on the database first.
 *
 * @example
 * ```ts
 * await migrateMarketData(db);
 * const venue = await openVenue({ journal, projections: [marketDataProjection(db)], clock: Date.now });
 * ```
 */
export const marketDataProjection = <Database>(
  db: Kysely<Database>,
  options: MarketDataProjectionOptions = {},
): Projection => new MarketDataProjection(db, options);

class MarketDataProjection<Database> implements Projection {
  readonly name: string;
  readonly #db: Kysely<Database>;
  readonly #schema: string;
  /** Partitions that are there. */
  readonly #partitions: Set<string> = new Set();
  /** Undefined: to be asked of the database, as at the beginning and after a failure with an unknown outcome. */
  #position: number | undefined;

  constructor(db: Kysely<Database>, options: MarketDataProjectionOptions) {
    this.#db = db.withoutPlugins();
    this.#schema = schemaName(options);
    this.name = options.name ?? "market-data";
  }

  async position(): Promise<number> {
    const { rows } = await sql<{ sequence: string }>`
      select sequence::text from ${this.#positionTable()}
      where projection = ${this.name}::text`.execute(this.#db);
    this.#position = Number(rows[0]?.sequence ?? 0);
    return this.#position;
  }

  /** A batch that is applied again, or one that overlaps what is there, adds only what is missing. */
  async apply(events: Uint8Array, first: number, last: number): Promise<void> {
    const position = this.#position ?? (await this.position());
    if (last <= position) return;
    if (first > position + 1) {
      throw new RangeError(`expected events from command ${position + 1} on, was ${first}`);
    }
    const batch = new MarketDataBatch(events, position, last);
    this.#position = undefined;
    try {
      await this.#db.transaction().execute(async (transaction) => {
        await this.#moveTo(transaction, position, last);
        await this.#write(transaction, batch);
      });
    } catch (error) {
      // What was made in it may be undone.
      this.#partitions.clear();
      throw error;
    }
    this.#position = last;
  }

  /** First of all, because it locks: a second writer waits here, and then finds that the position has moved. */
  async #moveTo(db: Transaction<Database>, from: number, to: number): Promise<void> {
    const { rows } = await sql`
      insert into ${this.#positionTable()} as p (projection, sequence)
      values (${this.name}::text, ${to}::int8)
      on conflict (projection) do update set sequence = excluded.sequence
        where p.sequence = ${from}::int8
      returning 1`.execute(db);
    if (rows.length !== 1) throw new ProjectionConflict(this.name, from);
  }

  async #write(db: Transaction<Database>, batch: MarketDataBatch): Promise<void> {
    const { trades, candles, busts } = batch;
    const times = trades.map(({ at }) => at);
    const openTimes = candles.map(({ candle }) => candle.openTime);
    await ensurePartitions(db, this.#schema, TRADES, times, this.#partitions);
    await ensurePartitions(db, this.#schema, CANDLES, openTimes, this.#partitions);
    if (trades.length > 0) {
      await insertTrades(db, this.#schema, trades);
      await addCandles(db, this.#schema, candles);
    }
    for (const bust of busts) {
      const at = await markBusted(db, this.#schema, bust);
      if (at !== undefined) await recountCandles(db, this.#schema, bust.market, at);
    }
  }

  #positionTable(): ReturnType<typeof sql.table> {
    return sql.table(`${this.#schema}.market_data_position`);
  }
}
