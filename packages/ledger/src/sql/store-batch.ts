import { type Kysely, sql } from "kysely";
import { ACCOUNT_STATUSES, type AccountOpening } from "../account.ts";
import { invariant } from "../invariant.ts";
import { putStatuses } from "./account-statuses.ts";
import { numberArray, optionalNumberArray, textArray } from "./array-literal.ts";
import { BatchJudge } from "./batch-judge.ts";
import { timeOf } from "./command-time.ts";
import { selectEntries } from "./entry-rows.ts";
import { holdChecksum } from "./hold-checksum.ts";
import { dueQuery, selectHolds } from "./hold-rows.ts";
import { insertAccounts, insertEntries } from "./insert-rows.ts";
import { putNumbers, takeNumbers } from "./ledger-authority.ts";
import { type StoreCommand, type StoreOutcome, Touched } from "./store-command.ts";
import { LostRace } from "./store-failure.ts";
import type {
  ChangedRows,
  LedgerTurn,
  LoadedAccount,
  LoadedRows,
  PostedEntry,
  SqlHold,
} from "./store-rows.ts";

/** What a command came to: an outcome, or what is thrown at whoever gave it. */
export type Verdict = { readonly outcome: StoreOutcome } | { readonly thrown: unknown };

const NO_NUMBERS: LedgerTurn = { account: 0, entry: 0, sequence: 0, entryTypes: [] };

/**
 * Takes commands in a transaction that is given: locks and reads what they touch, lets the books judge them one after the
 * other, and writes what has changed, a statement for each table.
 *
 * Everybody locks in the same order: first the numbers, if any may be given, then accounts by number. A hold is its account's. So
 * nobody waits in a circle, unless a transaction is used several times.
 */
export const runBatch = async <Database>(
  db: Kysely<Database>,
  schema: string,
  commands: readonly StoreCommand[],
): Promise<Verdict[]> => {
  const touched = new Touched(commands);
  const loaded = await load(db, schema, touched);
  const judge = new BatchJudge(loaded);
  const verdicts = commands.map((command): Verdict => {
    try {
      return { outcome: judge.judge(command) };
    } catch (thrown) {
      if (!(thrown instanceof TypeError || thrown instanceof RangeError)) throw thrown;
      return { thrown };
    }
  });
  await write(db, schema, loaded, judge.changes());
  return verdicts;
};

const load = async <Database>(
  db: Kysely<Database>,
  schema: string,
  touched: Touched,
): Promise<LoadedRows> => {
  const numbers = touched.needsNumbers ? await takeNumbers(db, schema) : NO_NUMBERS;
  await findAccounts(db, schema, touched);
  const accounts = await lockAccounts(db, schema, touched.accounts);
  // Read once more, or for the first time, now that nobody else can change them.
  const holds = await holdsOf(db, schema, touched.holds);
  const locked = new Set(accounts.map(({ account }) => account));
  for (const { id, account, state } of holds) {
    if (state === "open" && touched.spentHolds.has(id) && !locked.has(account)) {
      throw new LostRace(`hold ${id} was opened on another account`);
    }
  }
  const keys = textArray([...touched.keys]);
  const remembered =
    touched.keys.size === 0
      ? []
      : await selectEntries(db, schema, sql`e.key = any(${keys}::text::text[])`);
  return { numbers, accounts, holds, remembered };
};

/** Adds the accounts of holds that are spent or due, and those that have the names of such as are to be opened. */
const findAccounts = async <Database>(
  db: Kysely<Database>,
  schema: string,
  touched: Touched,
): Promise<void> => {
  for (const { at, most } of touched.expiries) {
    for (const id of await selectDue(db, schema, at, most)) {
      touched.holds.add(id);
      touched.spentHolds.add(id);
    }
  }
  for (const { account, state } of await holdsOf(db, schema, touched.spentHolds)) {
    if (state === "open") touched.accounts.add(account);
  }
  if (touched.openings.length === 0) return;
  for (const account of await selectNamed(db, schema, touched.openings)) {
    touched.accounts.add(account);
  }
};

