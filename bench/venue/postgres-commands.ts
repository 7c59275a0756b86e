import { postgresDialect } from "@pincex/ledger/sql";
import { migrateJournal, openPostgresJournal } from "@pincex/venue/postgres";
import { Kysely } from "kysely";
import { Pool } from "pg";
import type { BenchOptions, Print } from "../figure.ts";
import { closedLoop, type LoopRun, loopNote } from "./closed-loop.ts";
import { MIXES, type Mix, median } from "./core.ts";
import { freshDatabase } from "./fresh-database.ts";

interface Run extends LoopRun {
  /** The same frames by bare inserts, one after the other. */
  readonly bareCommandsPerSecond: number;
}

/**
 * Commands a second through the whole venue with its journal in PostgreSQL: many clients in this process, each of whom sends its
 * next command when the last was acknowledged. Beside it, in the same run and database, a bare loop that inserts rows of
 * the same bytes, each with its own commit: no head, no fence, no hash.
 */
export const postgresCommands = async (print: Print, { short }: BenchOptions): Promise<void> => {
  const count = short ? 100_000 : 400_000;
  const [mix] = MIXES;
  if (mix === undefined) throw new RangeError("expected a mix of commands");
  const database = await freshDatabase();
  const { url } = database;
  // PGlite never waits for a disk.
  if (url === undefined) return;
  const runs: Run[] = [];
  try {
    // Compiled code is what a venue runs on after its first seconds.
    await measured(url, mix, count / 4);
    for (let round = 0; round < (short ? 1 : 3); round += 1) {
      runs.push(await measured(url, mix, count));
    }
  } finally {
    await database.drop();
  }
  const ours = median(runs.map((run) => run.commandsPerSecond));
  const theirs = median(runs.map((run) => run.bareCommandsPerSecond));
  print({
    bench: "venue/postgres-commands",
    ours: Math.round(ours),
    unit: "commands/s",
    peer: "bare INSERT loop",
    theirs: Math.round(theirs),
    ratio: Math.round((ours / theirs) * 100) / 100,
    note: `${loopNote(runs, mix, count)}; the loop inserts rows of the same bytes, with a commit each, and does nothing else; the server on the same cores; median of ${runs.length}`,
  });
};

const SCHEMA = "bench_journal";

const measured = async (connectionString: string, mix: Mix, count: number): Promise<Run> => {
  const pool = new Pool({ connectionString, max: 2 });
  const db = new Kysely<unknown>({ dialect: postgresDialect(pool) });
  try {
    await pool.query(`drop schema if exists ${SCHEMA} cascade`);
    await migrateJournal(db, { schema: SCHEMA });
    const run = await closedLoop(await openPostgresJournal({ db, schema: SCHEMA }), mix, count);
    const bareSeconds = await bareInserts(pool, run.frameBytes);
    return { ...run, bareCommandsPerSecond: count / bareSeconds };
  } finally {
    await db.destroy();
  }
};

/** Seconds for inserting so many rows of so many bytes, each in a transaction of its own, by a prepared statement. */
const bareInserts = async (pool: Pool, frameBytes: readonly number[]): Promise<number> => {
  const client = await pool.connect();
  try {
    await client.query(`create table ${SCHEMA}.bare (number int8 primary key, frame bytea)`);
    await client.query(`alter table ${SCHEMA}.bare alter column frame set storage external`);
    const bytes = Buffer.alloc(Math.max(...frameBytes), 0x5a);
    const text = `insert into ${SCHEMA}.bare (number, frame) values ($1::int8, $2::bytea)`;
    const began = performance.now();
    for (const [number, length] of frameBytes.entries()) {
      await client.query({ name: "bare", text, values: [number, bytes.subarray(0, length)] });
    }
    return (performance.now() - began) / 1_000;
  } finally {
    client.release();
  }
};
