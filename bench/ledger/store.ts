import { LedgerStore, migrate, readTrialBalance } from "@pincex/ledger/sql";
import { type Kysely, sql } from "kysely";
import type { BenchOptions, Print } from "../figure.ts";
import { type BenchDatabase, onEachDatabase } from "./postgres-client.ts";
import { median } from "./trades.ts";

const CALLERS = 512;
const CUSTOMERS = 20_000;
const FUNDS = 10n ** 17n;

/**
 * Holds opened and released a second, straight into SQL, from 512 callers who wait for each answer; beside what a host would write
 * first, a transaction each on eight connections: lock the balance, look, insert the hold, update the balance.
 */
export const holdsInSql = (print: Print, options: BenchOptions): Promise<void> =>
  onEachDatabase(async (database) => {
    const schema = `pincex_bench_${process.pid}`;
    await migrate(database.db, { schema });
    try {
      await measure(database, schema, print, options);
    } finally {
      await sql`drop schema ${sql.id(schema)} cascade`.execute(database.db);
    }
  });

const measure = async (
  { name, db }: BenchDatabase,
  schema: string,
  print: Print,
  { short }: BenchOptions,
): Promise<void> => {
  const store = new LedgerStore(db, { schema });
  const customers = name === "pglite" ? CUSTOMERS / 10 : CUSTOMERS;
  const accounts = await funded(store, customers);
  const account = (n: number): number => accounts[(n * 7_919) % accounts.length] as number;
  const operations = (short ? 10_000 : 40_000) / (name === "pglite" ? 10 : 1);

  const ours: number[] = [];
  const cpu = process.cpuUsage();
  for (let round = 0; round < 3; round++) {
    const id = (n: number): number => 1 + round * operations + n;
    const hold = (n: number) =>
      store.hold({ id: id(n), account: account(n), amount: 5n, kind: "order" });
    ours.push(await perSecond(operations, CALLERS, async (n) => accepted(await hold(n))));
    ours.push(
      await perSecond(operations, CALLERS, async (n) => accepted(await store.release(id(n)))),
    );
  }
  const { user, system } = process.cpuUsage(cpu);
  const each = operations / 20;
  const first = 1 + 3 * operations;
  const theirs = await perSecond(each, 8, (n) => holdAlone(db, schema, first + n, account(n)));
  for (const [asset, sum] of await readTrialBalance(db, { schema })) {
    if (sum !== 0n) throw new Error(`asset ${asset} adds up to ${sum}`);
  }
  print({
    bench: `ledger/holds-${name}`,
    ours: Math.round(median(ours)),
    unit: "hold operations/s",
    peer: "a transaction each, 8 connections",
    theirs: Math.round(theirs),
    ratio: Math.round((median(ours) / theirs) * 10) / 10,
    note: `${CALLERS} callers, ${customers} accounts, half holds, half releases, median of ${ours.length} rounds of ${operations}; ${Math.round((user + system) / (6 * operations))} µs of this process each`,
  });
};

/** The accounts of so many customers, each with funds. */
const funded = async (store: LedgerStore, customers: number): Promise<number[]> => {
  const opened = await Promise.all(
    Array.from({ length: customers + 1 }, (_, n) =>
      store.openAccount({ owner: `owner ${n}`, asset: 1, kind: n === 0 ? "custody" : "customer" }),
    ),
  );
  const [wallet = 0, ...accounts] = opened.map((one) => (one.ok ? one.account : 0));
  for (let from = 0; from < accounts.length; from += 1_000) {
    const postings = accounts.slice(from, from + 1_000).flatMap((account) => [
      { account: wallet, amount: -FUNDS },
      { account, amount: FUNDS },
    ]);
    accepted(await store.post({ kind: "deposit", at: 0, postings }));
  }
  return accounts;
};

const accepted = (answer: { readonly ok: boolean }): void => {
  if (!answer.ok) throw new Error(JSON.stringify(answer));
};

const perSecond = async (
  count: number,
  callers: number,
  act: (n: number) => Promise<void>,
): Promise<number> => {
  let next = 0;
  const started = performance.now();
  const call = async (): Promise<void> => {
    while (next < count) await act(next++);
  };
  await Promise.all(Array.from({ length: callers }, call));
  return (count * 1_000) / (performance.now() - started);
};

const holdAlone = async (
  db: Kysely<unknown>,
  schema: string,
  id: number,
  account: number,
): Promise<void> => {
  const balance = sql.table(`${schema}.balance`);
  await db.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ available: string }>`
      select (amount - held)::text as available from ${balance}
      where account = ${account}::int8 for update`.execute(transaction);
    if (BigInt(rows[0]?.available ?? 0) < 5n) throw new Error("not covered");
    await sql`
      insert into ${sql.table(`${schema}.hold`)} (id, account, kind, opened, captured, released, state)
      values (${id}::int8, ${account}::int8, 'order', 5, 0, 0, 'open')`.execute(transaction);
    await sql`
      update ${balance} set held = held + 5 where account = ${account}::int8`.execute(transaction);
  });
};