/** Whether a time can be asked for; anything else the books throw at. */
const isTime = (at: number): boolean => Number.isSafeInteger(at) && at >= 0 && at <= LAST_TIME;
const LAST_TIME = 8_640_000_000_000_000;

const selectDue = async <Database>(
  db: Kysely<Database>,
  schema: string,
  at: number,
  most: number,
): Promise<number[]> => {
  if (!isTime(at)) return [];
  const { rows } = await dueQuery(schema, at, most).execute(db);
  return rows.map(({ id }) => Number(id));
};

const selectNamed = async <Database>(
  db: Kysely<Database>,
  schema: string,
  openings: readonly AccountOpening[],
): Promise<number[]> => {
  const { rows } = await sql<{ number: string }>`
    select a.number::text
    from unnest(
      ${textArray(openings.map(({ owner }) => owner))}::text::text[],
      ${textArray(openings.map(({ sub = "" }) => sub))}::text::text[],
      ${numberArray(openings.map(({ asset }) => asset))}::text::int4[],
      ${textArray(openings.map(({ kind }) => kind))}::text::text[],
      ${textArray(openings.map(({ place = "" }) => place))}::text::text[]
    ) as named (owner, sub, asset, kind, place)
    join ${sql.table(`${schema}.account`)} as a using (owner, sub, asset, kind, place)`.execute(db);
  return rows.map(({ number }) => Number(number));
};

type AccountRow = Pick<LoadedAccount, "owner" | "sub" | "kind" | "place" | "bound" | "status"> &
  Readonly<Record<"number" | "asset", string>>;

/**
 * Locks accounts in the order of their numbers and reads them.
 *
 * Two statements, because the first one waits: what it sees of other tables may be older than what it locks in the end.
 */
const lockAccounts = async <Database>(
  db: Kysely<Database>,
  schema: string,
  numbers: ReadonlySet<number>,
): Promise<LoadedAccount[]> => {
  if (numbers.size === 0) return [];
  const asked = numberArray([...numbers]);
  const { rows: figures } = await sql<Record<"account" | "amount" | "held" | "sequence", string>>`
    select b.account::text, b.amount::text, b.held::text, b.sequence::text
    from ${sql.table(`${schema}.balance`)} as b
    where b.account = any(${asked}::text::int8[]) order by b.account for update`.execute(db);
  const { rows: accounts } = await sql<AccountRow>`
    select a.number::text, a.owner, a.sub, a.asset::text, a.kind, a.place, a.bound, a.status
    from ${sql.table(`${schema}.account`)} as a
    where a.number = any(${asked}::text::int8[])`.execute(db);
  const byNumber = new Map(accounts.map((row) => [row.number, row]));
  return figures.map(({ account, amount, held, sequence }) => {
    const row = byNumber.get(account);
    invariant(row !== undefined, "every balance is an account's");
    const { number: _, asset, ...rest } = row;
    invariant(ACCOUNT_STATUSES.includes(row.status), "an account is open, frozen or closed");
    return {
      ...rest,
      account: Number(account),
      asset: Number(asset),
      balance: BigInt(amount),
      held: BigInt(held),
      sequence: Number(sequence),
    };
  });
};

const holdsOf = async <Database>(
  db: Kysely<Database>,
  schema: string,
  ids: ReadonlySet<number>,
): Promise<SqlHold[]> =>
  ids.size === 0
    ? []
    : selectHolds(db, schema, sql`h.id = any(${numberArray([...ids])}::text::int8[])`);

const write = async <Database>(
  db: Kysely<Database>,
  schema: string,
  { holds }: LoadedRows,
  changed: ChangedRows,
): Promise<void> => {
  const { opened, entries, statuses, balances } = changed;
  if (opened.length > 0 || entries.length > 0) await putNumbers(db, schema, changed.numbers);
  if (opened.length > 0) await insertAccounts(db, schema, opened);
  if (statuses.length > 0) await putStatuses(db, schema, statuses);
  if (entries.length > 0) await insertEntries(db, schema, entries);
  const capturing = entries.filter(({ captures }) => captures.length > 0);
  if (capturing.length > 0) await insertCaptures(db, schema, capturing);
  if (balances.length > 0) await updateBalances(db, schema, balances);
  const wereOpen = new Set(holds.filter(({ state }) => state === "open").map(({ id }) => id));
  if (changed.holds.length > 0) await putHolds(db, schema, changed.holds, wereOpen);
};

