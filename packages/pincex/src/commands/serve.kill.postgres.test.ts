import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeVenueCommand } from "@pincex/venue";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createExchange } from "../exchange/create-exchange.ts";
import { killAndExpectAll } from "../testing/killed-serve.ts";
import { createDatabase, dropDatabase, missingServer } from "../testing/postgres-database.ts";

const missing = await missingServer();
const skipped = missing === undefined ? "" : ` (skipped: ${missing})`;

const name = `pincex_kill_test_${process.pid}`;
let folder: string;
let databaseUrl: string;

describe.skipIf(missing !== undefined)(
  `pincex serve with its journal in PostgreSQL${skipped}`,
  () => {
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), "pincex-kill-postgres-"));
      databaseUrl = await createDatabase(name);
    });
    afterAll(async () => {
      rmSync(folder, { recursive: true, force: true });
      await dropDatabase(name);
    });

    test("kill -9 while orders stream in: every acknowledged order is there afterwards", {
      timeout: 240_000,
    }, async () => {
      await killAndExpectAll({
        dataDir: folder,
        // Matching and journal in a thread of their own, too: a killed process has but one life.
        env: {
          DATABASE_URL: databaseUrl,
          PINCEX_JOURNAL: "postgres",
          PINCEX_VENUE_THREAD: "own",
        },
        options: { databaseUrl, journal: "postgres" },
      });
      expect(existsSync(join(folder, "journal"))).toBe(false);
    });

    test("the folder is no part of it: without its snapshots, the same state comes from the journal", async () => {
      const journal = "postgres";
      const before = await createExchange({ dataDir: folder, port: 0, databaseUrl, journal });
      const hash = before.venue.stateHash();
      await before.stop();
      const empty = join(folder, "empty");
      const after = await createExchange({ dataDir: empty, port: 0, databaseUrl, journal });
      expect(after.venue.stateHash()).toBe(hash);
      await after.stop();
    });

    test("whoever starts last is the exchange: the one before stops at its next order", async () => {
      const options = { port: 0, databaseUrl, journal: "postgres" } as const;
      const first = await createExchange({ dataDir: folder, ...options });
      const second = await createExchange({ dataDir: join(folder, "second"), ...options });
      const command = encodeVenueCommand({ kind: "time" });
      await expect(first.venue.submit(command)).rejects.toMatchObject({ code: "outcome_unknown" });
      expect(await first.venue.stopped).toMatchObject({ code: "journal_head_moved" });
      await second.venue.submit(command);
      await first.stop();
      await second.stop();
    });
  },
);
