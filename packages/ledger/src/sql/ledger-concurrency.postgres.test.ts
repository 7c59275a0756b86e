import { Kysely, sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { EntryRequest } from "../entry.ts";
import { LedgerStore, migrate, postgresDialect, StoreFailure, verifyLedger } from "./index.ts";
import { checkLedger } from "./testing/check-ledger.ts";
import { createDatabase, missingServer, type TestDatabase } from "./testing/postgres-server.ts";

const missing = await missingServer();

const transfer = (from: number, to: number, amount: bigint, rest = {}): EntryRequest => ({
  kind: "transfer",
  at: 0,
  postings: [
    { account: from, amount: -amount },
    { account: to, amount },
  ],
  ...rest,
});

/** The same numbers each time, so that a failure comes again. */
const randomOf = (seed: number): ((below: number) => number) => {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};

if (missing === undefined) {
  let database: TestDatabase;
  const stores: Kysely<unknown>[] = [];
  let schema = "";
  let schemas = 0;

  const connect = (): Kysely<unknown> => {
    const db = new Kysely<unknown>({ dialect: postgresDialect(database.connect()) });
    stores.push(db);
    return db;
  };
  let db: Kysely<unknown>;
  beforeAll(async () => {
    database = await createDatabase();
    db = connect();
  });
  afterAll(async () => {
    await database.drop();
  });

  /** Accounts 2 to 5 are customers', with 1,000 each from the wallet, account 1. */
  beforeEach(async () => {
    schemas += 1;
    schema = `crowd_${schemas}`;
    await migrate(db, { schema });
    const store = new LedgerStore(db, { schema });
    await store.openAccount({ owner: "hot", asset: 1, kind: "custody" });
    for (const owner of ["alice", "bob", "carol", "dora"]) {
      await store.openAccount({ owner, asset: 1, kind: "customer" });
    }
    await store.postLinked([2, 3, 4, 5].map((account) => transfer(1, account, 1_000n)));
  });

  test("many clients on the same few accounts leave totals that hold, and no failure escapes", {
    timeout: 120_000,
  }, async () => {
    const clients = [1, 2, 3].map(() => new LedgerStore(connect(), { schema }));
    const codes = new Set<string>();
    const act = async (store: LedgerStore<unknown>, caller: number): Promise<void> => {
      const random = randomOf(caller);
      for (let turn = 0; turn < 25; turn++) {
        const [from, to] = [2 + random(4), 2 + random(4)];
        const amount = BigInt(1 + random(400));
        // Ids are shared by callers, so that some find theirs taken.
        const id = 1 + random(60);
        const capture = { captures: [{ hold: id, amount }] };
        const calls = [
          () => store.post(transfer(from, to, amount, { key: `${random(4_000)}` })),
          () => store.postLinked([transfer(from, to, amount), transfer(to, from, amount - 1n)]),
          () => store.hold({ id, account: from, amount, kind: "order", expiresAt: 1 + random(9) }),
          () => store.post(transfer(from, to, amount, capture)),
          () => store.release(id),
          () => store.setStatus(to, random(3) === 0 ? "frozen" : "open"),
          () => store.openAccount({ owner: `new ${random(50)}`, asset: 1, kind: "customer" }),
        ];
        if (random(40) === 0) await store.expireHolds(random(10));
        const answer = await (calls[random(calls.length)] as (typeof calls)[0])();
        codes.add(answer.ok ? "ok" : answer.code);
      }
    };
    await Promise.all(
      clients.flatMap((store, client) =>
        Array.from({ length: 20 }, (_, caller) => act(store, 100 * client + caller + 1)),
      ),
    );
    // What is asked for at once is also refused at once, for the rules of the books and nothing else.
    expect([...codes]).toEqual(
      expect.arrayContaining(["ok", "balance_below_floor", "hold_already_open", "hold_unknown"]),
    );
    const { entries } = await checkLedger(db, schema);
    expect(await verifyLedger(db, { schema })).toMatchObject({ ok: true, entries });
    expect(await verifyLedger(db, { schema })).toMatchObject({ ok: true });
    expect(entries).toBeGreaterThan(100);
  });

  test("a batch that waits in a circle with the host's transaction is tried again", async () => {
    const store = new LedgerStore(db, { schema });
    let batch: Promise<unknown> | undefined;
    await db.transaction().execute(async (transaction) => {
      const hosts = store.in(transaction);
      await hosts.hold({ id: 1, account: 3, amount: 1n, kind: "order" });
      // It takes account 2 and waits for account 3, longer than the host's will wait for account 2.
      batch = Promise.all(
        [2, 3].map((account) =>
          store.hold({ id: 10 + account, account, amount: 1n, kind: "order" }),
        ),
      );
      await new Promise((resolve) => setTimeout(resolve, 300));
      await hosts.hold({ id: 2, account: 2, amount: 1n, kind: "order" });
    });
    expect(await batch).toEqual([{ ok: true }, { ok: true }]);
    expect((await store.balancesOf([2, 3])).map(({ held }) => held)).toEqual([2n, 2n]);
    await checkLedger(db, schema);
    expect(await verifyLedger(db, { schema })).toMatchObject({ ok: true });
  });

  test("transactions of the host's that wait in a circle: one is told that it is a deadlock", async () => {
    const store = new LedgerStore(db, { schema });
    let reached = 0;
    const crossing = (first: number, second: number): Promise<unknown> =>
      db.transaction().execute(async (transaction) => {
        const calls = store.in(transaction);
        await calls.hold({ id: first, account: first, amount: 1n, kind: "order" });
        reached += 1;
        while (reached < 2) await new Promise((resolve) => setTimeout(resolve, 5));
        await calls.hold({ id: 10 + second, account: second, amount: 1n, kind: "order" });
      });
    const settled = await Promise.allSettled([crossing(2, 3), crossing(3, 2)]);
    const failed = settled.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
    expect(failed).toHaveLength(1);
    expect(failed[0]).toBeInstanceOf(StoreFailure);
    expect(failed[0]).toMatchObject({ code: "deadlock", cause: { code: "40P01" } });
    await checkLedger(db, schema);
    expect(await verifyLedger(db, { schema })).toMatchObject({ ok: true });
  });

  test("a stricter transaction of the host's is told that others were faster", async () => {
    const store = new LedgerStore(db, { schema });
    const strict = (meanwhile: () => Promise<unknown>): Promise<unknown> =>
      db
        .transaction()
        .setIsolationLevel("repeatable read")
        .execute(async (transaction) => {
          expect(await store.in(transaction).balance(2)).toMatchObject({ balance: 1_000n });
          await meanwhile();
          return store.in(transaction).hold({ id: 1, account: 2, amount: 1_000n, kind: "order" });
        });
    const faster = [
      () => store.post(transfer(2, 3, 1n)),
      () => store.setStatus(2, "frozen"),
      () => store.hold({ id: 9, account: 2, amount: 1n, kind: "dispute" }),
    ];
    for (const meanwhile of faster) {
      await expect(strict(meanwhile)).rejects.toMatchObject({ code: "serialization_failure" });
      await store.setStatus(2, "open");
      await store.release(9);
      await store.post(transfer(3, 2, 1n)).then(async () => {
        const { balance } = await store.balance(2);
        if (balance > 1_000n) await store.post(transfer(2, 3, balance - 1_000n));
      });
    }
    await checkLedger(db, schema);
    expect(await verifyLedger(db, { schema })).toMatchObject({ ok: true });
  });

  test("an account that is frozen while others wait for it pays nothing any more", async () => {
    const store = new LedgerStore(db, { schema });
    let paid: Promise<unknown> | undefined;
    await db.transaction().execute(async (transaction) => {
      await store.in(transaction).setStatus(2, "frozen");
      paid = store.post(transfer(2, 3, 1n));
      await new Promise((resolve) => setTimeout(resolve, 300));
    });
    expect(await paid).toMatchObject({ ok: false, code: "account_frozen" });
    expect(await sql`select 1 as one`.execute(db)).toMatchObject({ rows: [{ one: 1 }] });
  });
} else {
  test.skip(`many clients on PostgreSQL: skipped, ${missing}`, () => {});
}
