import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Account } from "../account.ts";
import type { Entry } from "../entry.ts";
import type { Hold } from "../hold.ts";
import type { AccountFigures } from "../ledger.ts";
import { numberArray } from "./array-literal.ts";
import { selectEntries } from "./entry-rows.ts";
import { selectHolds } from "./hold-rows.ts";

import { isName, isRowNumber, isText } from "./store-command.ts";
import { openHold, type SqlHold } from "./store-rows.ts";

/** What an account has, in the asset's smallest unit. */
export interface AccountBalance extends AccountFigures {
  /** Balance minus holds. */
  readonly available: bigint;
  /** The sequence number of what was posted to it last; 0 if nothing was. */
  readonly sequence: number;
}

type BalanceRow = Readonly<Record<"account" | "amount" | "held" | "sequence", string>>;

/** The statement, for whoever wants to see its plan. */
export const balancesQuery = (
  schema: string,
  accounts: readonly number[],
): RawBuilder<BalanceRow> =>
  sql<BalanceRow>`
    select b.account::text, b.amount::text, b.held::text, b.sequence::text
    from ${sql.table(`${schema}.balance`)} as b
    where b.account = any(${numberArray(accounts)}::text::int8[])`;

export const readSomeBalances = async <Database>(
  db: Kysely<Database>,
  schema: string,
  accounts: readonly number[],
): Promise<AccountBalance[]> => {
  const wrong = accounts.find((account) => !isRowNumber(account));
  if (wrong !== undefined) throwUnknown(wrong);
  const { rows } = await balancesQuery(schema, accounts).execute(db);
  const byAccount = new Map(rows.map((row) => [Number(row.account), row]));
  return accounts.map((account) => {
    const row = byAccount.get(account) ?? throwUnknown(account);
    const balance = BigInt(row.amount);
    const held = BigInt(row.held);
    return { account, balance, held, available: balance - held, sequence: Number(row.sequence) };
  });
};

export const readAllBalances = async <Database>(
  db: Kysely<Database>,
  schema: string,
): Promise<AccountFigures[]> => {
  const { rows } = await sql<BalanceRow>`
    select b.account::text, b.amount::text, b.held::text
    from ${sql.table(`${schema}.balance`)} as b order by b.account`.execute(db);
  return rows.map(({ account, amount, held }) => ({
    account: Number(account),
    balance: BigInt(amount),
    held: BigInt(held),
  }));
};

const throwUnknown = (account: number): never => {
  throw new RangeError(`expected the number of an account, was ${account}`);
};

export const accountNumber = async <Database>(
  db: Kysely<Database>,
  schema: string,
  name: Required<Pick<Account, "owner" | "sub" | "asset" | "kind" | "place">>,
): Promise<number> => {
  if (!isName(name)) return 0;
  const { rows } = await sql<{ number: string }>`
    select a.number::text from ${sql.table(`${schema}.account`)} as a
    where a.owner = ${name.owner}::text and a.sub = ${name.sub}::text
      and a.asset = ${name.asset}::int4 and a.kind = ${name.kind}::text
      and a.place = ${name.place}::text`.execute(db);
  return Number(rows[0]?.number ?? 0);
};

export const accountOfNumber = async <Database>(
  db: Kysely<Database>,
  schema: string,
  number: number,
): Promise<Account | undefined> => {
  if (!isRowNumber(number)) return undefined;
  const { rows } = await sql<Omit<Account, "account">>`
    select a.owner, a.sub, a.asset, a.kind, a.place, a.bound, a.status
    from ${sql.table(`${schema}.account`)} as a where a.number = ${number}::int8`.execute(db);
  return rows[0] === undefined ? undefined : { account: number, ...rows[0] };
};

export const entryOfNumber = async <Database>(
  db: Kysely<Database>,
  schema: string,
  number: number,
): Promise<Entry | undefined> => {
  if (!isRowNumber(number)) return undefined;
  const [stored] = await selectEntries(db, schema, sql`e.number = ${number}::int8`);
  return stored?.entry;
};

/** The condition on `e`, for whoever wants to see its plan. */
export const hasKey = (key: string): RawBuilder<unknown> => sql`e.key = ${key}::text`;

export const entryOfKey = async <Database>(
  db: Kysely<Database>,
  schema: string,
  key: string,
): Promise<Entry | undefined> => {
  if (key === "" || !isText(key, KEY_LIMIT)) return undefined;
  const stored = await selectEntries(db, schema, hasKey(key));
  return stored.at(-1)?.entry;
};

const KEY_LIMIT = 128;

/** The condition on `e`, for whoever wants to see its plan. */
export const corrects = (number: number): RawBuilder<unknown> => sql`e.corrects = ${number}::int8`;

export const correctionsOf = async <Database>(
  db: Kysely<Database>,
  schema: string,
  number: number,
): Promise<Entry[]> => {
  if (!isRowNumber(number)) return [];
  const stored = await selectEntries(db, schema, corrects(number));
  return stored.map(({ entry }) => entry);
};

export const holdOfId = async <Database>(
  db: Kysely<Database>,
  schema: string,
  id: number,
): Promise<SqlHold | undefined> => {
  if (!isRowNumber(id)) return undefined;
  const [hold] = await selectHolds(db, schema, sql`h.id = ${id}::int8`);
  return hold;
};

export const openHoldsOf = async <Database>(
  db: Kysely<Database>,
  schema: string,
  account: number,
): Promise<Hold[]> => {
  if (!isRowNumber(account)) return [];
  const holds = await selectHolds(
    db,
    schema,
    sql`h.account = ${account}::int8 and h.state = 'open'`,
  );
  return holds.map(openHold).sort((one, other) => one.id - other.id);
};
