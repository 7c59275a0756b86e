import { recordSecond } from "@pincex/engine";
import { postgresDialect } from "@pincex/ledger/sql";
import { Kysely, sql } from "kysely";
import { Pool } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { OwnPostgres, postgresPrograms } from "../../../../testing/own-postgres.ts";
import { eachCommand } from "../journal/frame-payload.ts";
import type { Frame, Journal } from "../journal/journal.ts";
import { openSequencer } from "../sequencer/open-sequencer.ts";
import { add, toyMachine, toyPayload } from "../testing/toy-machine.ts";
import { migrateJournal } from "./migrate-journal.ts";
import { openPostgresJournal, readPostgresJournal } from "./postgres-journal.ts";

/** 5 in the suite; more by `PINCEX_CRASH_ROUNDS`. */
const ROUNDS = Number(process.env["PINCEX_CRASH_ROUNDS"] ?? 5);
const CLIENTS = 40;

const programs = postgresPrograms();
if (programs === undefined && process.env["PINCEX_REQUIRE_SERVERS"] === "1") {
  throw new Error("expected PostgreSQL's initdb in /usr/lib/postgresql");
}

const frame = (epoch: number, firstSequence: number): Frame => ({
  epoch,
  firstSequence,
  count: 1,
  payload: toyPayload([firstSequence]),
});

const sequencesOf = async (journal: Journal): Promise<number[]> => {
  const sequences: number[] = [];
  for await (const { firstSequence } of journal.read(1)) sequences.push(firstSequence);
  return sequences;
};

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

