import fc from "fast-check";
import { Kysely, PostgresDialect, sql } from "kysely";
import { describe, expect, test } from "vitest";
import { createDatabase, missingServer } from "../../../../scripts/postgres-server.ts";
import { encodeVenueCommand, type VenueCommand } from "../commands/venue-command.ts";
import { memoryJournal } from "../journal/memory-journal.ts";
import { migrateVenue } from "../projection/migrate-venue.ts";
import { venueProjection } from "../projection/venue-projection.ts";
import { openVenue } from "../sequencer/open-venue.ts";
import { type Child, startChild } from "../testing/child-process.ts";
import { beginningsByNewestRules, flowByNewestRules } from "../testing/command-flow.ts";
import { missingRedis, startRedis } from "../testing/redis-server.ts";
import { redisPublisher } from "./redis-bus.ts";

const missing = missingRedis() ?? (await missingServer());
const ROUNDS = Number(process.env["PINCEX_CRASH_ROUNDS"] ?? 3);

/** Every row of every table, as text. */
const rowsOf = async (db: Kysely<unknown>, schema: string): Promise<Record<string, string[]>> => {
  const { rows } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = ${schema} order by 1`.execute(db);
  const tables: Record<string, string[]> = {};
  for (const { name } of rows) {
    const { rows: found } = await sql<{ row: string }>`
      select row(one.*)::text as row from ${sql.table(`${schema}.${name}`)} one order by 1`.execute(
      db,
    );
    tables[name] = found.map(({ row }) => row);
  }
  return tables;
};

const flow: VenueCommand[] = [
  ...beginningsByNewestRules,
  ...fc.sample(flowByNewestRules, { numRuns: 20, seed: 19 }).flat(),
];

describe.skipIf(missing !== undefined)(
  `with servers${missing ? ` (skipped: ${missing})` : ""}`,
  () => {
    test(`a consumer that is killed ${ROUNDS} times, and Redis with it once, misses nothing and does nothing twice`, {
      timeout: 60_000 + 10_000 * ROUNDS,
    }, async () => {
      const redis = await startRedis();
      const database = await createDatabase();
      const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: database.pool }) });
      for (const schema of ["here", "there"]) await migrateVenue(db, { schema });
      const projections = [
        redisPublisher({ redis: await redis.connect() }),
        venueProjection(db, { schema: "here" }),
      ];
      let now = 1_700_000_000_000;
      const venue = await openVenue({ journal: memoryJournal(), projections, clock: () => now });

      let trading = true;
      const trade = async (): Promise<void> => {
        for (let at = 0; trading; at = (at + 20) % flow.length) {
          now += 1_000;
          const commands = flow.slice(at, at + 20);
          await Promise.all(commands.map((command) => venue.submit(encodeVenueCommand(command))));
          await new Promise((resolve) => setTimeout(resolve, 40));
        }
      };
      const traded = trade();
      const start = (): Child =>
        startChild("sql-consumer-child.ts", redis.url, database.url, "there");
      for (let round = 0; round < ROUNDS; round += 1) {
        const child = start();
        await child.said(2 + Math.floor(Math.random() * 10));
        if (round === 1) {
          await redis.kill();
          await redis.restart();
        }
        await child.kill();
      }
      trading = false;
      await traded;
      await venue.flushed();
      const last = start();
      await expect
        .poll(() => Number(last.lines().at(-1)), { timeout: 30_000 })
        .toBe(venue.sequence);
      await last.kill();
      await venue.stop();

      const [here, there] = [await rowsOf(db, "here"), await rowsOf(db, "there")];
      expect(there).toEqual(here);
      expect(here["entry"]?.length).toBeGreaterThan(100);
      await db.destroy();
      await database.drop();
    });
  },
);
