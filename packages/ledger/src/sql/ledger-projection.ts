import { type Kysely, sql, type Transaction } from "kysely";
import { type AccountBound, CHART_OF_ACCOUNTS } from "../account.ts";
import { invariant } from "../invariant.ts";
import { entrySeal } from "../proofs/entry-seal.ts";
import { byteaArray, numberArray, optionalNumberArray, textArray } from "./array-literal.ts";
import { completesBlock, sealBlocks } from "./ledger-blocks.ts";
import type {
  ProjectedAccount,
  ProjectedAsset,
  ProjectedEntry,
  ProjectedStatus,
  ProjectionBatch,
} from "./projection-batch.ts";
import { type SchemaOption, schemaName } from "./schema-name.ts";

/** The database isn't where the batch begins: someone else has moved it, or it went back in time. Nothing was written. */
export class ProjectionConflict extends Error {
  override readonly name: string = "ProjectionConflict";
  readonly projection: string;
  readonly expected: number;

  constructor(projection: string, expected: number) {
    super(`expected projection ${projection} at sequence ${expected}: read its position again`);
    this.projection = projection;
    this.expected = expected;
  }
}

export interface LedgerProjectionOptions extends SchemaOption {
  /** The row of `watermark` that tells how far this projection has come. "ledger" unless told otherwise. */
  readonly name?: string;
}

/**
 * The books' copy in SQL: each batch exactly once.
 *
 * A batch is one transaction together with the sequence number it reaches, and is refused unless the database stands where the
 * batch begins. So a batch may be sent again after any failure, even one whose outcome is unknown: read `position()` and go on
 * from there. The copy may lag behind the books; it never differs.
 *
 * @example
 * const projection = new LedgerProjection(db);
 * await projection.apply({ from: await projection.position(), to: 12, assets, accounts, entries, held });
 */
export class LedgerProjection<Database = unknown> {
  readonly #db: Kysely<Database>;
  readonly #schema: string;
  readonly #name: string;

  constructor(db: Kysely<Database>, options: LedgerProjectionOptions = {}) {
    this.#db = db.withoutPlugins();
    this.#schema = schemaName(options);
    this.#name = options.name ?? "ledger";
  }

  /** The sequence number up to which everything is in the database; 0 at the beginning. */
  async position(): Promise<number> {
    const { rows } = await sql<{ sequence: string }>`
      select sequence::text from ${this.#table("watermark")}
      where projection = ${this.#name}::text`.execute(this.#db);
    return Number(rows[0]?.sequence ?? 0);
  }

  /**
   * Writes a batch, all of it or nothing. Throws a `ProjectionConflict` if the database isn't at `batch.from`, and an
   * `InvariantViolation` if its balances are not those that the batch's entries build on.
   */
  async apply(batch: ProjectionBatch): Promise<void> {
    assertBatch(batch);
    await this.#db.transaction().execute(async (transaction) => {
      await this.#moveWatermark(transaction, batch);
      if (batch.assets.length > 0) await this.#insertAssets(transaction, batch.assets);
      if (batch.accounts.length > 0) await this.#insertAccounts(transaction, batch.accounts);
      const seals = sealsOf(batch.entries);
      if (batch.entries.length > 0) await this.#insertEntries(transaction, batch.entries, seals);
      if (batch.entries.length > 0) await this.#insertPostings(transaction, batch.entries);
      await this.#updateBalances(transaction, batch);
      if (batch.statuses !== undefined) await this.#updateStatuses(transaction, batch.statuses);
      if (endsBlock(batch.entries)) await sealBlocks(transaction, { schema: this.#schema }, seals);
    });
  }

  /** First of all, because it locks: a second writer waits here, and then finds that the position has moved. */
  async #moveWatermark(
    transaction: Transaction<Database>,
    { from, to }: ProjectionBatch,
  ): Promise<void> {
    const watermark = this.#table("watermark");
    const moved =
      from === 0
        ? sql`
          insert into ${watermark} as w (projection, sequence) values (${this.#name}::text, ${to}::int8)
          on conflict (projection) do update set sequence = excluded.sequence where w.sequence = 0
          returning 1`
        : sql`
          update ${watermark} set sequence = ${to}::int8
          where projection = ${this.#name}::text and sequence = ${from}::int8
          returning 1`;
    const { rows } = await moved.execute(transaction);
    if (rows.length !== 1) throw new ProjectionConflict(this.#name, from);
  }

  async #insertAssets(
    transaction: Transaction<Database>,
    assets: readonly ProjectedAsset[],
  ): Promise<void> {
    await sql`
      insert into ${this.#table("asset")} (number, code, decimals)
      select * from unnest(
        ${numberArray(assets.map(({ number }) => number))}::text::int4[],
        ${textArray(assets.map(({ code }) => code))}::text::text[],
        ${numberArray(assets.map(({ decimals }) => decimals))}::text::int2[])`.execute(transaction);
  }

