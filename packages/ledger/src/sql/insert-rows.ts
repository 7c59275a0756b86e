import { type Kysely, type RawBuilder, sql } from "kysely";
import { type AccountBound, type AccountOpening, CHART_OF_ACCOUNTS } from "../account.ts";
import type { Capture, Entry } from "../entry.ts";
import { entrySeal } from "../proofs/entry-seal.ts";
import { accountSeals } from "./account-seals.ts";
import type { Columns } from "./columns.ts";
import { completesBlock, sealBlocks } from "./ledger-blocks.ts";
import { nativeSha256 } from "./native-sha256.ts";
import type { ProjectedAccount, ProjectedEntry } from "./projection-batch.ts";

// What a copy of the books and a ledger that is posted to in SQL write in the same way: accounts, entries and postings.

/** Writes accounts that were opened, each with its seal and a balance of zero. */
export const insertAccounts = async <Database>(
  db: Kysely<Database>,
  schema: string,
  columns: Columns,
  accounts: readonly ProjectedAccount[],
): Promise<void> => {
  const opened = accounts
    .map((account) => ({ sub: "", place: "", ...account, bound: boundOf(account) }))
    .sort((one, other) => one.number - other.number);
  const numbers = columns.int8(opened.map(({ number }) => number));
  const texts = (of: (one: (typeof opened)[number]) => string): RawBuilder<unknown> =>
    columns.text(opened.map(of));
  const seals = await accountSeals(db, schema, opened);
  await sql`
    insert into ${sql.table(`${schema}.account`)}
      (number, owner, sub, asset, kind, place, bound, seal)
    select unnest(${numbers}), unnest(${texts(({ owner }) => owner)}),
      unnest(${texts(({ sub }) => sub)}),
      unnest(${columns.int4(opened.map(({ asset }) => asset))}),
      unnest(${texts(({ kind }) => kind)}), unnest(${texts(({ place }) => place)}),
      unnest(${texts(({ bound }) => bound)}), unnest(${columns.bytea(seals)})`.execute(db);
  await sql`
    insert into ${sql.table(`${schema}.balance`)} (account, amount, held, sequence)
    select unnest(${numbers}), 0, 0, 0`.execute(db);
};

const boundOf = ({ kind, bound = CHART_OF_ACCOUNTS[kind].bound }: AccountOpening): AccountBound =>
  bound;

/** An entry to be written, and what it captured, where that is known. */
type WrittenEntry = ProjectedEntry & { readonly captures?: readonly Capture[] };

/** Writes entries, see `EntryInsertion`. */
export const insertEntries = <Database>(
  db: Kysely<Database>,
  schema: string,
  columns: Columns,
  entries: readonly WrittenEntry[],
): Promise<void> => new EntryInsertion(schema, entries).run(db, columns);

/**
 * Writes entries with their postings and seals, in the order of their numbers, and seals the blocks that they complete.
 *
 * Half of the time goes into seals and texts for the database. `prepare` makes them beforehand, while the database has other things to do.
 */
export class EntryInsertion {
  readonly #schema: string;
  readonly #entries: readonly WrittenEntry[];
  #prepared: PreparedEntries | undefined;

  constructor(schema: string, entries: readonly WrittenEntry[]) {
    this.#schema = schema;
    this.#entries = entries;
  }

  /** Throws a `RangeError` for an entry that has no canonical form. */
  prepare(columns: Columns): PreparedEntries {
    this.#prepared ??= preparedEntries(this.#schema, columns, this.#entries);
    return this.#prepared;
  }

  /**
   * The caller's transaction is the only one that writes entries meanwhile. While the database takes the postings, there is time for
   * something else: `meanwhile` is called.
   */
  async run<Database>(
    db: Kysely<Database>,
    columns: Columns,
    meanwhile?: () => Promise<void>,
  ): Promise<void> {
    const entries = this.#entries;
    const schema = this.#schema;
    const { seals, rows, postings } = this.prepare(columns);
    const { rows: outOfOrder } = await rows.execute(db);
    await Promise.all([postings.execute(db), meanwhile?.()]);
    const late = new Set(outOfOrder.map(({ number }) => Number(number)));
    const isLate = ({ entry }: ProjectedEntry): boolean => late.has(entry.number);
    const apart = entries.filter((one) => isLate(one) || one.entry.bookedAt !== one.entry.at);
    if (apart.length > 0) {
      await outOfOrderInsertion(schema, columns, apart, apart.map(isLate)).execute(db);
    }
    if (endsBlock(entries)) await sealBlocks(db, { schema }, seals);
  }
}

/** What is needed to write entries. */
interface PreparedEntries {
  readonly seals: ReadonlyMap<number, Uint8Array>;
  /** Answers the numbers of those that are out of order. */
  readonly rows: RawBuilder<{ number: string }>;
  readonly postings: RawBuilder<unknown>;
}

const preparedEntries = (
  schema: string,
  columns: Columns,
  entries: readonly WrittenEntry[],
): PreparedEntries => {
  const seals = sealsOf(entries);
  return {
    seals,
    rows: entryRowsInsertion(schema, columns, entries, seals),
    postings: postingsInsertion(schema, columns, entries),
  };
};

