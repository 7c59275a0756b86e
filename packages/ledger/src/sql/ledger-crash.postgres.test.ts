import { spawn } from "node:child_process";
import { join } from "node:path";
import { Kysely, sql } from "kysely";
import { Pool } from "pg";
import { expect, onTestFinished, test } from "vitest";
import { OwnPostgres, postgresPrograms } from "../../../../testing/own-postgres.ts";
import { LedgerStore, migrate, postgresDialect, StoreFailure, verifyLedger } from "./index.ts";
import { checkLedger } from "./testing/check-ledger.ts";
import { fundCustomers, makePayments, pay } from "./testing/ledger-traffic.ts";

/** 3 in the suite; more by `npm run test:crash:ledger`. */
const ROUNDS = Number(process.env["PINCEX_CRASH_ROUNDS"] ?? 3);
const timeout = 90_000 + ROUNDS * 30_000;
const SCHEMA = "crash";

const programs = postgresPrograms();
if (programs === undefined && process.env["PINCEX_REQUIRE_SERVERS"] === "1") {
  throw new Error("expected PostgreSQL's initdb in /usr/lib/postgresql");
}

/** The entry of every payment that there is, by the payment's number. Throws if one is there twice. */
const paymentsIn = async (db: Kysely<unknown>): Promise<Map<number, number>> => {
  await checkLedger(db, SCHEMA);
  expect(await verifyLedger(db, { schema: SCHEMA })).toMatchObject({ ok: true });
  const { rows } = await sql<{ key: string; number: number }>`
    select key, number::int4 from ${sql.table(`${SCHEMA}.entry`)} where key is not null`.execute(
    db,
  );
  return new Map(rows.map(({ key, number }) => [Number(key.split(" ")[1]), number]));
};

const expectAcknowledged = (
  payments: ReadonlyMap<number, number>,
  acknowledged: ReadonlyMap<number, number>,
): void => {
  const lost = [...acknowledged].filter(([n, entry]) => payments.get(n) !== entry);
  expect(lost).toEqual([]);
};

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

if (programs === undefined) {
  test.skip("a ledger in PostgreSQL that is killed: skipped, no server's programs are here", () => {});
} else {
  const start = async () => {
    const server = await OwnPostgres.create(programs);
    onTestFinished(() => server.remove());
    const pool = new Pool({ connectionString: server.connectionString });
    onTestFinished(() => pool.end());
    const db = new Kysely<unknown>({ dialect: postgresDialect(pool) });
    await migrate(db, { schema: SCHEMA });
    const store = new LedgerStore(db, { schema: SCHEMA });
    await fundCustomers(store);
    return { server, db, store };
  };

  test(`a writer that is killed ${ROUNDS} times in the middle of batches: what it acknowledged is there, once`, {
    timeout,
  }, async () => {
    const { server, db, store } = await start();
    const acknowledged = new Map<number, number>();
    let from = 1;
    for (let round = 1; round <= ROUNDS; round++) {
      const child = spawn(
        process.execPath,
        [
          "--import",
          "tsx",
          "--conditions=@pincex/source",
          join(import.meta.dirname, "testing/ledger-writer-child.ts"),
          server.connectionString,
          SCHEMA,
          `${from}`,
        ],
        { stdio: ["ignore", "pipe", "inherit"] },
      );
      const gone = new Promise((resolve) => child.once("close", resolve));
      onTestFinished(() => void child.kill("SIGKILL"));
      let said = "";
      child.stdout.on("data", (chunk: Buffer) => {
        said += chunk.toString();
      });
      while (!said.includes("\n") && child.exitCode === null) await pause(5);
      await pause(100 + Math.random() * 700);
      child.kill("SIGKILL");
      await gone;
      for (const line of said.split("\n").slice(0, -1)) {
        const [n = 0, entry = 0] = line.split(" ").map(Number);
        expect(entry).toBeGreaterThan(0);
        acknowledged.set(n, entry);
      }
      const payments = await paymentsIn(db);
      expectAcknowledged(payments, acknowledged);
      // Whoever wasn't answered asks again, and is answered with what happened or makes it happen.
      const last = Math.max(...payments.keys(), ...acknowledged.keys());
      for (let n = from; n <= last + 48; n++) {
        const again = await pay(store, n);
        if (!again.ok) throw new Error(again.code);
        expect(again.repeated).toBe(payments.has(n));
        acknowledged.set(n, again.entry.number);
      }
      from = last + 49;
    }
    expectAcknowledged(await paymentsIn(db), acknowledged);
    expect(acknowledged.size).toBeGreaterThan(ROUNDS * 48);
  });

  test(`a server that is killed ${ROUNDS} times in the middle of batches: what was acknowledged is there, once`, {
    timeout,
  }, async () => {
    const { server, db, store } = await start();
    const acknowledged = new Map<number, number>();
    const unanswered = new Set<number>();
    let isOver = false;
    const failures = new Set<unknown>();
    const payAndNote = async (n: number): Promise<void> => {
      try {
        const paid = await pay(store, n);
        if (!paid.ok) throw new Error(paid.code);
        acknowledged.set(n, paid.entry.number);
      } catch (error) {
        unanswered.add(n);
        failures.add(error instanceof StoreFailure ? error.code : error);
      }
    };
    const traffic = makePayments(1, payAndNote, () => isOver);
    for (let round = 1; round <= ROUNDS; round++) {
      const before = acknowledged.size;
      while (acknowledged.size < before + 100) await pause(5);
      await pause(Math.random() * 300);
      await server.kill();
      await server.start();
    }
    const before = acknowledged.size;
    while (acknowledged.size < before + 100) await pause(5);
    isOver = true;
    await traffic;
    // A second that the server takes to come back is shorter than the store's patience; if it wasn't, it says so.
    expect(
      [...failures].filter((one) => one !== "unavailable" && one !== "outcome_unknown"),
    ).toEqual([]);
    expectAcknowledged(await paymentsIn(db), acknowledged);
    for (const n of unanswered) {
      const again = await pay(store, n);
      if (!again.ok) throw new Error(again.code);
      acknowledged.set(n, again.entry.number);
    }
    const payments = await paymentsIn(db);
    expectAcknowledged(payments, acknowledged);
    expect(payments.size).toBe(acknowledged.size);
  });
}
