import { postgresDialect } from "@pincex/ledger/sql";
import { Kysely, sql } from "kysely";
import type { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import {
  createDatabase,
  missingServer,
  type TestDatabase,
} from "../../../../scripts/postgres-server.ts";
import type { Frame, Journal, StoredFrame } from "../journal/journal.ts";
import { describeJournal } from "../testing/journal-conformance.ts";
import { toyPayload } from "../testing/toy-machine.ts";
import { JournalTables } from "./journal-tables.ts";
import { journalMigrationSql, migrateJournal } from "./migrate-journal.ts";
import { openPostgresJournal, readPostgresJournal } from "./postgres-journal.ts";

const missing = await missingServer();

let database: TestDatabase;
let db: Kysely<unknown>;
let schemas = 0;

/** A journal that nobody has used, in a schema of its own. */
const newSchema = async (): Promise<string> => {
  schemas += 1;
  const schema = `journal_${schemas}`;
  await migrateJournal(db, { schema });
  return schema;
};

const frame = (epoch: number, firstSequence: number, count = 1): Frame => ({
  epoch,
  firstSequence,
  count,
  payload: toyPayload(Array.from({ length: count }, (_, index) => firstSequence + index)),
});

const framesOf = async (journal: Pick<Journal, "read">, from = 1): Promise<StoredFrame[]> => {
  const frames: StoredFrame[] = [];
  for await (const read of journal.read(from)) frames.push(read);
  return frames;
};

const damaged = (finding: RegExp) =>
  expect.objectContaining({
    code: "journal_damaged",
    message: expect.stringMatching(finding),
  });

/** Changes rows behind the back of the triggers, as whoever owns the tables can. */
const tamper = async (schema: string, ...statements: string[]): Promise<void> => {
  await sql.raw(`alter table ${schema}.journal_frame disable trigger user`).execute(db);
  for (const statement of statements) await sql.raw(statement).execute(db);
  await sql.raw(`alter table ${schema}.journal_frame enable trigger user`).execute(db);
};

if (missing !== undefined) {
  test.skip(`a journal in PostgreSQL: skipped, ${missing}`, () => {});
} else {
  beforeAll(async () => {
    database = await createDatabase();
    db = new Kysely<unknown>({ dialect: postgresDialect(database.pool) });
  });
  afterAll(async () => {
    await db.destroy();
    await database.drop();
  });

  describeJournal("the journal in PostgreSQL", async () => {
    const schema = await newSchema();
    const open = () => openPostgresJournal({ db, schema });
    return { open, takeOver: open };
  });

  /** A journal with four frames of five commands, and its schema. */
  const filled = async (): Promise<string> => {
    const schema = await newSchema();
    const journal = await openPostgresJournal({ db, schema });
    for (const first of [1, 6, 11, 16]) await journal.append(frame(1, first, 5));
    await journal.close();
    return schema;
  };

  describe("what is in the tables", () => {
    test("a frame is one row, with its numbers beside it", async () => {
      const schema = await filled();
      const { rows } = await sql`
        select first_sequence::int4, last_sequence::int4, epoch::int4
        from ${sql.table(`${schema}.journal_frame`)} order by 1`.execute(db);
      expect(rows.length).toBe(4);
      expect(rows[1]).toEqual({ first_sequence: 6, last_sequence: 10, epoch: 1 });
    });

    test.each([
      ["delete from SCHEMA.journal_frame where first_sequence = 16"],
      ["update SCHEMA.journal_frame set epoch = 2"],
      ["truncate SCHEMA.journal_frame"],
      ["delete from SCHEMA.journal_head"],
      ["truncate SCHEMA.journal_head"],
      ["update SCHEMA.journal_head set sequence = sequence - 5"],
      ["update SCHEMA.journal_head set epoch = epoch - 1"],
    ])("%s is refused by the database", async (statement) => {
      const schema = await filled();
      await expect(sql.raw(statement.replace("SCHEMA", schema)).execute(db)).rejects.toThrow(
        /only grows/,
      );
      expect((await framesOf(readPostgresJournal({ db, schema }))).length).toBe(4);
    });

    test.each([
      [
        "a byte of a frame",
        "set frame = set_byte(frame, 100, get_byte(frame, 100) # 1) where first_sequence = 6",
        /first_sequence 6 at byte 0: wrong CRC/,
      ],
      [
        "a frame for another, whole one",
        "set frame = (select frame from SCHEMA.journal_frame where first_sequence = 1) where first_sequence = 6",
        /first_sequence 6 at byte 0: sequence 1 follows 5/,
      ],
      ["a row's number", "set last_sequence = 11 where first_sequence = 6", /numbers are not/],
    ])("%s that was changed is found by the reader, and where", async (_, change, finding) => {
      const schema = await filled();
      await tamper(schema, `update ${schema}.journal_frame ${change.replaceAll("SCHEMA", schema)}`);
      const reader = readPostgresJournal({ db, schema });
      await expect(framesOf(reader)).rejects.toEqual(damaged(finding));
      expect((await framesOf(reader, 16)).length).toBe(1);
    });

    test.each([
      [1, 1, /sequence 6 follows 0/],
      [1, 2, /sequence 6 follows 0/],
      [6, 12, /sequence 11 follows 5/],
      [16, 1, /end with sequence 15, and the head is 20/],
    ])("frame %i that was removed is missed by a reader from %i", async (first, from, finding) => {
      const schema = await filled();
      await tamper(schema, `delete from ${schema}.journal_frame where first_sequence = ${first}`);
      const reading = framesOf(readPostgresJournal({ db, schema }), from);
      await expect(reading).rejects.toEqual(damaged(finding));
    });

    test.each([
      ["delete from SCHEMA.journal_frame where first_sequence = 16", /the head is 20/],
      [
        "update SCHEMA.journal_frame set frame = set_byte(frame, 90, 255) where first_sequence = 16",
        /first_sequence 16 at byte 0: wrong CRC/,
      ],
      ["update SCHEMA.journal_head set hash = sha256('')", /hash is not the head's/],
    ])("after %s it is not opened, and nothing is changed", async (statement, finding) => {
      const schema = await filled();
      await tamper(schema, statement.replace("SCHEMA", schema));
      await expect(openPostgresJournal({ db, schema })).rejects.toEqual(damaged(finding));
      expect((await readPostgresJournal({ db, schema }).head()).epoch).toBe(1);
    });
  });

  test("a reader leaves the writer alone, and sees what it appends", async () => {
    const schema = await newSchema();
    const journal = await openPostgresJournal({ db, schema });
    const reader = readPostgresJournal({ db, schema });
    await journal.append(frame(1, 1, 3));
    expect((await reader.head()).sequence).toBe(3);
    await journal.append(frame(1, 4, 3));
    expect((await framesOf(reader, 4)).map(({ firstSequence }) => firstSequence)).toEqual([4]);
    await journal.close();
  });

  test("a page is a few large frames or a thousand small ones, whatever the journal's length", async () => {
    const schema = await newSchema();
    const journal = await openPostgresJournal({ db, schema });
    const payload = Uint8Array.from({ length: 1 << 20 }, (_, at) => at * 31);
    for (let sequence = 1; sequence <= 10; sequence += 1) {
      await journal.append({ epoch: 1, firstSequence: sequence, count: 1, payload });
    }
    const tables = new JournalTables<unknown>(schema);
    const pageFrom = async (from: number) =>
      (await tables.page(db, from, 10)).map(({ firstSequence }) => firstSequence);
    expect(await pageFrom(1)).toEqual([1, 2, 3, 4]);
    expect(await pageFrom(9)).toEqual([9, 10]);
    expect((await framesOf(journal)).length).toBe(10);
    await journal.close();
    await sql
      .raw(
        `insert into ${schema}.journal_frame select n, n, 1, 'small' from generate_series(11, 2000) as n`,
      )
      .execute(db);
    expect((await tables.page(db, 11, 2_000)).length).toBe(1_024);
  });

  test.each([
    ["off", "on"],
    ["local", "on"],
    ["remote_write", "on"],
    ["on", "on"],
    ["remote_apply", "remote_apply"],
  ])("where synchronous_commit is %s, an append commits with %s", async (setting, with_) => {
    const schema = await newSchema();
    const pool = connectedWith(`-c synchronous_commit=${setting}`);
    const connected = new Kysely<unknown>({ dialect: postgresDialect(pool) });
    onTestFinished(() => connected.destroy());
    // What is in force at the end of the statement is what its commit waits for.
    await sql
      .raw(`create function ${schema}.note() returns trigger language plpgsql as $$ begin
        perform set_config('pincex.seen', current_setting('synchronous_commit'), false);
        return null; end $$`)
      .execute(db);
    await sql
      .raw(`create constraint trigger seen after insert on ${schema}.journal_frame
        deferrable initially deferred for each row execute function ${schema}.note()`)
      .execute(db);
    const journal = await openPostgresJournal({ db: connected, schema });
    await journal.append(frame(1, 1));
    const { rows } = await sql`select current_setting('pincex.seen') as seen`.execute(connected);
    expect(rows).toEqual([{ seen: with_ }]);
    await journal.close();
  });

  test("a role that may only add can write a journal, and undo nothing", async () => {
    const schema = await newSchema();
    const role = `pincex_writer_${process.pid}`;
    for (const statement of [
      `create role ${role} nologin`,
      `grant usage on schema ${schema} to ${role}`,
      `grant select, insert on ${schema}.journal_frame, ${schema}.journal_skipped to ${role}`,
      `grant select, update on ${schema}.journal_head to ${role}`,
    ]) {
      await sql.raw(statement).execute(db);
    }
    const limited = new Kysely<unknown>({
      dialect: postgresDialect(connectedWith(`-c role=${role}`)),
    });
    try {
      const journal = await openPostgresJournal({ db: limited, schema });
      await journal.append(frame(1, 1, 2));
      await journal.skip({ sequence: 2, at: 1, reason: "" });
      expect((await framesOf(journal)).length).toBe(1);
      for (const attempt of [
        `delete from ${schema}.journal_frame`,
        `truncate ${schema}.journal_frame`,
        `alter table ${schema}.journal_frame disable trigger user`,
        `drop table ${schema}.journal_frame`,
      ]) {
        await expect(sql.raw(attempt).execute(limited)).rejects.toThrow(
          /permission denied|must be owner/,
        );
      }
      await journal.close();
    } finally {
      await limited.destroy();
      await sql.raw(`drop owned by ${role}; drop role ${role}`).execute(db);
    }
  });

  test("a host's own migration tool can make the tables", async () => {
    const schema = "by_hand";
    await sql.raw(`create schema ${schema}`).execute(db);
    await sql.raw(journalMigrationSql({ schema })).execute(db);
    expect(await migrateJournal(db, { schema })).toEqual([]);
    expect(journalMigrationSql({ schema, after: 1 })).toBe("");
    const journal = await openPostgresJournal({ db, schema });
    await journal.append(frame(1, 1));
    await journal.close();
  });

  test("a database that a newer release has migrated is refused", async () => {
    const schema = await newSchema();
    await sql.raw(`insert into ${schema}.journal_migration values (99, 'the future')`).execute(db);
    await expect(migrateJournal(db, { schema })).rejects.toThrow(/was 99/);
  });

  test.each([["Pincex"], ["a-b"], ["1st"], [""]])("%j is no schema", async (schema) => {
    await expect(openPostgresJournal({ db, schema })).rejects.toThrow(/schema's name/);
  });
}

const connectedWith = (options: string): Pool => {
  const { pool } = database;
  const Made = pool.constructor as new (config: object) => Pool;
  return new Made({ ...pool.options, max: 1, options });
};
