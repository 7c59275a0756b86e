import { memoryJournal } from "@pincex/venue";
import { migrateJournal, openPostgresJournal, readPostgresJournal } from "@pincex/venue/postgres";
import { verifyVenue } from "@pincex/venue/verification";
import { expect, test } from "vitest";
import { recording, titled } from "../../../../scripts/recordings.ts";
import { journalDatabase } from "../exchange/exchange-journal.ts";
import { createDatabase, dropDatabase, missingServer } from "../testing/postgres-database.ts";
import { replayThroughVenue } from "./replay-through-venue.ts";

const file = recording("lobster/AAPL_2012-06-21_34200000_37800000_message_50.csv.gz");
const missing = await missingServer();

test.skipIf(file === undefined || missing !== undefined)(
  titled("an hour of AAPL leads to one state, with the journal in PostgreSQL or elsewhere", file),
  { timeout: 180_000 },
  async () => {
    const name = `pincex_aapl_test_${process.pid}`;
    const db = journalDatabase(await createDatabase(name));
    try {
      await migrateJournal(db);
      const journal = await openPostgresJournal({ db });
      const inPostgres = await replayThroughVenue({ file: file as string, journal });
      const elsewhere = { file: file as string, journal: memoryJournal() };
      expect(inPostgres).toEqual(await replayThroughVenue(elsewhere));
      const verdicts: [string, boolean][] = [];
      for await (const { check, ok } of verifyVenue({ journal: readPostgresJournal({ db }) })) {
        verdicts.push([check, ok]);
      }
      expect(verdicts).toEqual([
        ["journal", true],
        ["replay", true],
        ["trial_balance", true],
      ]);
    } finally {
      await db.destroy();
      await dropDatabase(name);
    }
  },
);
