import * as fc from "fast-check";
import { Kysely, sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Books } from "../../books.ts";
import type { EntryRequest } from "../../entry.ts";
import { TRADE } from "../../entry-type.ts";
import type { Ledger } from "../../ledger.ts";
import { reversalOf } from "../../reversal.ts";
import { type Answer, applyStep } from "../../testing/apply-step.ts";
import { type LedgerStep, ledgerFlow, OPENED } from "../../testing/ledger-flow.ts";
import { describeLedger } from "../../testing/ledger-suite.ts";
import {
  type HistoryOrder,
  type LedgerCalls,
  LedgerProjection,
  LedgerStore,
  migrate,
  migrationSql,
  readBalances,
  readTrialBalance,
  type StatementLine,
  type StatementOptions,
  StoreFailure,
  verifyLedger,
} from "../index.ts";
import { MIGRATIONS } from "../migrations.ts";
import { type Interceptor, intercepting } from "./broken-dialect.ts";
import type { SuiteDatabase } from "./projection-suite.ts";
import { ProjectedBooks } from "./scripted-flow.ts";

type FlowStep = Exclude<LedgerStep, { step: "forget" }>;

/** Keys are permanent in SQL, so nothing is forgotten. */
const withoutForgetting = (flow: readonly LedgerStep[]): FlowStep[] =>
  flow.filter((step): step is FlowStep => step.step !== "forget");

/** What the store answers to a step, or that it threw. */
const askStore = async (calls: LedgerCalls<unknown>, step: FlowStep): Promise<unknown> => {
  switch (step.step) {
    case "open":
      return calls.openAccount(step.opening);
    case "status":
      return calls.setStatus(step.account, step.status);
    case "post":
      return calls.post(step.entry);
    case "linked":
      return calls.postLinked(step.entries);
    case "hold":
      return calls.hold(step.hold);
    case "reduce":
      return calls.reduceHold(step.id, step.to);
    case "release":
      return calls.release(step.id, step.amount);
    case "expire":
      return { ok: true, expired: await calls.expireHolds(step.at) };
  }
};

const askBooks = (books: Books, step: FlowStep): Answer => {
  const { entries: _, ...answer } = applyStep(books, step);
  return answer;
};

const transfer = (from: number, to: number, amount: bigint, rest = {}): EntryRequest => ({
  kind: "transfer",
  at: 1_700_000_000_000,
  postings: [
    { account: from, amount: -amount },
    { account: to, amount },
  ],
  ...rest,
});

/** A flow is some fifty transactions, and the machine may have others to serve. */
const FLOWS = { timeout: 120_000 };

