import * as fc from "fast-check";
import { CamelCasePlugin, type Dialect, Kysely, sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { InvariantViolation } from "../../invariant.ts";
import { type LedgerStep, ledgerFlow, OPENED } from "../../testing/ledger-flow.ts";
import {
  LedgerProjection,
  migrate,
  type ProjectionBatch,
  ProjectionConflict,
  readBalances,
  readTrialBalance,
  verifyLedger,
} from "../index.ts";
import { MIGRATIONS } from "../migrations.ts";
import { breakingAt, losingCommit } from "./broken-dialect.ts";
import { createFirstRelease } from "./first-release.ts";
import { ProjectedBooks } from "./scripted-flow.ts";

/** A database to test on. Every test takes a schema of its own in it. */
export interface SuiteDatabase {
  /** A new one for each Kysely that a test needs. Destroying the Kysely must leave the database as it is. */
  readonly dialect: () => Dialect;
  readonly close: () => Promise<void>;
}

const opened: LedgerStep[] = OPENED.map((opening) => ({ step: "open", opening }));

const transfer = (from: number, to: number, amount: bigint, key = ""): LedgerStep => ({
  step: "post",
  entry: {
    kind: "transfer",
    at: 1_700_000_000_123,
    key,
    memo: 'quotes " and \\ and {braces}, NULL, äöü 🪙',
    postings: [
      { account: from, amount: -amount },
      { account: to, amount },
    ],
  },
});

/** Accounts 1 and 2 are custody, 3 and 4 alice's, 5 and 6 bob's. */
const firstBatch = (): [ProjectedBooks, ProjectionBatch] => {
  const projected = new ProjectedBooks();
  for (const step of opened) projected.take(step);
  projected.take(transfer(1, 3, 1_000n));
  projected.take(transfer(2, 6, 2n ** 126n, "deposit-1"));
  projected.take({ step: "hold", hold: { id: 1, account: 3, amount: 400n, kind: "order" } });
  return [projected, projected.batch()];
};

/** The same tests for every database that the ledger speaks to. */
export const describeProjection = (name: string, connect: () => Promise<SuiteDatabase>): void => {
  describe(`the books' copy in ${name}`, () => {
    let database: SuiteDatabase;
    let db: Kysely<unknown>;
    let schema = "";
    let schemas = 0;

    beforeAll(async () => {
      database = await connect();
      db = new Kysely({ dialect: database.dialect() });
    });
    afterAll(async () => {
      await database?.close();
    });
    beforeEach(async () => {
      schemas += 1;
      schema = `books_${schemas}`;
      await migrate(db, { schema });
    });

    const projection = () => new LedgerProjection(db, { schema });
    const count = async (table: string): Promise<number> => {
      const { rows } = await sql<{ count: number }>`
        select count(*)::int4 as count from ${sql.table(`${schema}.${table}`)}`.execute(db);
      return rows[0]?.count ?? 0;
    };
    const contents = async (): Promise<unknown[]> => [
      await projection().position(),
      await count("entry"),
      await count("posting"),
      await readBalances(db, { schema }),
    ];
    const expectSame = async ({ books }: ProjectedBooks): Promise<void> => {
      const balances = await readBalances(db, { schema });
      expect(balances.map(({ sequence: _, ...row }) => row)).toEqual(
        [...books.accounts()].map((account) => ({
          ...account,
          balance: books.balance(account.account),
          held: books.held(account.account),
        })),
      );
      for (const sum of (await readTrialBalance(db, { schema })).values()) expect(sum).toBe(0n);
      expect(await verifyLedger(db, { schema })).toMatchObject({ ok: true });
      expect(await count("entry")).toBe(books.nextEntry - 1);
    };

    test("begins at position 0 and equals the books after a batch", async () => {
      const [projected, batch] = firstBatch();
      expect(await projection().position()).toBe(0);
      await projection().apply(batch);
      expect(await projection().position()).toBe(batch.to);
      await expectSame(projected);
    });

    test("keeps an entry as it was", async () => {
      const [, batch] = firstBatch();
      await projection().apply(batch);
      const { rows } = await sql`
        select e.number::int4, e.sequence::int4, e.kind, e.key, e.memo, e.corrects,
          (extract(epoch from e.at) * 1000)::int8::text as at,
          p.index, p.account::int4, p.amount::text, p.balance_after::text
        from ${sql.table(`${schema}.entry`)} as e
        join ${sql.table(`${schema}.posting`)} as p on p.entry = e.number
        where e.number = 2 order by p.index`.execute(db);
      const entry = {
        number: 2,
        sequence: OPENED.length + 2,
        kind: "transfer",
        key: "deposit-1",
        memo: 'quotes " and \\ and {braces}, NULL, äöü 🪙',
        corrects: null,
        at: "1700000000123",
      };
      const huge = String(2n ** 126n);
      expect(rows).toEqual([
        { ...entry, index: 0, account: 2, amount: `-${huge}`, balance_after: `-${huge}` },
        { ...entry, index: 1, account: 6, amount: huge, balance_after: huge },
      ]);
    });

    test("refuses a batch that was applied, and takes the next one", async () => {
      const [projected, batch] = firstBatch();
      await projection().apply(batch);
      const before = await contents();
      await expect(projection().apply(batch)).rejects.toThrow(ProjectionConflict);
      expect(await contents()).toEqual(before);

      projected.take(transfer(3, 5, 600n));
      projected.take({ step: "release", id: 1 });
      await projection().apply(projected.batch());
      await expectSame(projected);
    });

    test("refuses a batch that leaves some out", async () => {
      const [projected, first] = firstBatch();
      projected.take(transfer(3, 5, 1n));
      const second = projected.batch();
      await expect(projection().apply(second)).rejects.toThrow(ProjectionConflict);
      expect(await projection().position()).toBe(0);
      await projection().apply(first);
      await projection().apply(second);
      await expectSame(projected);
    });

    test("takes a batch once when two writers send it at the same time", async () => {
      const [projected, batch] = firstBatch();
      const other = new Kysely<unknown>({ dialect: database.dialect() });
      const outcomes = await Promise.allSettled([
        projection().apply(batch),
        new LedgerProjection(other, { schema }).apply(batch),
      ]);
      expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      const [failure] = outcomes.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
      expect(failure).toBeInstanceOf(ProjectionConflict);
      await expectSame(projected);
    });

    test("holds nothing of a batch that broke off at any of its statements", async () => {
      const [projected, first] = firstBatch();
      await projection().apply(first);
      projected.take({
        step: "open",
        opening: { owner: "carol", asset: 1, kind: "customer" },
      });
      projected.take(transfer(3, 11, 50n));
      const batch = { ...projected.batch(), assets: [{ number: 9, code: "XYZ", decimals: 0 }] };
      const before = await contents();

      let statements = 0;
      for (; statements < 50; statements++) {
        const broken = new Kysely<unknown>({ dialect: breakingAt(database.dialect(), statements) });
        const outcome = await new LedgerProjection(broken, { schema }).apply(batch).then(
          () => "applied",
          (error: Error) => error.message,
        );
        if (outcome === "applied") break;
        expect(outcome).toBe("the connection broke");
        expect(await contents()).toEqual(before);
      }
      // what the driver knows, begin, watermark, asset, last account's seal, account, balance, entry, posting, balances, commit
      expect(statements).toBe(11);
      await expectSame(projected);
    });

    test("is found out to be applied when the answer to its commit was lost", async () => {
      const [projected, batch] = firstBatch();
      const lossy = new Kysely<unknown>({ dialect: losingCommit(database.dialect()) });
      await expect(new LedgerProjection(lossy, { schema }).apply(batch)).rejects.toThrow(
        "was lost",
      );
      expect(await projection().position()).toBe(batch.to);
      await expect(projection().apply(batch)).rejects.toThrow(ProjectionConflict);
      await expectSame(projected);
    });

    test("refuses entries that build on other balances than it has", async () => {
      const [projected, first] = firstBatch();
      await projection().apply(first);
      await sql`
        update ${sql.table(`${schema}.balance`)} set amount = amount + 1 where account = 3`.execute(
        db,
      );
      const before = await contents();
      projected.take(transfer(3, 5, 1n));
      await expect(projection().apply(projected.batch())).rejects.toThrow(InvariantViolation);
      expect(await contents()).toEqual(before);
    });

    test("never changes an entry or a posting", async () => {
      const [, batch] = firstBatch();
      await projection().apply(batch);
      const before = await contents();
      for (const table of ["entry", "posting"]) {
        const name = sql.table(`${schema}.${table}`);
        const refusal = new RegExp(`${schema}.${table} is append-only`);
        const column = sql.ref(table === "entry" ? "kind" : "amount");
        await expect(sql`update ${name} set ${column} = ${column}`.execute(db)).rejects.toThrow(
          refusal,
        );
        await expect(sql`delete from ${name}`.execute(db)).rejects.toThrow(refusal);
        await expect(sql`truncate ${name}`.execute(db)).rejects.toThrow(refusal);
      }
      expect(await contents()).toEqual(before);
    });

    test("keeps projections of different names apart", async () => {
      const [, batch] = firstBatch();
      await projection().apply(batch);
      const other = new LedgerProjection(db, { schema, name: "other" });
      expect(await other.position()).toBe(0);
      expect(await projection().position()).toBe(batch.to);
    });

    test("doesn't mind the plugins of the host's Kysely", async () => {
      const [projected, batch] = firstBatch();
      const plugins = [new CamelCasePlugin()];
      const hosts = new Kysely<{ unrelated: { id: number } }>({
        dialect: database.dialect(),
        plugins,
      });
      await migrate(hosts, { schema });
      await new LedgerProjection(hosts, { schema }).apply(batch);
      await expectSame(projected);
      expect(await readBalances(hosts, { schema })).toEqual(await readBalances(db, { schema }));
    });

    test("refuses a batch that doesn't move forward or has entries from elsewhere", async () => {
      const [, batch] = firstBatch();
      await expect(projection().apply({ ...batch, to: 0 })).rejects.toThrow(RangeError);
      await expect(projection().apply({ ...batch, to: 1 })).rejects.toThrow(RangeError);
    });

    test("refuses the batches after one that failed, and goes on from where it stands", async () => {
      const [projected, first] = firstBatch();
      const target = projection();
      projected.take(transfer(1, 3, 1n));
      const second = projected.batch();
      projected.take(transfer(1, 3, 2n));
      const third = projected.batch();
      const [one] = second.entries;
      if (one === undefined) throw new Error("a transfer is an entry");
      const broken = { ...second, entries: [{ ...one, entry: { ...one.entry, at: 0.5 } }] };
      const outcomes = await Promise.allSettled(
        [first, broken, third].map((batch) => target.apply(batch)),
      );
      expect(outcomes).toMatchObject([
        { status: "fulfilled" },
        { reason: expect.any(RangeError) },
        { reason: expect.any(ProjectionConflict) },
      ]);
      expect(await target.position()).toBe(first.to);
      await Promise.all([target.apply(second), target.apply(third)]);
      await expectSame(projected);
    });

    test("equals the books after any flow, cut into batches anywhere", async () => {
      let flows = 0;
      await fc.assert(
        fc.asyncProperty(
          ledgerFlow,
          fc.array(fc.boolean(), { minLength: 60 }),
          fc.boolean(),
          async (flow, cuts, isWaiting) => {
            flows += 1;
            const flowSchema = `${schema}_flow_${flows}`;
            await migrate(db, { schema: flowSchema });
            const target = new LedgerProjection(db, { schema: flowSchema });
            const projected = new ProjectedBooks();
            const batches = flow.flatMap((step, index) => {
              projected.take(step);
              return cuts[index] === true || index === flow.length - 1 ? [projected.batch()] : [];
            });
            if (!isWaiting) await Promise.all(batches.map((batch) => target.apply(batch)));
            else for (const batch of batches) await target.apply(batch);
            const outer = schema;
            schema = flowSchema;
            try {
              await expectSame(projected);
            } finally {
              schema = outer;
            }
          },
        ),
        { numRuns: 8, endOnFailure: true },
      );
    });
  });

  describe(`the schema in ${name}`, () => {
    let database: SuiteDatabase;
    let db: Kysely<unknown>;

    beforeAll(async () => {
      database = await connect();
      db = new Kysely({ dialect: database.dialect() });
    });
    afterAll(async () => {
      await database?.close();
    });

    test("is applied once, whoever asks how often", async () => {
      const other = new Kysely<unknown>({ dialect: database.dialect() });
      const applied = await Promise.all([migrate(db), migrate(other), migrate(db)]);
      expect(applied.flat()).toEqual(MIGRATIONS.map(({ version }) => version));
      expect(await migrate(db)).toEqual([]);
    });

    test("doesn't depend on the search path, and leaves other schemas alone", async () => {
      await sql`create schema elsewhere`.execute(db);
      await sql`create table elsewhere.account (unrelated int4)`.execute(db);
      await migrate(db, { schema: "elsewhere_books" });
      const { rows } = await sql`
        select table_name from information_schema.tables
        where table_schema in ('public', 'elsewhere') order by 1`.execute(db);
      expect(rows).toEqual([{ table_name: "account" }]);
    });

    test("of the first release is brought up to date with what is in it, and stays append-only", async () => {
      await createFirstRelease(db, "older");
      const statements = [
        "insert into older.asset values (1, 'USD', 2)",
        `insert into older.account values
          (1, 'hot', 1, 'custody'), (2, 'alice', 1, 'customer'), (3, 'venue', 1, 'house')`,
        "insert into older.entry values (1, 1, 'deposit', '2026-01-01Z')",
      ];
      for (const statement of statements) await sql.raw(statement).execute(db);
      expect(await migrate(db, { schema: "older" })).toEqual(
        MIGRATIONS.slice(1).map(({ version }) => version),
      );
      const accounts = await sql`
        select owner, sub, place, bound, status from older.account order by number`.execute(db);
      const plain = { sub: "", place: "", status: "open" };
      expect(accounts.rows).toEqual([
        { owner: "hot", ...plain, bound: "never_above_zero" },
        { owner: "alice", ...plain, bound: "never_below_zero" },
        { owner: "venue", ...plain, bound: "none" },
      ]);
      const booked = await sql`select 1 from older.entry where booked_at = at`.execute(db);
      expect(booked.rows).toHaveLength(1);
      await expect(sql`update older.entry set booked_at = now()`.execute(db)).rejects.toThrow(
        "append-only",
      );
    });

    test("of a newer release is refused", async () => {
      await migrate(db, { schema: "future" });
      await sql`insert into future.ledger_migration values (1000, 'the future')`.execute(db);
      await expect(migrate(db, { schema: "future" })).rejects.toThrow("was 1000");
    });

    test("has no name that would need quoting", async () => {
      await expect(migrate(db, { schema: 'x"; drop table y; --' })).rejects.toThrow(RangeError);
    });
  });
};
