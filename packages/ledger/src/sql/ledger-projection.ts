import { type Kysely, sql, type Transaction } from "kysely";
import { putStatuses } from "./account-statuses.ts";
import { type Columns, columnsOf } from "./columns.ts";
import { insertAccounts } from "./insert-rows.ts";
import { claimLedger } from "./ledger-authority.ts";
import { pause } from "./pause.ts";
import { PreparedBatch } from "./prepared-batch.ts";
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

/** What is done while a batch is written, and with it. */
export interface DuringBatch<Database> {
  /** Writes what belongs to the batch, in the same transaction and after it. */
  readonly also?: (transaction: Transaction<Database>) => Promise<void>;
  /** Called while the database is busy with the longest statement, if there is one: the time to `prepare` what comes next. It may not throw. */
  readonly meanwhile?: () => void;
}

/**
 * The books' copy in SQL: each batch exactly once.
 *
 * A batch is one transaction together with the sequence number it reaches, and is refused unless the database stands where the
 * batch begins. So a batch may be sent again after any failure, even one whose outcome is unknown: read `position()` and go on
 * from there. The copy may lag behind the books; it never differs.
 *
 * Half of the work is done here and not by the database: hashing entries, and spelling rows. `prepare` does it for the next batch while the
 * database is busy with the one before; batches that are given before those before them are written are prepared so by themselves, and
 * written in the order in which they were given. If one fails, those after it are refused by their position.
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
  /** Undefined until the database was asked. */
  #columns: Columns | undefined;

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

  /** How whole columns are given to this database, for whoever writes in the same transaction. Asks it once. */
  async columns(): Promise<Columns> {
    this.#columns ??= await columnsOf(this.#db);
    return this.#columns;
  }

  /** Makes ready what of a batch can be before its turn. What is wrong with it is thrown when it is applied. */
  prepare(batch: ProjectionBatch): PreparedBatch {
    const prepared = new PreparedBatch(this.#schema, batch);
    if (this.#columns !== undefined) prepared.prepare(this.#columns);
    return prepared;
  }

  /**
   * Writes a batch, all of it or nothing. Throws a `ProjectionConflict` if the database isn't at `batch.from`, an
   * `InvariantViolation` if its balances are not those that the batch's entries build on, and a `StoreFailure`
   * (`ledger_is_posted_to`) for a ledger that a `LedgerStore` posts to.
   */
  async apply(
    batch: ProjectionBatch | PreparedBatch,
    during: DuringBatch<Database> = {},
  ): Promise<void> {
    const prepared =
      batch instanceof PreparedBatch ? batch : new PreparedBatch(this.#schema, batch);
    assertBatch(prepared.batch);
    this.#waiting.push(prepared);
    const written = this.#written.then(() => this.#write(prepared, during));
    this.#written = written.catch(() => {});
    return written;
  }

  async #write(prepared: PreparedBatch, { also, meanwhile }: DuringBatch<Database>): Promise<void> {
    this.#waiting.shift();
    const columns = await this.columns();
    const { batch, entries, balances } = prepared;
    await this.#db.transaction().execute(async (transaction) => {
      if (batch.from === 0) await claimLedger(transaction, this.#schema, "projected");
      await this.#moveWatermark(transaction, batch);
      if (batch.assets.length > 0) await this.#insertAssets(transaction, columns, batch.assets);
      const { accounts } = batch;
      if (accounts.length > 0) {
        await insertAccounts(transaction, this.#schema, columns, accounts);
      }
      await entries?.run(transaction, columns, () => this.#whileBusy(columns, meanwhile));
      await balances.run(transaction, columns);
      const { statuses = [] } = batch;
      if (statuses.length > 0) await putStatuses(transaction, this.#schema, statuses);
      await also?.(transaction);
    });
  }

  /** Called when a statement is about to be sent that takes long. */
  async #whileBusy(columns: Columns, meanwhile?: () => void): Promise<void> {
    const [next] = this.#waiting;
    if (next === undefined && meanwhile === undefined) return;
    // So that it is sent.
    await pause(0);
    next?.prepare(columns);
    meanwhile?.();
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
    columns: Columns,
    assets: readonly ProjectedAsset[],
  ): Promise<void> {
    await sql`
      insert into ${this.#table("asset")} (number, code, decimals)
      select unnest(${columns.int4(assets.map(({ number }) => number))}),
        unnest(${columns.text(assets.map(({ code }) => code))}),
        unnest(${columns.int4(assets.map(({ decimals }) => decimals))})`.execute(transaction);
  }

  #table(name: string): ReturnType<typeof sql.table> {
    return sql.table(`${this.#schema}.${name}`);
  }
}

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