/** The same tests for every database that the ledger speaks to. */
export const describeStore = (name: string, connect: () => Promise<SuiteDatabase>): void => {
  let database: SuiteDatabase;
  let db: Kysely<unknown>;
  let schemas = 0;
  let schema = "";

  beforeAll(async () => {
    database = await connect();
    db = new Kysely({ dialect: database.dialect() });
  });
  afterAll(async () => {
    await database?.close();
  });
  const newSchema = async (): Promise<string> => {
    schemas += 1;
    schema = `store_${schemas}`;
    await migrate(db, { schema });
    return schema;
  };

  /** Every figure of the books stands in SQL. */
  const expectSame = async (books: Books): Promise<void> => {
    const balances = await readBalances(db, { schema });
    expect(balances.map(({ sequence: _, ...row }) => row)).toEqual(
      [...books.accounts()].map((account) => ({
        ...account,
        balance: books.balance(account.account),
        held: books.held(account.account),
      })),
    );
    for (const total of (await readTrialBalance(db, { schema })).values()) expect(total).toBe(0n);
    expect(await verifyLedger(db, { schema })).toMatchObject({
      ok: true,
      entries: books.nextEntry - 1,
    });
    const { rows } = await sql<Record<"id" | "account" | "kind" | "amount" | "due", string>>`
      select id::text, account::text, kind, (opened - captured - released)::text as amount,
        coalesce((extract(epoch from expires_at) * 1000)::int8, 0)::text as due
      from ${sql.table(`${schema}.hold`)} where state = 'open' order by id`.execute(db);
    expect(
      rows.map((row) => ({
        id: Number(row.id),
        account: Number(row.account),
        kind: row.kind,
        amount: BigInt(row.amount),
        expiresAt: Number(row.due),
      })),
    ).toEqual(books.holds());
  };

  const schemaOf = new WeakMap<Ledger, string>();
  const opened = (of: string): Ledger => {
    const ledger = new LedgerStore(db, { schema: of });
    schemaOf.set(ledger, of);
    return ledger;
  };
  describeLedger(
    `SQL in ${name}`,
    async () => ({
      create: async () => opened(await newSchema()),
      reopen: async (ledger) => opened(schemaOf.get(ledger) ?? ""),
      close: async () => {},
    }),
    { flows: 4 },
  );

  describe(`a ledger in ${name}`, () => {
    let store: LedgerStore<unknown>;
    beforeEach(async () => {
      store = new LedgerStore(db, { schema: await newSchema() });
    });

    const opened = async (): Promise<Books> => {
      const books = new Books();
      for (const opening of OPENED) {
        books.openAccount(opening);
        await store.openAccount(opening);
      }
      return books;
    };
    /** Account 3 and 5 are alice's and bob's in asset 1, whose wallet is account 1. */
    const funded = async (): Promise<void> => {
      await opened();
      await store.postLinked([
        transfer(1, 3, 1_000n, { at: 0 }),
        transfer(1, 5, 1_000n, { at: 0 }),
      ]);
    };

    test("says and does what the books say and do, call by call, for any flow", FLOWS, async () => {
      await fc.assert(
        fc.asyncProperty(ledgerFlow, async (flow) => {
          store = new LedgerStore(db, { schema: await newSchema() });
          const books = new Books();
          for (const step of withoutForgetting(flow)) {
            expect(await askStore(store, step)).toEqual(askBooks(books, step));
          }
          await expectSame(books);
        }),
        { numRuns: 6, endOnFailure: true },
      );
    });

    test("says and does the same when calls come in batches", FLOWS, async () => {
      await fc.assert(
        fc.asyncProperty(ledgerFlow, fc.integer({ min: 2, max: 9 }), async (flow, size) => {
          store = new LedgerStore(db, { schema: await newSchema() });
          const books = new Books();
          const steps = withoutForgetting(flow);
          const openings = steps.filter(({ step }) => step === "open");
          // An account that is opened in a batch isn't known to the others in it.
          for (const step of openings)
            await askStore(store, step).then(() => askBooks(books, step));
          const rest = steps.filter(({ step }) => step !== "open" && step !== "expire");
          for (let from = 0; from < rest.length; from += size) {
            const batch = rest.slice(from, from + size);
            const answers = await Promise.all(batch.map((step) => askStore(store, step)));
            expect(answers).toEqual(batch.map((step) => askBooks(books, step)));
          }
          await expectSame(books);
        }),
        { numRuns: 6, endOnFailure: true },
      );
    });

    test(
      "says and does the same in the host's transaction, and nothing if that is rolled back",
      FLOWS,
      async () => {
        await fc.assert(
          fc.asyncProperty(ledgerFlow, fc.boolean(), async (flow, isFirst) => {
            store = new LedgerStore(db, { schema: await newSchema() });
            const books = new Books();
            const steps = withoutForgetting(flow);
            const half = isFirst ? 0 : OPENED.length + 4;
            const before = new Books();
            for (const step of steps.slice(0, half)) {
              await askStore(store, step);
              askBooks(books, step);
              askBooks(before, step);
            }
            const undone = db.transaction().execute(async (transaction) => {
              const calls = store.in(transaction);
              for (const step of steps.slice(half)) {
                expect(await askStore(calls, step)).toEqual(askBooks(books, step));
              }
              throw new Error("the host thinks better of it");
            });
            await expect(undone).rejects.toThrow("thinks better");
            await expectSame(before);
          }),
          { numRuns: 6, endOnFailure: true },
        );
      },
    );

    test("commits together with the host's own rows, or not at all", async () => {
      await funded();
      const invoice = sql.table(`${schema}.invoice`);
      await sql`create table ${invoice} (id int4 primary key)`.execute(db);
      const pay = (amount: bigint) =>
        db.transaction().execute(async (transaction) => {
          await sql`insert into ${invoice} values (1)`.execute(transaction);
          const paid = await store.in(transaction).post(transfer(3, 5, amount));
          if (!paid.ok) throw new Error(paid.code);
        });
      await expect(pay(5_000n)).rejects.toThrow("balance_below_floor");
      expect((await sql`select * from ${invoice}`.execute(db)).rows).toEqual([]);
      await pay(400n);
      expect((await sql`select * from ${invoice}`.execute(db)).rows).toEqual([{ id: 1 }]);
      expect(await store.balance(3)).toMatchObject({ balance: 600n, available: 600n });
    });

    test("seals what is posted, one at a time or in batches, so that what is changed by hand is named", async () => {
      await funded();
      for (let n = 0; n < 20; n++) await store.post(transfer(3, 5, 1n, { memo: `für ${n} 🪙` }));
      await Promise.all(Array.from({ length: 233 }, () => store.post(transfer(5, 3, 1n))));
      expect(await verifyLedger(db, { schema })).toMatchObject({ ok: true, blocks: 0 });
      for (let n = 0; n < 3; n++) {
        await db.transaction().execute(async (transaction) => {
          await store.in(transaction).post(transfer(3, 5, 1n, { bookedAt: n }));
        });
      }
      const all = Array.from({ length: 600 }, () => store.post(transfer(3, 5, 1n)));
      await Promise.all(all);
      const { head, accountHeads: _, ...seen } = await verifyLedger(db, { schema });
      expect(seen).toEqual({ ok: true, entries: 858, blocks: 3, findings: [] });

      const table = (named: string): string => `${schema}.${named}`;
      const afterHand = async (statement: string): Promise<unknown> => {
        for (const named of ["entry", "posting", "posting_out_of_order"]) {
          await sql.raw(`alter table ${table(named)} disable trigger append_only`).execute(db);
        }
        await sql.raw(statement).execute(db);
        return (await verifyLedger(db, { schema })).findings;
      };
      const postings = table("posting");
      expect(
        await afterHand(`update ${postings} set amount = 2 * amount where entry = 7`),
      ).toContainEqual({ what: "entry_changed", entry: 7, group: "postings" });
      expect(await afterHand(`update ${postings} set amount = amount / 2 where entry = 7`)).toEqual(
        [],
      );
      const history = table("posting_out_of_order");
      expect(
        await afterHand(`update ${history} set amount = 2 * amount where entry = 258`),
      ).toEqual([{ what: "history_differs", entry: 258 }]);
      expect(
        await afterHand(`update ${history} set amount = amount / 2 where entry = 258`),
      ).toEqual([]);
      const entries = table("entry");
      expect(
        await afterHand(`update ${entries} set out_of_order = true where number = 300`),
      ).toEqual([{ what: "history_differs", entry: 300 }]);
      expect(await afterHand(`delete from ${history} where entry = 256`)).toEqual([
        { what: "history_differs", entry: 256 },
        { what: "history_differs", entry: 300 },
      ]);
      expect(await afterHand(`update ${entries} set booked_at = at where number = 257`)).toEqual([
        { what: "entry_changed", entry: 257, group: "facts" },
      ]);
    });

    test("rounds by the types that its table shows, whoever posts", async () => {
      await funded();
      const rounding = OPENED.findIndex(({ kind }) => kind === "rounding") + 1;
      const sale = (dust: bigint) => ({
        kind: "sale",
        at: 0,
        postings: [
          { account: 3, amount: -10n },
          { account: 5, amount: 10n - dust },
          { account: rounding, amount: dust },
        ],
      });
      expect(await store.post(sale(1n))).toMatchObject({ code: "dust_without_rule" });
      const type = { kind: "sale", rounding: { ...TRADE.rounding, fee: "down" } } as const;
      await store.nameEntryType(type);
      await store.nameEntryType(type);
      await expect(store.nameEntryType({ ...type, rounding: TRADE.rounding })).rejects.toThrow(
        "fee down, rebate down, dust to rounding, was payer up, payee down, fee up",
      );
      for (const wrong of [
        { ...type, kind: "" },
        { kind: "gift", rounding: { ...TRADE.rounding, payer: "over" as "up" } },
        { kind: "gift", rounding: { ...TRADE.rounding, dust: "nobody" as "house" } },
      ]) {
        await expect(store.nameEntryType(wrong)).rejects.toThrow(RangeError);
      }
      const other = new LedgerStore(db, { schema });
      expect(await other.post(sale(3n))).toMatchObject({ code: "dust_above_rounding" });
      expect(await other.post(sale(1n))).toMatchObject({ ok: true });
      const { rows } = await sql`
        select kind, dust from ${sql.table(`${schema}.entry_type`)} order by kind`.execute(db);
      expect(rows).toEqual([
        { kind: "sale", dust: "rounding" },
        { kind: "trade", dust: "rounding" },
      ]);
      await expect(
        sql`update ${sql.table(`${schema}.entry_type`)} set dust = 'house'`.execute(db),
      ).rejects.toThrow("append-only");
    });

    test("throws at whoever gave a wrong type, and at nobody else", async () => {
      await funded();
      const wrong = transfer(3, 5, 1n, { at: 0.5 });
      const typeless = {
        ...transfer(3, 5, 1n),
        postings: [
          { account: 3, amount: 1 },
          { account: 5, amount: -1 },
        ],
      };
      const settled = await Promise.allSettled([
        store.post(transfer(3, 5, 1n)),
        store.post(wrong),
        store.post(typeless as unknown as EntryRequest),
        store.post({ ...transfer(3, 5, 1n), postings: undefined } as unknown as EntryRequest),
        store.hold({ id: 0.5, account: 3, amount: 1n, kind: "order" }),
        store.post(transfer(3, 5, 2_000n)),
        store.post(transfer(Number.NaN, 2 ** 60, 1n)),
        store.post(transfer(3, 5, 2n)),
      ]);
      expect(
        settled.map((one) =>
          one.status === "fulfilled" ? one.value.ok || one.value.code : one.reason.name,
        ),
      ).toEqual([
        true,
        "RangeError",
        "TypeError",
        "TypeError",
        "RangeError",
        "balance_below_floor",
        "account_unknown",
        true,
      ]);
      expect(await store.balance(5)).toMatchObject({ balance: 1_003n });
    });

    test("keeps a key for ever, and what was captured with it", async () => {
      await funded();
      await store.hold({ id: 7, account: 3, amount: 100n, kind: "withdrawal" });
      const request = transfer(3, 5, 60n, {
        key: 'k"\\{1}',
        bookedAt: 5,
        captures: [{ hold: 7, amount: 60n }],
      });
      const first = await store.post(request);
      const again = await new LedgerStore(db, { schema }).post({ ...request, at: 0 });
      expect(first).toMatchObject({ ok: true, repeated: false });
      expect(again).toEqual({ ...first, repeated: true });
      expect(await store.post({ ...request, captures: [] })).toMatchObject({
        code: "key_used_for_another_body",
      });
      expect(await store.holdOf(7)).toEqual({
        id: 7,
        account: 3,
        kind: "withdrawal",
        opened: 100n,
        captured: 60n,
        released: 0n,
        state: "open",
        expiresAt: 0,
      });
    });

    test("tells how holds ended", async () => {
      await funded();
      const hold = (id: number, expiresAt = 0) =>
        store.hold({ id, account: 3, amount: 100n, kind: "order", expiresAt });
      await Promise.all([hold(1), hold(2, 50), hold(3, 40), hold(4, 60)]);
      await store.post(transfer(3, 5, 100n, { captures: [{ hold: 1, amount: 100n }] }));
      await store.release(2, 30n);
      expect((await store.expireHolds(50)).map(({ id, amount }) => [id, amount])).toEqual([
        [3, 100n],
        [2, 70n],
      ]);
      expect(await store.expireHolds(50)).toEqual([]);
      const ended = await Promise.all([1, 2, 3].map((id) => store.holdOf(id)));
      expect(ended.map((one) => [one?.captured, one?.released, one?.state])).toEqual([
        [100n, 0n, "ended"],
        [0n, 100n, "expired"],
        [0n, 100n, "expired"],
      ]);
      expect(await store.openHolds(3)).toEqual([
        { id: 4, account: 3, kind: "order", amount: 100n, expiresAt: 60 },
      ]);
      expect(await hold(2)).toEqual({ ok: true });
      expect(await store.holdOf(2)).toMatchObject({ released: 0n, state: "open", expiresAt: 0 });
    });

    test("expires more holds than fit into one transaction, in order", async () => {
      await funded();
      await Promise.all(
        Array.from({ length: 1_000 }, (_, n) =>
          store.hold({
            id: n + 1,
            account: n % 2 === 0 ? 3 : 5,
            amount: 1n,
            kind: "order",
            expiresAt: 5_000 - n,
          }),
        ),
      );
      await store.hold({ id: 1_001, account: 3, amount: 1n, kind: "order", expiresAt: 4_500 });
      const expired = await store.expireHolds(5_000);
      expect(expired).toHaveLength(1_001);
      expect(expired.map(({ expiresAt }) => expiresAt)).toEqual(
        expired.map(({ expiresAt }) => expiresAt).sort((one, other) => one - other),
      );
      expect(await store.balance(3)).toMatchObject({ held: 0n });
    });

    test("is posted to or projected, whoever comes first", async () => {
      const books = new ProjectedBooks();
      for (const opening of OPENED) books.take({ step: "open", opening });
      const batch = books.batch();
      await store.openAccount(OPENED[0] ?? { owner: "", asset: 1, kind: "house" });
      await expect(new LedgerProjection(db, { schema }).apply(batch)).rejects.toMatchObject({
        code: "ledger_is_posted_to",
      });
      store = new LedgerStore(db, { schema: await newSchema() });
      await new LedgerProjection(db, { schema }).apply(batch);
      await expect(store.post(transfer(3, 5, 1n))).rejects.toThrow(StoreFailure);
      await expect(store.hold({ id: 1, account: 3, amount: 1n, kind: "order" })).rejects.toThrow(
        "ledger_is_projected",
      );
      const inHosts = db
        .transaction()
        .execute((transaction) => store.in(transaction).setStatus(3, "frozen"));
      await expect(inHosts).rejects.toMatchObject({ code: "ledger_is_projected" });
    });

    test("is told the name of an asset once", async () => {
      const dollar = { number: 1, code: 'US"D', decimals: 2 };
      await store.nameAsset(dollar);
      await store.nameAsset(dollar);
      await expect(store.nameAsset({ ...dollar, decimals: 3 })).rejects.toThrow(RangeError);
      await expect(store.nameAsset({ ...dollar, number: 2, decimals: 37 })).rejects.toThrow(
        RangeError,
      );
      await expect(store.nameAsset({ ...dollar, number: 0 })).rejects.toThrow(RangeError);
      await expect(store.nameAsset({ ...dollar, number: 2, code: "" })).rejects.toThrow(RangeError);
      const { rows } = await sql`select * from ${sql.table(`${schema}.asset`)}`.execute(db);
      expect(rows).toEqual([dollar]);
    });

    test("finds entries by number, key and what they correct, and accounts by name", async () => {
      await funded();
      const posted = await store.post(transfer(3, 5, 10n, { key: "sale 1" }));
      if (!posted.ok) throw new Error(posted.code);
      expect(await store.entry(posted.entry.number)).toEqual(posted.entry);
      expect(await store.entryByKey("sale 1")).toEqual(posted.entry);
      expect(await store.entryByKey("sale 2")).toBeUndefined();
      const reversed = await store.post(reversalOf(posted.entry, { at: 1_700_000_000_000 }));
      if (!reversed.ok) throw new Error(reversed.code);
      expect(await store.corrections(posted.entry.number)).toEqual([reversed.entry]);
      expect(await store.corrections(reversed.entry.number)).toEqual([]);
      expect(await store.accountOf("alice", 1, "customer", { sub: "savings" })).toBe(11);
      expect(await store.accountOf("alice", 3, "customer")).toBe(0);
      expect(await store.account(13)).toMatchObject({
        owner: "hot",
        place: "cold",
        status: "open",
      });
      expect(await store.account(99)).toBeUndefined();
      await expect(store.balance(99)).rejects.toThrow(RangeError);
      expect((await store.balancesOf([5, 3])).map(({ balance }) => balance)).toEqual([
        1_000n,
        1_000n,
      ]);
    });

    test("refuses changes of what has happened", async () => {
      await funded();
      await store.hold({ id: 1, account: 3, amount: 10n, kind: "order" });
      await store.post(transfer(3, 5, 10n, { bookedAt: 1, captures: [{ hold: 1, amount: 10n }] }));
      for (const table of ["entry", "posting", "capture", "posting_out_of_order"]) {
        await expect(
          sql`delete from ${sql.table(`${schema}.${table}`)}`.execute(db),
        ).rejects.toThrow("is append-only");
      }
    });
  });

  describe(`trouble with ${name}`, () => {
    const lost = (): Error => Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
    /** A store whose statements somebody runs, on a ledger in which account 2 is alice's and has 100. */
    const troubled = async (intercept: Interceptor): Promise<LedgerStore<unknown>> => {
      const calm = new LedgerStore(db, { schema: await newSchema() });
      await calm.openAccount({ owner: "hot", asset: 1, kind: "custody" });
      await calm.openAccount({ owner: "alice", asset: 1, kind: "customer" });
      await calm.post(transfer(1, 2, 100n));
      const dialect = intercepting(database.dialect(), intercept);
      return new LedgerStore(new Kysely<unknown>({ dialect }), { schema });
    };
    const balance = async (): Promise<bigint> =>
      (await new LedgerStore(db, { schema }).balance(2)).balance;
    const coded = (code: string): Error => Object.assign(new Error(code), { code });

    test.each([
      ["40001", "serialization_failure"],
      ["40P01", "deadlock"],
      ["08006", "unavailable"],
    ])(
      "of code %s is tried again, and reported as %s when it doesn't end",
      async (code, reported) => {
        let failures = 3;
        const store = await troubled(async (run, statement) => {
          if (statement.includes("for update") && failures-- > 0) throw coded(code);
          return run();
        });
        expect(await store.post(transfer(1, 2, 1n))).toMatchObject({ ok: true, repeated: false });
        expect(await balance()).toBe(101n);
        failures = Number.POSITIVE_INFINITY;
        await expect(store.post(transfer(1, 2, 1n))).rejects.toMatchObject({
          name: "StoreFailure",
          code: reported,
        });
        expect(await balance()).toBe(101n);
      },
    );

    test("of another kind is whoever's it is, and spoils nobody else's call", async () => {
      const store = await troubled(async (run, statement) => {
        if (statement.includes("insert into") && statement.includes("hold")) throw coded("42501");
        return run();
      });
      const [posted, held] = await Promise.allSettled([
        store.post(transfer(1, 2, 1n)),
        store.hold({ id: 1, account: 2, amount: 1n, kind: "order" }),
      ]);
      expect(posted).toMatchObject({ status: "fulfilled", value: { ok: true } });
      expect(held).toMatchObject({ status: "rejected", reason: { code: "42501" } });
      expect(await balance()).toBe(101n);
    });

    test("at the commit is asked about: what was committed counts, and counts once", async () => {
      let losses = 1;
      const store = await troubled(async (run, statement) => {
        const result = await run();
        if (statement === "commit" && losses-- > 0) throw lost();
        return result;
      });
      expect(await store.post(transfer(1, 2, 1n))).toMatchObject({ ok: true, repeated: false });
      expect(await balance()).toBe(101n);
    });

    test("at the commit is asked about: what was not committed is done again", async () => {
      let losses = 1;
      const store = await troubled(async (run, statement) => {
        if (statement === "commit" && losses-- > 0) throw lost();
        return run();
      });
      expect(await store.post(transfer(1, 2, 1n))).toMatchObject({ ok: true, repeated: false });
      expect(await balance()).toBe(101n);
    });

    test("at the commit, and nobody there to ask: the outcome is unknown, and the key tells", async () => {
      let isDown = false;
      const store = await troubled(async (run, statement) => {
        if (isDown) throw lost();
        const result = await run();
        isDown = statement === "commit";
        if (isDown) throw lost();
        return result;
      });
      const request = transfer(1, 2, 1n, { key: "once" });
      await expect(store.post(request)).rejects.toMatchObject({ code: "outcome_unknown" });
      isDown = false;
      const calm = new LedgerStore(db, { schema });
      expect(await calm.post(request)).toMatchObject({ ok: true, repeated: true });
      expect(await balance()).toBe(101n);
    });

    test("at the commit, and a database that has forgotten: keys are repeated, the rest is unknown", async () => {
      let losses = 1;
      const store = await troubled(async (run, statement) => {
        if (statement.includes("pg_xact_status")) throw coded("22023");
        const result = await run();
        if (statement === "commit" && losses-- > 0) throw lost();
        return result;
      });
      const [keyed, linked, unkeyed] = await Promise.allSettled([
        store.post(transfer(1, 2, 1n, { key: "once" })),
        store.postLinked([transfer(1, 2, 2n, { key: "twice" })]),
        store.post(transfer(1, 2, 4n)),
      ]);
      expect(keyed).toMatchObject({ value: { ok: true, repeated: true } });
      expect(linked).toMatchObject({ value: { ok: true } });
      expect(unkeyed).toMatchObject({ reason: { code: "outcome_unknown" } });
      expect(await balance()).toBe(107n);
    });
  });

  describe(`the past in ${name}`, () => {
    /** What the postings themselves say, in a given order. */
    const linesOf = (books: ProjectedBooks, account: number, by: HistoryOrder): StatementLine[] =>
      books.entries
        .flatMap(({ entry }) =>
          entry.postings.flatMap(({ account: of, amount }, index) => {
            const { number, kind, at, bookedAt, key, memo, corrects } = entry;
            const line = { entry: number, index, kind, at, bookedAt, key, memo, corrects };
            return of === account ? [{ ...line, amount, balanceAfter: 0n }] : [];
          }),
        )
        .sort(
          (one, other) =>
            timeOf(one, by) - timeOf(other, by) ||
            one.entry - other.entry ||
            one.index - other.index,
        )
        .map((line, index, all) => {
          const upToHere = all.slice(0, index + 1);
          return { ...line, balanceAfter: upToHere.reduce((sum, { amount }) => sum + amount, 0n) };
        });
    const timeOf = ({ at, bookedAt }: StatementLine, by: HistoryOrder): number =>
      by === "entry" ? at : bookedAt;

    const pagesOf = async (
      store: LedgerStore<unknown>,
      account: number,
      options: StatementOptions,
    ): Promise<StatementLine[]> => {
      const page = await store.statement(account, options);
      if (page.next === undefined) return [...page.lines];
      return [...page.lines, ...(await pagesOf(store, account, { ...options, after: page.next }))];
    };

    /** Times of a flow are 0 to 40. */
    const expectPast = async (
      store: LedgerStore<unknown>,
      account: number,
      lines: readonly StatementLine[],
      { by, limit }: { readonly by: HistoryOrder; readonly limit: number },
    ): Promise<void> => {
      for (const at of [0, 1, 13, 20, 27, 39, 40]) {
        const until = lines.filter((line) => timeOf(line, by) <= at);
        const balance = until.reduce((sum, { amount }) => sum + amount, 0n);
        expect(await store.balanceAt(account, at, { by })).toBe(balance);
      }
      for (const [from, until] of [
        [0, 41],
        [10, 30],
      ] as const) {
        expect(await pagesOf(store, account, { from, until, by, limit })).toEqual(
          lines.filter((line) => timeOf(line, by) >= from && timeOf(line, by) < until),
        );
      }
    };

    test(
      "is what the postings of that time say, for any flow, by entry time and by booking time",
      FLOWS,
      async () => {
        await fc.assert(
          fc.asyncProperty(ledgerFlow, fc.integer({ min: 1, max: 7 }), async (flow, limit) => {
            const store = new LedgerStore(db, { schema: await newSchema() });
            const books = new ProjectedBooks();
            for (const step of withoutForgetting(flow)) {
              books.take(step);
              await askStore(store, step);
            }
            const asked = [1, 3, 4, 5].flatMap((account) =>
              (["entry", "booking"] as const).map((by) => ({ account, by })),
            );
            for (const { account, by } of asked) {
              await expectPast(store, account, linesOf(books, account, by), { by, limit });
            }
          }),
          { numRuns: 6, endOnFailure: true },
        );
      },
    );

    test("is told exactly up to the last millisecond there is", async () => {
      const store = new LedgerStore(db, { schema: await newSchema() });
      for (const opening of OPENED) await store.openAccount(opening);
      const last = 8_640_000_000_000_000;
      const times = [last - 1, last];
      for (const at of times) await store.post(transfer(1, 3, 1n, { at, bookedAt: at - 1 }));
      const page = await store.statement(3);
      expect(page.lines.map(({ at, bookedAt }) => [at, bookedAt])).toEqual(
        times.map((at) => [at, at - 1]),
      );
      expect(await store.balanceAt(3, last - 1)).toBe(1n);
      expect(await store.balanceAt(3, last - 1, { by: "booking" })).toBe(2n);
      expect(await store.balanceAt(3, last - 3, { by: "booking" })).toBe(0n);
    });

    test("isn't asked for with what is no time, cursor or account", async () => {
      const store = new LedgerStore(db, { schema: await newSchema() });
      await expect(store.balanceAt(0, 1)).rejects.toThrow(RangeError);
      await expect(store.balanceAt(1, -1)).rejects.toThrow(RangeError);
      for (const after of ["", "1-2-3", "1-2-3-x", "1-2-3-4-5", "---"]) {
        await expect(store.statement(1, { after })).rejects.toThrow(RangeError);
      }
      await expect(store.statement(1, { limit: 0 })).rejects.toThrow(RangeError);
      await expect(store.statement(1, { until: 0.5 })).rejects.toThrow(RangeError);
    });

    test("of a ledger that had no such columns is found after its migration", async () => {
      const old = await newSchema();
      const store = new LedgerStore(db, { schema: old });
      for (const opening of OPENED) await store.openAccount(opening);
      for (const [at, bookedAt] of [
        [10, 10],
        [30, 20],
        [20, 20],
        [40, 40],
      ] as const) {
        await store.post(transfer(1, 3, 1n, { at, bookedAt }));
      }
      const asked = async (): Promise<unknown[]> => [
        await store.statement(3, { by: "entry" }),
        await store.statement(3, { by: "booking" }),
        await store.balanceAt(3, 25),
        await store.balanceAt(3, 25, { by: "booking" }),
      ];
      const before = await asked();
      for (const statement of [
        `drop table ${old}.posting_out_of_order, ${old}.ledger_authority, ${old}.hold, ${old}.capture,
          ${old}.entry_type, ${old}.account_status`,
        ...["never_removed", "never_renamed"].map((one) => `drop trigger ${one} on ${old}.account`),
        `drop trigger never_removed on ${old}.balance`,
        `drop trigger append_only on ${old}.asset`,
        `drop function ${old}.refuse_removal`,
        `alter table ${old}.account drop column seal`,
        `alter table ${old}.balance drop column holds`,
        `create index entry_by_sequence on ${old}.entry (sequence)`,
        `alter table ${old}.entry drop column out_of_order`,
        `insert into ${old}.asset values (1, 'USD', 2), (2, 'BTC', 8)`,
        `alter table ${old}.account add constraint account_asset_fkey foreign key (asset) references ${old}.asset`,
        `insert into ${old}.watermark values ('ledger', 30)`,
        `delete from ${old}.ledger_migration where version >= 4`,
      ]) {
        await sql.raw(statement).execute(db);
      }
      expect(await migrate(db, { schema: old })).toEqual(
        MIGRATIONS.map(({ version }) => version).filter((version) => version >= 4),
      );
      expect(await asked()).toEqual(before);
      // It had a watermark, so it was a copy. Who has posted to it before is told so, too.
      for (const one of [store, new LedgerStore(db, { schema: old })]) {
        await expect(one.post(transfer(1, 3, 1n))).rejects.toThrow("ledger_is_projected");
      }
    });
  });

  describe(`the printed schema in ${name}`, () => {
    test("is what migrate makes", async () => {
      await newSchema();
      const printed = `${schema}_printed`;
      await sql`create schema ${sql.id(printed)}`.execute(db);
      for (const statement of statementsOf(migrationSql({ schema: printed }))) {
        await sql.raw(statement).execute(db);
      }
      expect(await columnsOf(db, printed)).toEqual(await columnsOf(db, schema));
      expect(await migrate(db, { schema: printed })).toEqual([]);
    });

    test("is only what comes after a version", () => {
      const newest = MIGRATIONS.at(-1)?.version ?? 0;
      expect(migrationSql({ after: newest })).toBe("");
      const one = migrationSql({ schema: "books", after: newest - 1 });
      expect(one).toContain("create table if not exists books.ledger_migration");
      expect(one).not.toContain("create table books.asset");
      expect(() => migrationSql({ schema: "Books" })).toThrow(RangeError);
    });
  });
};

/** Statements end in a semicolon at the end of a line, but for those inside a function's body. */
const statementsOf = (text: string): string[] =>
  text.split(/;\n(?=\n|$)/).filter((one) => one.trim() !== "");

const columnsOf = async (db: Kysely<unknown>, schema: string): Promise<unknown[]> => {
  const columns = await sql`
    select table_name, column_name, data_type, is_nullable, column_default
    from information_schema.columns where table_schema = ${schema}::text order by 1, 2`.execute(db);
  const indexes = await sql<{ indexdef: string }>`
    select replace(indexdef, ${`${schema}.`}::text, '') as indexdef
    from pg_indexes where schemaname = ${schema}::text order by 1`.execute(db);
  return [...columns.rows, ...indexes.rows];
};
