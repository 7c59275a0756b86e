import { type Kysely, sql } from "kysely";
import type { AccountKind } from "../account.ts";
import { type SchemaOption, schemaName } from "./schema-name.ts";

/** An account's figures as SQL has them. */
export interface SqlBalance {
  readonly account: number;
  readonly owner: string;
  readonly asset: number;
  readonly kind: AccountKind;
  /** Credit-positive, smallest units. */
  readonly balance: bigint;
  readonly held: bigint;
  /** The sequence number of the command that posted to the account last; 0 if none has. */
  readonly sequence: number;
}

/** Every account's figures, by number. All of one instant. */
export const readBalances = async <Database>(
  db: Kysely<Database>,
  options: SchemaOption = {},
): Promise<SqlBalance[]> => {
  const schema = schemaName(options);
  const { rows } = await sql<Record<string, string>>`
    select a.number::text as account, a.owner, a.asset::text, a.kind, b.amount::text as balance,
      b.held::text, b.sequence::text
    from ${sql.table(`${schema}.account`)} as a
    join ${sql.table(`${schema}.balance`)} as b on b.account = a.number
    order by a.number`.execute(db.withoutPlugins());
  return rows.map(({ account, owner = "", asset, kind, balance = "", held = "", sequence }) => ({
    account: Number(account),
    owner,
    asset: Number(asset),
    kind: kind as AccountKind,
    balance: BigInt(balance),
    held: BigInt(held),
    sequence: Number(sequence),
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