if (programs === undefined) {
  test.skip("a journal in a PostgreSQL that is killed: skipped, no server's programs are here", () => {});
} else {
  let server: OwnPostgres;
  let db: Kysely<unknown>;
  let schema: string;
  let schemas = 0;
  beforeAll(async () => {
    server = await OwnPostgres.create(programs);
    const pool = new Pool({ connectionString: server.connectionString, max: 4 });
    db = new Kysely<unknown>({ dialect: postgresDialect(pool) });
  });
  beforeEach(async () => {
    schemas += 1;
    schema = `journal_${schemas}`;
    await migrateJournal(db, { schema });
  });
  afterAll(async () => {
    await db.destroy();
    await server.remove();
  });

  const opened = (appendTimeoutMs?: number): Promise<Journal> =>
    openPostgresJournal({
      db,
      schema,
      ...(appendTimeoutMs === undefined ? {} : { appendTimeoutMs }),
    });

  test(`a server that is killed ${ROUNDS} times in the middle of appends: what was acknowledged is there, in its place`, {
    timeout: 60_000 + ROUNDS * 20_000,
  }, async () => {
    /** The amount of every command that was acknowledged, by its sequence. */
    const acknowledged = new Map<number, number>();
    const start = async () =>
      openSequencer({ journal: await opened(), views: [], clock: Date.now }, toyMachine);
    for (let round = 1; round <= ROUNDS; round += 1) {
      const venue = await start();
      const before = venue.sequence;
      const client = async (): Promise<void> => {
        for (;;) {
          const amount = 1 + Math.floor(Math.random() * 99);
          const { sequence } = await venue.submit(add(amount));
          expect(acknowledged.has(sequence)).toBe(false);
          acknowledged.set(sequence, amount);
        }
      };
      const clients = Array.from({ length: CLIENTS }, () => client().catch((error) => error));
      while (venue.sequence < before + 500) await pause(5);
      await pause(Math.random() * 200);
      await server.kill();
      expect(await venue.stopped).toMatchObject({ code: "journal_dead" });
      for (const error of await Promise.all(clients)) {
        expect(["outcome_unknown", "venue_stopped"]).toContain(error.code);
      }
      await venue.stop();
      await server.start();
      const amounts = await journaled();
      const lost = [...acknowledged].filter(([at, amount]) => amounts[at - 1] !== amount);
      expect(lost).toEqual([]);
    }
    expect(acknowledged.size).toBeGreaterThan(ROUNDS * 400);
    const venue = await start();
    expect(venue.sequence).toBeGreaterThanOrEqual(acknowledged.size);
    await venue.stop();
  });

  /** The amount of every command in the journal, by its sequence less one. */
  const journaled = async (): Promise<number[]> => {
    const amounts: number[] = [];
    for await (const stored of readPostgresJournal({ db, schema }).read(1)) {
      eachCommand(stored, (_sequence, _time, commands, offset) => {
        amounts.push(recordSecond(commands, offset));
      });
    }
    return amounts;
  };

  describe("an append whose outcome nobody knows", () => {
    /** Holds the head, so that appends wait for it; answers what lets it go. */
    const holdHead = async (): Promise<() => Promise<void>> => {
      let letGo = (): void => {};
      const held = new Promise<void>((resolve) => {
        letGo = resolve;
      });
      let isHeld = (): void => {};
      const holding = new Promise<void>((resolve) => {
        isHeld = resolve;
      });
      const transaction = db.transaction().execute(async (trx) => {
        await sql`select 1 from ${sql.table(`${schema}.journal_head`)} for update`.execute(trx);
        isHeld();
        await held;
      });
      await holding;
      return async () => {
        letGo();
        await transaction;
      };
    };

    const waitingForHead = async (): Promise<number[]> => {
      const { rows } = await sql<{ pid: number }>`
        select pid from pg_stat_activity where wait_event_type = 'Lock' and query like '%moved%'`.execute(
        db,
      );
      return rows.map(({ pid }) => pid);
    };

    test("a connection that is lost makes the journal dead; opened again, it tells what is there", async () => {
      const journal = await opened();
      await journal.append(frame(1, 1));
      const letGo = await holdHead();
      const append = journal.append(frame(1, 2)).catch((error) => error);
      let waiting: number[] = [];
      while (waiting.length === 0) waiting = await waitingForHead();
      await sql`select pg_terminate_backend(${waiting[0]}::int4)`.execute(db);
      expect(await append).toMatchObject({ code: "journal_dead" });
      await letGo();
      await expect(journal.append(frame(1, 2))).rejects.toMatchObject({ code: "journal_dead" });
      const again = await opened();
      expect(await again.head()).toMatchObject({ epoch: 2, sequence: 1 });
      await again.append(frame(2, 2));
      expect(await sequencesOf(again)).toEqual([1, 2]);
      await again.close();
    });

    test("a server that stands still makes it dead after its time; the frame may be there", async () => {
      const journal = await opened(200);
      await journal.append(frame(1, 1));
      server.freeze();
      const append = journal.append(frame(1, 2));
      await expect(append).rejects.toMatchObject({
        code: "journal_dead",
        message: expect.stringMatching(/not answered within 200 ms/),
      });
      server.go();
      const again = await opened();
      const { epoch, sequence } = await again.head();
      expect(epoch).toBe(2);
      expect(await sequencesOf(again)).toEqual(sequence === 2 ? [1, 2] : [1]);
      await again.close();
    });

    test("a pool with a query_timeout can be closed although the server stands still", async () => {
      const { connectionString } = server;
      const pool = new Pool({ connectionString, max: 2, query_timeout: 400 });
      const impatient = new Kysely<unknown>({ dialect: postgresDialect(pool) });
      const journal = await openPostgresJournal({ db: impatient, schema, appendTimeoutMs: 100 });
      await journal.append(frame(1, 1));
      server.freeze();
      await expect(journal.append(frame(1, 2))).rejects.toMatchObject({ code: "journal_dead" });
      await journal.close();
      await impatient.destroy();
      server.go();
    });

    test("a writer that is replaced while its append waits is refused, and nothing is changed", async () => {
      const sleeper = await opened();
      await sleeper.append(frame(1, 1));
      const letGo = await holdHead();
      const append = sleeper.append(frame(1, 2)).catch((error) => error);
      while ((await waitingForHead()).length === 0) await pause(5);
      // Stands in the queue behind the append, whose statement looks again at the head once it has it.
      const successor = opened();
      await letGo();
      const outcome = await append;
      const { sequence } = await (await successor).head();
      if (outcome === undefined) expect(sequence).toBe(2);
      else expect(outcome).toMatchObject({ code: "journal_head_moved" });
      await expect(sleeper.append(frame(1, sequence + 1))).rejects.toMatchObject({
        code: "journal_head_moved",
      });
      await (await successor).append(frame(2, sequence + 1));
      expect((await sequencesOf(await successor)).length).toBe(sequence + 1);
      await (await successor).close();
    });
  });

  test("a database that doesn't wait for its disk is refused, and nothing is changed", async () => {
    const fsyncIs = async (wanted: "on" | "off"): Promise<void> => {
      await sql.raw(`alter system set fsync = ${wanted}`).execute(db);
      await sql`select pg_reload_conf()`.execute(db);
      for (;;) {
        const { rows } = await sql<{ fsync: string }>`show fsync`.execute(db);
        if (rows[0]?.fsync === wanted) return;
      }
    };
    await fsyncIs("off");
    await expect(opened()).rejects.toMatchObject({ code: "database_not_durable" });
    await fsyncIs("on");
    const journal = await opened();
    expect((await journal.head()).epoch).toBe(1);
    await journal.close();
  });
}
