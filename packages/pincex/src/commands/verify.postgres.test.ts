import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeVenueCommand } from "@pincex/venue";
import { openPostgresJournal } from "@pincex/venue/postgres";
import type { Kysely } from "kysely";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createExchange, type Exchange } from "../exchange/create-exchange.ts";
import { journalDatabase } from "../exchange/exchange-journal.ts";
import { createDatabase, dropDatabase, missingServer } from "../testing/postgres-database.ts";
import { runCommand } from "../testing/run-command.ts";
import { appendUnknownCommand } from "../testing/unknown-command.ts";

const missing = await missingServer();
const skipped = missing === undefined ? "" : ` (skipped: ${missing})`;

const name = `pincex_verify_test_${process.pid}`;
let dataDir: string;
let databaseUrl: string;

const started = (): Promise<Exchange> =>
  createExchange({ dataDir, port: 0, databaseUrl, journal: "postgres" });

const run = (...argv: string[]) =>
  runCommand(argv, {
    PINCEX_DATA_DIR: dataDir,
    DATABASE_URL: databaseUrl,
    PINCEX_JOURNAL: "postgres",
  });

const inSql = async (...statements: string[]): Promise<void> => {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
};

describe.skipIf(missing !== undefined)(
  `an exchange whose journal is in PostgreSQL${skipped}`,
  () => {
    beforeAll(async () => {
      dataDir = mkdtempSync(join(tmpdir(), "pincex-verify-postgres-"));
      databaseUrl = await createDatabase(name);
    });
    afterAll(async () => {
      rmSync(dataDir, { recursive: true, force: true });
      await dropDatabase(name);
    });

    test("there is nothing to verify before it was started", async () => {
      const { code, stderr } = await run("verify");
      expect(code).toBe(1);
      expect(stderr).toMatch(/no journal of an exchange in the schema pincex_journal/);
    });

    test("is verified while it runs, and goes on", async () => {
      const exchange = await started();
      const { code, stdout, stderr } = await run("verify");
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout.match(/^✓/gm)?.length).toBe(10);
      await exchange.venue.submit(encodeVenueCommand({ kind: "time" }));
      await exchange.stop();
    });

    test("with its journal in files is verified while it takes orders, SQL and all", async () => {
      const files = join(dataDir, "files");
      const beside = await createDatabase(`${name}_files`);
      const exchange = await createExchange({ dataDir: files, port: 0, databaseUrl: beside });
      let isTrading = true;
      const trading = (async () => {
        const command = encodeVenueCommand({ kind: "time" });
        while (isTrading) await exchange.venue.submit(command);
      })();
      const env = { PINCEX_DATA_DIR: files, DATABASE_URL: beside };
      const { code, stdout, stderr } = await runCommand(["verify"], env);
      isTrading = false;
      await trading;
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout.match(/^✓/gm)?.length).toBe(10);
      const skip = await runCommand(["skip", "1", "by mistake"], env);
      expect(skip.stderr).toMatch(/^Command 1 is not skipped: the projection /);
      await exchange.stop();
      await dropDatabase(`${name}_files`);
    });

    test("a row of a frame and a row of a balance that were changed are named", async () => {
      const flip = (table: string, set: string, where: string): string[] => [
        `alter table ${table} disable trigger user`,
        `update ${table} set ${set} where ${where}`,
        `alter table ${table} enable trigger user`,
      ];
      const bit = "frame = set_byte(frame, 120, get_byte(frame, 120) # 4)";
      await inSql(...flip("pincex_journal.journal_frame", bit, "first_sequence = 1"));
      const damaged = await run("verify");
      expect(damaged.code).toBe(1);
      expect(damaged.stdout).toMatch(
        /^✗ journal frames .*\n {4}after sequence 0: .*pincex_journal.journal_frame, first_sequence 1 at byte 0: wrong CRC$/m,
      );
      await inSql(...flip("pincex_journal.journal_frame", bit, "first_sequence = 1"));

      await inSql("update pincex.balance set amount = amount - 1 where account = 2");
      const changed = await run("verify");
      expect(changed.code).toBe(1);
      expect(changed.stdout).toMatch(/^✓ journal frames/m);
      expect(changed.stdout).toMatch(/^✗ SQL balances .*\n {4}account 2 /m);
      await inSql("update pincex.balance set amount = amount + 1 where account = 2");
      expect((await run("verify")).code).toBe(0);
    });

    test("a SQL copy of another release is told from one that differs", async () => {
      await inSql("alter table pincex.account rename column bound to former_bound");
      const { code, stdout, stderr } = await run("verify");
      expect([code, stdout]).toEqual([1, ""]);
      expect(stderr).toMatch(/^The SQL copy cannot be read \(.*bound.*\): start this release once/);
      await inSql("alter table pincex.account rename column former_bound to bound");
    });

    test("a command that can't be replayed is skipped, once SQL has nothing of it", async () => {
      const db: Kysely<unknown> = journalDatabase(databaseUrl);
      const bad = await appendUnknownCommand(await openPostgresJournal({ db }));
      await db.destroy();
      await expect(started()).rejects.toMatchObject({ code: "journal_unusable" });

      await inSql(`update pincex.watermark set sequence = ${bad}`);
      const early = await run("skip", `${bad}`, "of a release that never was");
      expect([early.code, early.stdout]).toEqual([1, ""]);
      expect(early.stderr).toContain("(projection_has_command)");
      await inSql(`update pincex.watermark set sequence = ${bad - 1}`);

      expect((await run("skip", `${bad}`, "of a release that never was")).code).toBe(0);
      expect(
        await query("select sequence::int4, reason from pincex_journal.journal_skipped"),
      ).toEqual([{ sequence: bad, reason: "of a release that never was" }]);
      const exchange = await started();
      await exchange.venue.flushed();
      await exchange.stop();
      // The SQL copy is dropped and filled again, the journal's schema stays: the same state.
      await inSql("drop schema pincex cascade");
      const again = await started();
      expect(again.venue.stateHash()).toBe(exchange.venue.stateHash());
      await again.venue.flushed();
      await again.stop();
      const verified = await run("verify");
      expect([verified.code, verified.stderr]).toEqual([0, ""]);
      expect(verified.stdout).toContain(`, ${bad} skipped;`);
    });
  },
);

const query = async (text: string): Promise<unknown[]> => {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query(text);
  await client.end();
  return rows;
};
