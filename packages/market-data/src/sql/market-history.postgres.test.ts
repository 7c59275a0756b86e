import { postgresDialect } from "@pincex/ledger/sql";
import { Kysely, sql } from "kysely";
import { afterAll, describe, expect, test } from "vitest";
import {
  createDatabase,
  missingServer,
  type TestDatabase,
} from "../../../../scripts/postgres-server.ts";
import { ALICE, BOB, MARKETS, SmallVenue } from "../testing/small-venue.ts";
import { marketDataProjection, migrateMarketData, sqlMarketHistory } from "./index.ts";
import { candleRangeQuery } from "./sql-market-history.ts";
import {
  describeMarketHistory,
  type RecordedBatch,
  recordedVenue,
} from "./testing/history-suite.ts";

const missing = await missingServer();
/** A million is what the figures in the README are of. */
const TRADES = Number(process.env["PINCEX_HISTORY_TRADES"] ?? 20_000);
const DAYS = 3;
const DAY = 86_400_000;
const START = Date.UTC(2026, 10, 23);
const A_BATCH = 1_000;

interface Plan {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly Plans?: readonly Plan[];
}

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

/** Trades evenly over the days, in batches, none of which is kept. */
function* batchesOfTrades(): Generator<RecordedBatch> {
  const { venue, batches } = recordedVenue(START);
  const [market] = MARKETS;
  for (let done = 0; done < TRADES; done += A_BATCH) {
    venue.batch(START + Math.floor((done / TRADES) * DAYS * DAY), [
      SmallVenue.order(ALICE, "sell", 100 + (done % 7), A_BATCH, market),
      ...Array.from({ length: A_BATCH }, () => SmallVenue.order(BOB, "buy", 110, 1, market)),
    ]);
    yield* batches.splice(0);
  }
}

if (missing === undefined) {
  const databases: TestDatabase[] = [];
  const dialect = async () => {
    const database = await createDatabase();
    databases.push(database);
    return postgresDialect(database.pool);
  };
  afterAll(async () => {
    for (const database of databases) await database.drop();
  });

  describeMarketHistory("PostgreSQL", dialect, [1, 10, 1_000]);

  describe(`with ${TRADES} trades`, () => {
    test("a day of minute candles is read through the index of its partition", {
      timeout: 1_200_000,
    }, async () => {
      const db = new Kysely<unknown>({ dialect: await dialect() });
      const options = { schema: "million" };
      await migrateMarketData(db, options);
      const projection = marketDataProjection(db, options);
      const begun = performance.now();
      for (const { bytes, first, last } of batchesOfTrades()) {
        await projection.apply(bytes, first, last);
      }
      const written = performance.now() - begun;
      await sql`analyze`.execute(db);

      const [market] = MARKETS;
      const history = sqlMarketHistory(db, options);
      const from = START + DAY;
      const times: number[] = [];
      for (let run = 0; run < 20; run += 1) {
        const started = performance.now();
        const day = await history.candles(market, "1m", { from, to: from + DAY, limit: 1_440 });
        times.push(performance.now() - started);
        expect(day).toHaveLength(1_440);
      }
      const worst = Math.max(...times).toFixed(1);
      process.stderr.write(
        `${TRADES} trades written in ${(written / 1_000).toFixed(1)} s; ` +
          `a day of minute candles in ${worst} ms at most of 20 reads\n`,
      );

      const range = { from, to: from + DAY, limit: 1_440 };
      const query = candleRangeQuery("million", { market, interval: "1m" }, range);
      const { rows } = await sql<{ "QUERY PLAN": readonly { Plan: Plan }[] }>`
          explain (format json) ${query}`.execute(db);
      const nodes = nodesOf(rows[0]?.["QUERY PLAN"][0]?.Plan as Plan);
      const scans = nodes.filter((node) => node["Relation Name"] !== undefined);
      expect(scans.map((node) => node["Relation Name"])).toEqual(["candle_202611"]);
      expect(scans.map((node) => node["Node Type"])).not.toContain("Seq Scan");
      await db.destroy();
    });
  });
} else {
  test.skip(`market data in PostgreSQL: skipped, ${missing}`, () => {});
}
