import { type Kysely, sql } from "kysely";
import type { Account } from "../account.ts";
import { sealedStatuses } from "./account-seals.ts";
import { byteaArray, numberArray, textArray } from "./array-literal.ts";

/**
 * Writes the statuses that accounts have from now on, and adds each to the history of statuses, in the order that they were set in.
 *
 * The caller's transaction is the only one that sets statuses meanwhile.
 */
export const putStatuses = async <Database>(
  db: Kysely<Database>,
  schema: string,
  statuses: readonly Pick<Account, "account" | "status">[],
): Promise<void> => {
  const set = await sealedStatuses(db, schema, statuses);
  await sql`
    insert into ${sql.table(`${schema}.account_status`)} (number, account, status, seal)
    select * from unnest(
      ${numberArray(set.map(({ number }) => number))}::text::int8[],
      ${numberArray(set.map(({ account }) => account))}::text::int8[],
      ${textArray(set.map(({ status }) => status))}::text::text[],
      ${byteaArray(set.map(({ seal }) => seal))}::text::bytea[])`.execute(db);
  const last = new Map(statuses.map(({ account, status }) => [account, status]));
  const accounts = [...last].sort(([one], [other]) => one - other);
  await sql`
    update ${sql.table(`${schema}.account`)} as a set status = change.status
    from unnest(
      ${numberArray(accounts.map(([account]) => account))}::text::int8[],
      ${textArray(accounts.map(([, status]) => status))}::text::text[]
    ) as change (account, status)
    where a.number = change.account`.execute(db);
};