  async #insertAccounts(
    transaction: Transaction<Database>,
    accounts: readonly ProjectedAccount[],
  ): Promise<void> {
    const numbers = numberArray(accounts.map(({ number }) => number));
    await sql`
      insert into ${this.#table("account")} (number, owner, sub, asset, kind, place, bound)
      select * from unnest(
        ${numbers}::text::int8[],
        ${textArray(accounts.map(({ owner }) => owner))}::text::text[],
        ${textArray(accounts.map(({ sub = "" }) => sub))}::text::text[],
        ${numberArray(accounts.map(({ asset }) => asset))}::text::int4[],
        ${textArray(accounts.map(({ kind }) => kind))}::text::text[],
        ${textArray(accounts.map(({ place = "" }) => place))}::text::text[],
        ${textArray(accounts.map(boundOf))}::text::text[])`.execute(transaction);
    await sql`
      insert into ${this.#table("balance")} (account, amount, held, sequence)
      select number, 0, 0, 0 from unnest(${numbers}::text::int8[]) as opened (number)`.execute(
      transaction,
    );
  }

  async #insertEntries(
    transaction: Transaction<Database>,
    entries: readonly ProjectedEntry[],
    seals: ReadonlyMap<number, Uint8Array>,
  ): Promise<void> {
    await sql`
      insert into ${this.#table("entry")}
        (number, sequence, kind, at, booked_at, key, memo, corrects, seal)
      select number, sequence, kind, timestamptz 'epoch' + at * interval '1 millisecond',
        timestamptz 'epoch' + booked_at * interval '1 millisecond', nullif(key, ''), nullif(memo, ''),
        nullif(corrects, 0), seal
      from unnest(
        ${numberArray(entries.map(({ entry }) => entry.number))}::text::int8[],
        ${numberArray(entries.map(({ sequence }) => sequence))}::text::int8[],
        ${textArray(entries.map(({ entry }) => entry.kind))}::text::text[],
        ${numberArray(entries.map(({ entry }) => entry.at))}::text::int8[],
        ${numberArray(entries.map(({ entry }) => entry.bookedAt))}::text::int8[],
        ${textArray(entries.map(({ entry }) => entry.key))}::text::text[],
        ${textArray(entries.map(({ entry }) => entry.memo))}::text::text[],
        ${numberArray(entries.map(({ entry }) => entry.corrects))}::text::int8[],
        ${byteaArray([...seals.values()])}::text::bytea[]
      ) as posted (number, sequence, kind, at, booked_at, key, memo, corrects, seal)`.execute(
      transaction,
    );
  }

  async #insertPostings(
    transaction: Transaction<Database>,
    entries: readonly ProjectedEntry[],
  ): Promise<void> {
    const numbers: number[] = [];
    const indexes: number[] = [];
    const accounts: number[] = [];
    const amounts: bigint[] = [];
    const balances: bigint[] = [];
    for (const { entry } of entries) {
      let index = 0;
      for (const { account, amount, balanceAfter } of entry.postings) {
        numbers.push(entry.number);
        indexes.push(index);
        accounts.push(account);
        amounts.push(amount);
        balances.push(balanceAfter);
        index += 1;
      }
    }
    await sql`
      insert into ${this.#table("posting")} (entry, index, account, amount, balance_after)
      select * from unnest(
        ${numberArray(numbers)}::text::int8[],
        ${numberArray(indexes)}::text::int4[],
        ${numberArray(accounts)}::text::int8[],
        ${numberArray(amounts)}::text::numeric[],
        ${numberArray(balances)}::text::numeric[])`.execute(transaction);
  }

  async #updateBalances(transaction: Transaction<Database>, batch: ProjectionBatch): Promise<void> {
    const changes = balanceChanges(batch);
    if (changes.length === 0) return;
    const { rows } = await sql<{ updated: number }>`
      with updated as (
        update ${this.#table("balance")} as b set
          amount = coalesce(change.after, b.amount),
          held = coalesce(change.held, b.held),
          sequence = coalesce(change.sequence, b.sequence)
        from unnest(
          ${numberArray(changes.map(({ account }) => account))}::text::int8[],
          ${optionalNumberArray(changes.map(({ before }) => before))}::text::numeric[],
          ${optionalNumberArray(changes.map(({ after }) => after))}::text::numeric[],
          ${optionalNumberArray(changes.map(({ held }) => held))}::text::numeric[],
          ${optionalNumberArray(changes.map(({ sequence }) => sequence))}::text::int8[]
        ) as change (account, before, after, held, sequence)
        where b.account = change.account and b.amount = coalesce(change.before, b.amount)
        returning 1
      )
      select count(*)::int4 as updated from updated`.execute(transaction);
    invariant(
      rows[0]?.updated === changes.length,
      "the balances in SQL are those that the next entries build on",
    );
  }

  async #updateStatuses(
    transaction: Transaction<Database>,
    statuses: readonly ProjectedStatus[],
  ): Promise<void> {
    const last = new Map(statuses.map(({ account, status }) => [account, status]));
    const accounts = [...last.keys()].sort((one, other) => one - other);
    await sql`
      update ${this.#table("account")} as a set status = change.status
      from unnest(
        ${numberArray(accounts)}::text::int8[],
        ${textArray(accounts.map((account) => last.get(account) ?? "open"))}::text::text[]
      ) as change (account, status)
      where a.number = change.account`.execute(transaction);
  }

  #table(name: string): ReturnType<typeof sql.table> {
    return sql.table(`${this.#schema}.${name}`);
  }
}