const insertCaptures = async <Database>(
  db: Kysely<Database>,
  schema: string,
  entries: readonly PostedEntry[],
): Promise<void> => {
  const rows = entries.flatMap(({ entry, captures }) =>
    captures.map(({ hold, amount }, index) => ({ entry: entry.number, index, hold, amount })),
  );
  await sql`
    insert into ${sql.table(`${schema}.capture`)} (entry, index, hold, amount)
    select * from unnest(
      ${numberArray(rows.map(({ entry }) => entry))}::text::int8[],
      ${numberArray(rows.map(({ index }) => index))}::text::int4[],
      ${numberArray(rows.map(({ hold }) => hold))}::text::int8[],
      ${numberArray(rows.map(({ amount }) => amount))}::text::numeric[])`.execute(db);
};

const updateBalances = async <Database>(
  db: Kysely<Database>,
  schema: string,
  balances: ChangedRows["balances"],
): Promise<void> => {
  await sql`
    update ${sql.table(`${schema}.balance`)} as b
    set amount = change.amount, held = change.held, sequence = change.sequence
    from unnest(
      ${numberArray(balances.map(({ account }) => account))}::text::int8[],
      ${numberArray(balances.map(({ balance }) => balance))}::text::numeric[],
      ${numberArray(balances.map(({ held }) => held))}::text::numeric[],
      ${numberArray(balances.map(({ sequence }) => sequence))}::text::int8[]
    ) as change (account, amount, held, sequence)
    where b.account = change.account`.execute(db);
};

/** An id that wasn't open may have been opened by somebody else since it was read, on an account of theirs. */
const putHolds = async <Database>(
  db: Kysely<Database>,
  schema: string,
  unordered: readonly SqlHold[],
  wereOpen: ReadonlySet<number>,
): Promise<void> => {
  const holds = [...unordered].sort((one, other) => one.id - other.id);
  const times = holds.map(({ expiresAt }) => (expiresAt === 0 ? undefined : expiresAt));
  const { rows } = await sql<{ written: number }>`
    with changed as (
      select id, account, kind, opened, captured, released, state,
        ${timeOf(sql`expires_at`)} as expires_at, checksum, was_open
      from unnest(
        ${numberArray(holds.map(({ id }) => id))}::text::int8[],
        ${numberArray(holds.map(({ account }) => account))}::text::int8[],
        ${textArray(holds.map(({ kind }) => kind))}::text::text[],
        ${numberArray(holds.map(({ opened }) => opened))}::text::numeric[],
        ${numberArray(holds.map(({ captured }) => captured))}::text::numeric[],
        ${numberArray(holds.map(({ released }) => released))}::text::numeric[],
        ${textArray(holds.map(({ state }) => state))}::text::text[],
        ${optionalNumberArray(times)}::text::int8[],
        ${numberArray(holds.map(holdChecksum))}::text::int8[],
        ${textArray(holds.map(({ id }) => String(wereOpen.has(id))))}::text::boolean[]
      ) as told
        (id, account, kind, opened, captured, released, state, expires_at, checksum, was_open)
    ), written as (
      insert into ${sql.table(`${schema}.hold`)} as h
        (id, account, kind, opened, captured, released, state, expires_at, checksum)
      select id, account, kind, opened, captured, released, state, expires_at, checksum
      from changed order by id
      on conflict (id) do update set account = excluded.account, kind = excluded.kind,
        opened = excluded.opened, captured = excluded.captured, released = excluded.released,
        state = excluded.state, expires_at = excluded.expires_at, checksum = excluded.checksum
      where h.state <> 'open' or h.id in (select id from changed where was_open)
      returning 1
    )
    select count(*)::int4 as written from written`.execute(db);
  if (rows[0]?.written !== holds.length) throw new LostRace("an id of a hold was taken by others");
};
