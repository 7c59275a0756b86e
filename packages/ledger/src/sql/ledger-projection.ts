import { type Kysely, type RawBuilder, sql, type Transaction } from "kysely";
import { invariant } from "../invariant.ts";
import { putStatuses } from "./account-statuses.ts";
import { numberArray, optionalNumberArray, textArray } from "./array-literal.ts";
import { EntryInsertion, insertAccounts } from "./insert-rows.ts";
import { claimLedger } from "./ledger-authority.ts";
import { pause } from "./pause.ts";
import type { ProjectedAsset, ProjectionBatch } from "./projection-batch.ts";
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
 * Batches may be given before the ones before them are written: they are written in the order in which they were given, and each is made ready
 * while the database works on the one before. If one fails, those after it are refused by their position.
 *
 * @example
 * const projection = new LedgerProjection(db);
 * await projection.apply({ from: await projection.position(), to: 12, assets, accounts, entries, held });
 */
export class LedgerProjection<Database = unknown> {
  readonly #db: Kysely<Database>;
  readonly #schema: string;
  readonly #name: string;
  /** Batches whose turn hasn't come, the next one first. */
  readonly #waiting: PreparedBatch[] = [];
  #written: Promise<void> = Promise.resolve();

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
   * Writes a batch, all of it or nothing. Throws a `ProjectionConflict` if the database isn't at `batch.from`, an
   * `InvariantViolation` if its balances are not those that the batch's entries build on, and a `StoreFailure`
   * (`ledger_is_posted_to`) for a ledger that a `LedgerStore` posts to.
   *
   * What `also` writes is written in the same transaction, after the batch.
   */
  async apply(
    batch: ProjectionBatch,
    also?: (transaction: Transaction<Database>) => Promise<void>,
  ): Promise<void> {
    assertBatch(batch);
    const prepared = new PreparedBatch(this.#schema, batch);
    this.#waiting.push(prepared);
    const written = this.#written.then(() => this.#write(prepared, also));
    this.#written = written.catch(() => {});
    return written;
  }

  async #write(
    prepared: PreparedBatch,
    also?: (transaction: Transaction<Database>) => Promise<void>,
  ): Promise<void> {
    this.#waiting.shift();
    const { batch, entries, balances } = prepared;
    await this.#db.transaction().execute(async (transaction) => {
      if (batch.from === 0) await claimLedger(transaction, this.#schema, "projected");
      await this.#moveWatermark(transaction, batch);
      if (batch.assets.length > 0) await this.#insertAssets(transaction, batch.assets);
      const { accounts } = batch;
      if (accounts.length > 0) await insertAccounts(transaction, this.#schema, accounts);
      await entries?.run(transaction, () => this.#prepareNext());
      await balances.run(transaction);
      const { statuses = [] } = batch;
      if (statuses.length > 0) await putStatuses(transaction, this.#schema, statuses);
      await also?.(transaction);
    });
  }

  /** Called when a statement is about to be sent that takes long. */
  async #prepareNext(): Promise<void> {
    const [next] = this.#waiting;
    if (next === undefined) return;
    // So that it is sent.
    await pause(0);
    next.prepare();
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

  #table(name: string): ReturnType<typeof sql.table> {
    return sql.table(`${this.#schema}.${name}`);
  }
}

/** A batch, and what of its statements can be made before its turn comes. */
class PreparedBatch {
  readonly batch: ProjectionBatch;
  readonly entries: EntryInsertion | undefined;
  readonly balances: BalanceUpdate;

  constructor(schema: string, batch: ProjectionBatch) {
    this.batch = batch;
    const { entries } = batch;
    this.entries = entries.length === 0 ? undefined : new EntryInsertion(schema, entries);
    this.balances = new BalanceUpdate(schema, batch);
  }

  prepare(): void {
    try {
      this.entries?.prepare();
      this.balances.prepare();
    } catch {
      // It is thrown again when it is this batch's turn.
    }
  }
}

/** The update of the balances that a batch changes. */
class BalanceUpdate {
  readonly #schema: string;
  readonly #batch: ProjectionBatch;
  #prepared: { count: number; statement: RawBuilder<{ updated: number }> } | undefined;

  constructor(schema: string, batch: ProjectionBatch) {
    this.#schema = schema;
    this.#batch = batch;
  }

  prepare(): { count: number; statement: RawBuilder<{ updated: number }> } {
    this.#prepared ??= balanceUpdate(this.#schema, this.#batch);
    return this.#prepared;
  }

  async run<Database>(transaction: Transaction<Database>): Promise<void> {
    const { count, statement } = this.prepare();
    if (count === 0) return;
    const { rows } = await statement.execute(transaction);
    invariant(
      rows[0]?.updated === count,
      "the balances in SQL are those that the next entries build on",
    );
  }
}

const balanceUpdate = (
  schema: string,
  batch: ProjectionBatch,
): { count: number; statement: RawBuilder<{ updated: number }> } => {
  const changes = balanceChanges(batch);
  const statement = sql<{ updated: number }>`
      with updated as (
        update ${sql.table(`${schema}.balance`)} as b set
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
      select count(*)::int4 as updated from updated`;
  return { count: changes.length, statement };
};

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