const boundOf = ({ kind, bound }: ProjectedAccount): AccountBound =>
  bound ?? CHART_OF_ACCOUNTS[kind].bound;

/** By number of entry, in order. */
const sealsOf = (entries: readonly ProjectedEntry[]): Map<number, Uint8Array> =>
  new Map(entries.map(({ sequence, entry }) => [entry.number, entrySeal({ ...entry, sequence })]));

const endsBlock = (entries: readonly ProjectedEntry[]): boolean =>
  completesBlock(entries[0]?.entry.number ?? 1, entries.at(-1)?.entry.number ?? 0);

/** What a batch makes of one account. Undefined: it has no entry, or what is held did not change. */
interface BalanceChange {
  readonly account: number;
  readonly before: bigint | undefined;
  after: bigint | undefined;
  held: bigint | undefined;
  sequence: number | undefined;
}

/** By account, in the order in which everybody who writes takes the rows, so that nobody waits in a circle. */
const balanceChanges = ({ entries, held }: ProjectionBatch): BalanceChange[] => {
  const changes = new Map<number, BalanceChange>();
  for (const { sequence, entry } of entries) {
    for (const { account, amount, balanceAfter } of entry.postings) {
      const change = changes.get(account);
      if (change === undefined) {
        const before = balanceAfter - amount;
        changes.set(account, { account, before, after: balanceAfter, held: undefined, sequence });
      } else {
        change.after = balanceAfter;
        change.sequence = sequence;
      }
    }
  }
  for (const { account, held: total } of held) {
    const change = changes.get(account);
    if (change !== undefined) change.held = total;
    else {
      const untouched = { before: undefined, after: undefined, sequence: undefined };
      changes.set(account, { account, ...untouched, held: total });
    }
  }
  return [...changes.values()].sort((one, other) => one.account - other.account);
};

const assertBatch = ({ from, to, entries }: ProjectionBatch): void => {
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 0 || to <= from) {
    throw new RangeError(
      `expected a batch that moves forward from 0 or more, was ${from} to ${to}`,
    );
  }
  for (const { sequence } of entries) {
    if (sequence > from && sequence <= to) continue;
    throw new RangeError(`expected entries of sequence ${from + 1} to ${to}, was ${sequence}`);
  }
};
