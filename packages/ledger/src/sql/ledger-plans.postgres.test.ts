import { Kysely, type RawBuilder, sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { balanceAtQuery, statementQuery } from "./account-history.ts";
import { entriesQuery } from "./entry-rows.ts";
import { dueQuery, holdsQuery } from "./hold-rows.ts";
import { LedgerStore, migrate, postgresDialect } from "./index.ts";
import { balancesQuery, corrects, hasKey } from "./ledger-lookup.ts";
import { createDatabase, missingServer, type TestDatabase } from "./testing/postgres-server.ts";

const missing = await missingServer();
const SCHEMA = "million";
const ENTRIES = 500_000;
const CUSTOMERS = 9_999;
const SECOND = 1_000;

interface Plan {
  readonly "Node Type": string;
  readonly "Index Name"?: string;
  readonly "Relation Name"?: string;
  readonly Plans?: readonly Plan[];
}

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

if (missing === undefined) {
  describe("with a million postings", () => {
    let database: TestDatabase;
    let db: Kysely<unknown>;
    let store: LedgerStore<unknown>;

    /**
     * Entry n, of second n, moves 1 from one of ten busy accounts in turn to one of 9,999 customers in turn. Every hundredth has a key,
     * one in 97 is booked a day earlier, every ten-thousandth corrects the one before. One hold in ten of 100,000 is open.
     */
    beforeAll(async () => {
      database = await createDatabase();
      db = new Kysely<unknown>({ dialect: postgresDialect(database.connect()) });
      store = new LedgerStore(db, { schema: SCHEMA });
      await migrate(db, { schema: SCHEMA });
      const customer = `2 + n % ${CUSTOMERS}`;
      const time = "timestamptz 'epoch' + n * interval '1 second'";
      const day = "case when n % 97 = 0 then interval '1 day' else interval '0' end";
      for (const statement of [
        "insert into $.ledger_authority select true, 'posted_to', 10009, 500000, 500000",
        "insert into $.account (number, owner, asset, kind) select n, 'owner ' || n, 1, 'house' from generate_series(1, 10009) as n",
        `insert into $.entry (number, sequence, kind, at, booked_at, key, corrects)
          select n, n, 'sale', ${time}, ${time} - ${day}, case when n % 100 = 0 then 'key ' || n end,
            case when n % 10000 = 0 then n - 1 end
          from generate_series(1, ${ENTRIES}) as n`,
        `insert into $.posting select n, 0, case when n % 10 = 0 then 1 else 10000 + n % 10 end, -1,
            -(n / 10 + (n % 10 > 0)::int)
          from generate_series(1, ${ENTRIES}) as n`,
        `insert into $.posting select n, 1, ${customer}, 1,
            (n - n % ${CUSTOMERS}) / ${CUSTOMERS} + (n % ${CUSTOMERS} > 0)::int
          from generate_series(1, ${ENTRIES}) as n`,
        `insert into $.posting_out_of_order
          select p.account, e.booked_at, p.entry, p.index, e.at, false, p.amount, p.balance_after
          from $.entry as e join $.posting as p on p.entry = e.number where e.booked_at <> e.at`,
        "insert into $.balance select account, sum(amount), 0, max(entry) from $.posting group by account",
        `insert into $.hold select n, ${customer}, 'order', 5, 0, case when n % 10 = 0 then 0 else 5 end,
            case when n % 10 = 0 then 'open' else 'ended' end, ${time}
          from generate_series(1, 100000) as n`,
        "analyze",
      ]) {
        await sql.raw(statement.replaceAll("$.", `${SCHEMA}.`)).execute(db);
      }
    }, 300_000);
    afterAll(async () => {
      await database?.drop();
    });

    const at = 400_000 * SECOND + 500;
    const busy = 1;
    const quiet = 2 + 5;
    const page = { from: 100_000 * SECOND, until: 499_000 * SECOND, limit: 101 };
    const cursor = { time: at, entry: 400_000, index: 0, balance: 0n };
    const start = { time: 0, entry: 0, index: 0 };

    const questions: readonly (readonly [string, () => RawBuilder<unknown>, readonly string[]])[] =
      [
        ["balances now", () => balancesQuery(SCHEMA, [busy, quiet, 77]), ["balance_pkey"]],
        ...([busy, quiet] as const).flatMap((account) =>
          (["entry", "booking"] as const).flatMap((by) => [
            [
              `the balance of account ${account} at an instant by ${by} time`,
              () => balanceAtQuery(SCHEMA, account, at, by),
              ["entry_in_order", "posting_by_account"],
            ] as const,
            [
              `the first page of a statement of account ${account} by ${by} time`,
              () => statementQuery(SCHEMA, account, { ...page, by, cursor: start }),
              ["entry_in_order", "posting_by_account", "entry_pkey"],
            ] as const,
            [
              `a later page of a statement of account ${account} by ${by} time`,
              () => statementQuery(SCHEMA, account, { ...page, by, cursor }),
              ["entry_in_order", "posting_by_account", "entry_pkey"],
            ] as const,
          ]),
        ),
        ["an entry by its key", () => entriesQuery(SCHEMA, hasKey("key 77700")), ["entry_by_key"]],
        [
          "the entries that correct one",
          () => entriesQuery(SCHEMA, corrects(9_999)),
          ["entry_by_corrected"],
        ],
        ["holds that are due", () => dueQuery(SCHEMA, 1_000 * SECOND, 1_000), ["hold_due"]],
        [
          "a hold by its id",
          () => holdsQuery(SCHEMA, sql`h.id = any('{5,6}'::int8[])`),
          ["hold_pkey"],
        ],
        [
          "the open holds on an account",
          () => holdsQuery(SCHEMA, sql`h.account = 7::int8 and h.state = 'open'`),
          ["hold_by_account"],
        ],
      ];

    test.each(questions)(
      "%s is found by index, and no table is read through",
      async (_, question, indexes) => {
        const { rows } = await sql<{ "QUERY PLAN": [{ Plan: Plan }] }>`
        explain (format json) ${question()}`.execute(db);
        const nodes = rows.flatMap((row) => nodesOf(row["QUERY PLAN"][0].Plan));
        expect(nodes.filter((node) => node["Node Type"] === "Seq Scan")).toEqual([]);
        const used = nodes.flatMap((node) => node["Index Name"] ?? []);
        expect([...new Set(used)]).toEqual(expect.arrayContaining([...indexes]));
      },
    );

    test("the answers are right, and each comes without reading much", async () => {
      // The plan's buffers say more than a clock on a machine that others use.
      const buffers = async (query: RawBuilder<unknown>): Promise<number> => {
        const { rows } = await sql<{ "QUERY PLAN": [{ Plan: Record<string, number> }] }>`
          explain (analyze, buffers, format json) ${query}`.execute(db);
        const plan = rows[0]?.["QUERY PLAN"][0].Plan ?? {};
        return (plan["Shared Hit Blocks"] ?? 0) + (plan["Shared Read Blocks"] ?? 0);
      };
      expect(await store.balanceAt(busy, at)).toBe(-40_000n);
      // Of the day after it, those of its own that are booked a day earlier count already: one in 970 of 86,400.
      expect(await store.balanceAt(busy, at, { by: "booking" })).toBe(-40_089n);
      expect(await store.balanceAt(quiet, 5 * SECOND)).toBe(1n);
      const { lines, next } = await store.statement(busy, { from: 499_980 * SECOND });
      expect(lines.map(({ entry, balanceAfter }) => [entry, balanceAfter])).toEqual([
        [499_980, -49_998n],
        [499_990, -49_999n],
        [500_000, -50_000n],
      ]);
      expect(next).toBeUndefined();
      expect((await store.entryByKey("key 77700"))?.postings).toHaveLength(2);
      expect((await store.corrections(9_999)).map(({ number }) => number)).toEqual([10_000]);

      expect(await buffers(balancesQuery(SCHEMA, [busy]))).toBeLessThan(10);
      for (const account of [busy, quiet]) {
        expect(await buffers(balanceAtQuery(SCHEMA, account, at, "entry"))).toBeLessThan(50);
        for (const position of [start, cursor]) {
          const query = statementQuery(SCHEMA, account, {
            ...page,
            by: "booking",
            cursor: position,
          });
          expect(await buffers(query)).toBeLessThan(4_000);
        }
      }
    });
  });
} else {
  test.skip(`plans in PostgreSQL: skipped, ${missing}`, () => {});
}