/** By number of entry, in order. */
const sealsOf = (entries: readonly WrittenEntry[]): Map<number, Uint8Array> =>
  new Map(
    entries.map(({ sequence, entry, captures }) => [
      entry.number,
      entrySeal({ ...entry, sequence, captures }, nativeSha256),
    ]),
  );

const endsBlock = (entries: readonly ProjectedEntry[]): boolean =>
  completesBlock(entries[0]?.entry.number ?? 1, entries.at(-1)?.entry.number ?? 0);

/** An entry is out of order if its time is before that of one that was written with it, or of one that stands in the table. */
const entryRowsInsertion = (
  schema: string,
  columns: Columns,
  entries: readonly ProjectedEntry[],
  seals: ReadonlyMap<number, Uint8Array>,
): RawBuilder<{ number: string }> => {
  const table = sql.table(`${schema}.entry`);
  const told = entries.map(({ entry }) => entry);
  return sql<{ number: string }>`
    with inserted as (
      insert into ${table}
        (number, sequence, kind, at, booked_at, key, memo, corrects, seal, out_of_order)
      select number, sequence, kind, at, booked_at, key, memo, corrects, seal,
        is_behind or coalesce(at < (
          select before.at from ${table} as before
          where not before.out_of_order order by before.at desc limit 1), false)
      from (
        select unnest(${columns.int8(told.map(({ number }) => number))}) as number,
          unnest(${columns.int8(entries.map(({ sequence }) => sequence))}) as sequence,
          unnest(${columns.text(told.map(({ kind }) => kind))}) as kind,
          unnest(${columns.time(told.map(({ at }) => at))}) as at,
          unnest(${columns.time(told.map(({ bookedAt }) => bookedAt))}) as booked_at,
          unnest(${columns.text(told.map(({ key }) => key || undefined))}) as key,
          unnest(${columns.text(told.map(({ memo }) => memo || undefined))}) as memo,
          unnest(${columns.int8(told.map(({ corrects }) => corrects || undefined))}) as corrects,
          unnest(${columns.bytea([...seals.values()])}) as seal,
          unnest(${columns.boolean(areBehind(told))}) as is_behind
      ) as posted
      returning number, out_of_order
    )
    select number::text from inserted where out_of_order`;
};

/** Of each entry, whether one before it has a later time. */
const areBehind = (entries: readonly Entry[]): boolean[] => {
  let latest = 0;
  return entries.map(({ at }) => {
    const isBehind = at < latest;
    if (!isBehind) latest = at;
    return isBehind;
  });
};

const postingsInsertion = (
  schema: string,
  columns: Columns,
  entries: readonly ProjectedEntry[],
): RawBuilder<unknown> => {
  const { numbers, indexes, accounts, amounts, balances } = postingColumns(entries);
  return sql`
    insert into ${sql.table(`${schema}.posting`)} (entry, index, account, amount, balance_after)
    select unnest(${columns.int8(numbers)}), unnest(${columns.int4(indexes)}),
      unnest(${columns.int8(accounts)}), unnest(${columns.numeric(amounts)}),
      unnest(${columns.numeric(balances)})`;
};

/** Once more by time, because neither the order of entries nor the index on accounts finds them by it. */
const outOfOrderInsertion = (
  schema: string,
  columns: Columns,
  entries: readonly ProjectedEntry[],
  late: readonly boolean[],
): RawBuilder<unknown> => {
  const { numbers, indexes, accounts, amounts, balances } = postingColumns(entries);
  const repeated = <Value>(told: (one: ProjectedEntry, index: number) => Value): Value[] =>
    entries.flatMap((one, index) => one.entry.postings.map(() => told(one, index)));
  return sql`
    insert into ${sql.table(`${schema}.posting_out_of_order`)}
      (account, booked_at, entry, index, at, late, amount, balance_after)
    select unnest(${columns.int8(accounts)}),
      unnest(${columns.time(repeated(({ entry }) => entry.bookedAt))}),
      unnest(${columns.int8(numbers)}), unnest(${columns.int4(indexes)}),
      unnest(${columns.time(repeated(({ entry }) => entry.at))}),
      unnest(${columns.boolean(repeated((_, index) => late[index] === true))}),
      unnest(${columns.numeric(amounts)}), unnest(${columns.numeric(balances)})`;
};

interface PostingColumns {
  readonly numbers: number[];
  readonly indexes: number[];
  readonly accounts: number[];
  readonly amounts: bigint[];
  readonly balances: bigint[];
}

const postingColumns = (entries: readonly ProjectedEntry[]): PostingColumns => {
  const columns: PostingColumns = {
    numbers: [],
    indexes: [],
    accounts: [],
    amounts: [],
    balances: [],
  };
  for (const { entry } of entries) {
    let index = 0;
    for (const { account, amount, balanceAfter } of entry.postings) {
      columns.numbers.push(entry.number);
      columns.indexes.push(index);
      columns.accounts.push(account);
      columns.amounts.push(amount);
      columns.balances.push(balanceAfter);
      index += 1;
    }
  }
  return columns;
};
