import { type Kysely, sql } from "kysely";
import { invariant } from "../../invariant.ts";

/**
 * Throws an `InvariantViolation` unless the tables agree with each other: entries are numbered from 1 without a gap and add up to
 * zero, balances are what postings add up to, each posting builds on the one before, keys stand for one entry, nobody is
 * beyond a bound, and what is held is what open holds say. Plain SQL, and none of the code that it checks.
 */
export const checkLedger = async (
  db: Kysely<unknown>,
  schema: string,
): Promise<{ readonly entries: number }> => {
  const count = async (query: string): Promise<number> => {
    const { rows } = await sql
      .raw<{ count: string }>(`select count(*)::text as count from (${query}) as found`)
      .execute(db);
    return Number(rows[0]?.count);
  };
  const none = async (law: string, query: string): Promise<void> =>
    invariant((await count(query.replaceAll("$.", `${schema}.`))) === 0, law);

  const entries = await count(`select 1 from ${schema}.entry`);
  const numbered = await count(
    `select 1 from ${schema}.entry where number between 1 and ${entries}`,
  );
  invariant(numbered === entries, "entries are numbered from 1 without a gap");
  await none(
    "the authority's numbers are the last that were used",
    `select 1 from $.ledger_authority where entry <> ${entries}
      or account <> (select count(*) from $.account)
      or sequence <> (select coalesce(max(sequence), 0) from $.entry)`,
  );
  await none(
    "every entry has two postings or more",
    "select e.number from $.entry as e left join $.posting as p on p.entry = e.number group by 1 having count(p.entry) < 2",
  );
  await none(
    "every entry adds up to zero in every asset",
    "select p.entry, a.asset from $.posting as p join $.account as a on a.number = p.account group by 1, 2 having sum(p.amount) <> 0",
  );
  await none(
    "balances are what postings add up to",
    `select b.account from $.balance as b left join $.posting as p on p.account = b.account
      group by b.account, b.amount having b.amount <> coalesce(sum(p.amount), 0)`,
  );
  await none(
    "each posting builds on the one before",
    `select 1 from (select balance_after, sum(amount) over (partition by account order by entry, index) as total
      from $.posting) as p where balance_after <> total`,
  );
  await none(
    "a key stands for one entry",
    "select key from $.entry where key is not null group by key having count(*) > 1",
  );
  await none(
    "nobody is beyond a bound",
    `select 1 from $.balance as b join $.account as a on a.number = b.account
      where (a.bound = 'never_below_zero' and b.amount < b.held) or (a.bound = 'never_above_zero' and b.amount > 0)`,
  );
  await none(
    "what is held is what open holds say",
    `select b.account from $.balance as b left join $.hold as h on h.account = b.account and h.state = 'open'
      group by b.account, b.held having b.held <> coalesce(sum(h.opened - h.captured - h.released), 0)`,
  );
  return { entries };
};
