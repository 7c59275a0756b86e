import { Kysely, sql } from "kysely";
import { expect, test } from "vitest";
import { LedgerStore, migrate, postgresDialect, readTrialBalance } from "./index.ts";
import { checkLedger } from "./testing/check-ledger.ts";
import { fundCustomers, pay } from "./testing/ledger-traffic.ts";
import { createDatabase, missingServer } from "./testing/postgres-server.ts";

const missing = await missingServer();
const SCHEMA = "parts";

/** A table of the same columns, keys and indexes in partitions, in place of an empty one. */
const partitioned = (table: string, by: string, partitions: readonly string[]): string[] => [
  `alter table ${SCHEMA}.${table} rename to whole_${table}`,
  `create table ${SCHEMA}.${table} (like ${SCHEMA}.whole_${table} including all) partition by ${by}`,
  `drop table ${SCHEMA}.whole_${table}`,
  ...partitions.map(
    (values, index) =>
      `create table ${SCHEMA}.${table}_${index} partition of ${SCHEMA}.${table} for values ${values}`,
  ),
];

if (missing === undefined) {
  test("a ledger runs on partitioned postings and balances", { timeout: 60_000 }, async () => {
    const database = await createDatabase();
    try {
      const db = new Kysely<unknown>({ dialect: postgresDialect(database.connect()) });
      await migrate(db, { schema: SCHEMA });
      for (const statement of [
        ...partitioned("posting", "range (entry)", [
          "from (minvalue) to (50)",
          "from (50) to (150)",
          "from (150) to (maxvalue)",
        ]),
        ...partitioned("balance", "hash (account)", [
          "with (modulus 2, remainder 0)",
          "with (modulus 2, remainder 1)",
        ]),
        `create trigger append_only before update or delete or truncate on ${SCHEMA}.posting
          for each statement execute function ${SCHEMA}.refuse_change()`,
      ]) {
        await sql.raw(statement).execute(db);
      }
      const store = new LedgerStore(db, { schema: SCHEMA });
      await fundCustomers(store);
      const paid = await Promise.all(Array.from({ length: 200 }, (_, n) => pay(store, n + 1)));
      expect(paid.filter(({ ok }) => !ok)).toEqual([]);

      const { entries } = await checkLedger(db, SCHEMA);
      expect(entries).toBe(19 + 200);
      expect(await readTrialBalance(db, { schema: SCHEMA })).toEqual(new Map([[1, 0n]]));
      const { balance } = await store.balance(7);
      expect(await store.balanceAt(7, 1_000)).toBe(balance);
      const { lines } = await store.statement(7);
      expect(lines.at(-1)?.balanceAfter).toBe(balance);
      expect(lines.reduce((sum, { amount }) => sum + amount, 0n)).toBe(balance);
      const removal = sql`delete from ${sql.table(`${SCHEMA}.posting`)}`;
      await expect(removal.execute(db)).rejects.toThrow("is append-only");
    } finally {
      await database.drop();
    }
  });
} else {
  test.skip(`a ledger on partitioned tables: skipped, ${missing}`, () => {});
}
