import { type Kysely, sql } from "kysely";
import { ACCOUNT_STATUSES, type AccountOpening } from "../account.ts";
import { invariant } from "../invariant.ts";
import { putStatuses } from "./account-statuses.ts";
import { numberArray, textArray } from "./array-literal.ts";
import { BatchJudge } from "./batch-judge.ts";
import type { Columns } from "./columns.ts";
import { selectEntries } from "./entry-rows.ts";
import { dueQuery, selectStoredHolds } from "./hold-rows.ts";
import { insertAccounts, insertEntries } from "./insert-rows.ts";
import { putNumbers, takeNumbers } from "./ledger-authority.ts";
import { type StoreCommand, type StoreOutcome, Touched } from "./store-command.ts";
import { LostRace } from "./store-failure.ts";
import type {
  ChangedHold,
  ChangedRows,
  LedgerTurn,
  LoadedAccount,
  LoadedRows,
  PostedEntry,
  SqlHold,
  StoredHold,
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
  columns: Columns,
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
  await write(db, schema, columns, judge.changes());
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
  for (const { hold } of holds) {
    const { id, account, state } = hold;
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
  for (const { hold } of await holdsOf(db, schema, touched.spentHolds)) {
    if (hold.state === "open") touched.accounts.add(hold.account);
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
): Promise<StoredHold[]> =>
  ids.size === 0
    ? []
    : selectStoredHolds(db, schema, sql`h.id = any(${numberArray([...ids])}::text::int8[])`);

const write = async <Database>(
  db: Kysely<Database>,
  schema: string,
  columns: Columns,
  changed: ChangedRows,
): Promise<void> => {
  const { opened, entries, statuses, holds } = changed;
  if (opened.length > 0 || entries.length > 0) await putNumbers(db, schema, changed.numbers);
  if (opened.length > 0) await insertAccounts(db, schema, columns, opened);
  if (statuses.length > 0) await putStatuses(db, schema, statuses);
  if (entries.length > 0) await insertEntries(db, schema, columns, entries);
  const capturing = entries.filter(({ captures }) => captures.length > 0);
  if (capturing.length > 0) await insertCaptures(db, schema, columns, capturing);
  const balances = balanceChanges(changed);
  if (balances.length > 0) await updateBalances(db, schema, columns, balances);
  if (holds.length > 0) await putHolds(db, schema, columns, holds);
};

const insertCaptures = async <Database>(
  db: Kysely<Database>,
  schema: string,
  columns: Columns,
  entries: readonly PostedEntry[],
): Promise<void> => {
  const rows = entries.flatMap(({ entry, captures }) =>
    captures.map(({ hold, amount }, index) => ({ entry: entry.number, index, hold, amount })),
  );
  await sql`
    insert into ${sql.table(`${schema}.capture`)} (entry, index, hold, amount)
    select unnest(${columns.int8(rows.map(({ entry }) => entry))}),
      unnest(${columns.int4(rows.map(({ index }) => index))}),
      unnest(${columns.int8(rows.map(({ hold }) => hold))}),
      unnest(${columns.numeric(rows.map(({ amount }) => amount))})`.execute(db);
};

/** A row of `balance` as it is to be changed: its figures, unless they stay, and by how much the sum of its holds' checksums grows. */
interface BalanceChange {
  readonly account: number;
  readonly figures: ChangedRows["balances"][number] | undefined;
  holds: number;
}

const balanceChanges = ({ balances, holds }: ChangedRows): BalanceChange[] => {
  const changes = new Map<number, BalanceChange>();
  for (const figures of balances) {
    const { account } = figures;
    changes.set(account, { account, figures, holds: 0 });
  }
  const add = (account: number, checksum: number): void => {
    const change = changes.get(account);
    if (change !== undefined) change.holds += checksum;
    else changes.set(account, { account, figures: undefined, holds: checksum });
  };
  for (const { hold, checksum, before } of holds) {
    add(hold.account, checksum);
    // Of the hold that had the id before; its account may be another one.
    if (before?.checksum !== undefined) add(before.hold.account, -before.checksum);
  }
  return [...changes.values()].sort((one, other) => one.account - other.account);
};

const updateBalances = async <Database>(
  db: Kysely<Database>,
  schema: string,
  columns: Columns,
  changes: readonly BalanceChange[],
): Promise<void> => {
  const figures = changes.map((change) => change.figures);
  await sql`
    update ${sql.table(`${schema}.balance`)} as b
    set amount = coalesce(change.amount, b.amount), held = coalesce(change.held, b.held),
      sequence = coalesce(change.sequence, b.sequence), holds = b.holds + change.holds
    from (
      select unnest(${columns.int8(changes.map(({ account }) => account))}) as account,
        unnest(${columns.numeric(figures.map((one) => one?.balance))}) as amount,
        unnest(${columns.numeric(figures.map((one) => one?.held))}) as held,
        unnest(${columns.int8(figures.map((one) => one?.sequence))}) as sequence,
        unnest(${columns.int8(changes.map(({ holds }) => holds))}) as holds
    ) as change
    where b.account = change.account`.execute(db);
};

/** No checksum is one of these. */
const NO_CHECKSUM = -1;
const NO_HOLD = -2;

/** An id that nobody has open may have been taken by somebody else since it was read, on an account of theirs. */
const putHolds = async <Database>(
  db: Kysely<Database>,
  schema: string,
  columns: Columns,
  unordered: readonly ChangedHold[],
): Promise<void> => {
  const changes = [...unordered].sort((one, other) => one.hold.id - other.hold.id);
  const of = <Value>(value: (hold: SqlHold) => Value): Value[] =>
    changes.map(({ hold }) => value(hold));
  const before = changes.map((one) =>
    one.before === undefined ? NO_HOLD : (one.before.checksum ?? NO_CHECKSUM),
  );
  const { rows } = await sql<{ written: number }>`
    with changed as (
      select unnest(${columns.int8(of(({ id }) => id))}) as id,
        unnest(${columns.int8(of(({ account }) => account))}) as account,
        unnest(${columns.text(of(({ kind }) => kind))}) as kind,
        unnest(${columns.numeric(of(({ opened }) => opened))}) as opened,
        unnest(${columns.numeric(of(({ captured }) => captured))}) as captured,
        unnest(${columns.numeric(of(({ released }) => released))}) as released,
        unnest(${columns.text(of(({ state }) => state))}) as state,
        unnest(${columns.time(of(({ expiresAt }) => expiresAt || undefined))}) as expires_at,
        unnest(${columns.int8(changes.map(({ checksum }) => checksum))}) as checksum,
        unnest(${columns.int8(before)}) as before
    ), written as (
      insert into ${sql.table(`${schema}.hold`)} as h
        (id, account, kind, opened, captured, released, state, expires_at, checksum)
      select id, account, kind, opened, captured, released, state, expires_at, checksum
      from changed
      on conflict (id) do update set account = excluded.account, kind = excluded.kind,
        opened = excluded.opened, captured = excluded.captured, released = excluded.released,
        state = excluded.state, expires_at = excluded.expires_at, checksum = excluded.checksum
      where (h.id, coalesce(h.checksum, ${NO_CHECKSUM}::int8)) in (select id, before from changed)
      returning 1
    )
    select count(*)::int4 as written from written`.execute(db);
  if (rows[0]?.written !== changes.length)
    throw new LostRace("an id of a hold was taken by others");
};
