import { type Kysely, sql } from "kysely";
import type { Account } from "../account.ts";
import { type SchemaOption, schemaName } from "./schema-name.ts";

/** An account and its figures as SQL has them. */
export interface SqlBalance extends Account {
  /** Credit-positive, smallest units. */
  readonly balance: bigint;
  readonly held: bigint;
  /** The sequence number of the command that posted to the account last; 0 if none has. */
  readonly sequence: number;
}

/** Numbers of any size come as text. */
type BalanceRow = Omit<SqlBalance, "account" | "asset" | "balance" | "held" | "sequence"> &
  Readonly<Record<"account" | "asset" | "balance" | "held" | "sequence", string>>;

/** Every account's figures, by number. All of one instant. */
export const readBalances = async <Database>(
  db: Kysely<Database>,
  options: SchemaOption = {},
): Promise<SqlBalance[]> => {
  const schema = schemaName(options);
  const { rows } = await sql<BalanceRow>`
    select a.number::text as account, a.owner, a.sub, a.asset::text, a.kind, a.place, a.bound,
      a.status, b.amount::text as balance, b.held::text, b.sequence::text
    from ${sql.table(`${schema}.account`)} as a
    join ${sql.table(`${schema}.balance`)} as b on b.account = a.number
    order by a.number`.execute(db.withoutPlugins());
  return rows.map((row) => ({
    account: Number(row.account),
    owner: row.owner,
    sub: row.sub,
    asset: Number(row.asset),
    kind: row.kind,
    place: row.place,
    bound: row.bound,
    status: row.status,
    balance: BigInt(row.balance),
    held: BigInt(row.held),
    sequence: Number(row.sequence),
  }));
};

/** The sum of all balances in each asset, by number: zero, each of them. */
export const readTrialBalance = async <Database>(
  db: Kysely<Database>,
  options: SchemaOption = {},
): Promise<Map<number, bigint>> => {
  const schema = schemaName(options);
  const { rows } = await sql<{ asset: string; sum: string }>`
    select a.asset::text, sum(b.amount)::text as sum
    from ${sql.table(`${schema}.account`)} as a
    join ${sql.table(`${schema}.balance`)} as b on b.account = a.number
    group by a.asset
    order by a.asset`.execute(db.withoutPlugins());
  return new Map(rows.map(({ asset, sum }) => [Number(asset), BigInt(sum)]));
};
