import { type Kysely, sql } from "kysely";
import { assertFrame, encodeFrame } from "../journal/frame-codec.ts";
import type {
  Frame,
  Journal,
  JournalHead,
  JournalReader,
  SkippedCommand,
  StoredFrame,
} from "../journal/journal.ts";
import { JournalDead, JournalHeadMoved } from "../journal/journal-errors.ts";
import { assertSkippable } from "../journal/skipped-command.ts";
import { nodeDigests } from "../node/node-digests.ts";
import { DatabaseNotDurable } from "./database-not-durable.ts";
import { type JournalSchemaOption, journalSchema } from "./journal-schema.ts";
import { JournalTables } from "./journal-tables.ts";
import { FrameChain, readFrames } from "./read-frames.ts";

/** Which journal. */
export interface PostgresJournalReaderOptions<Database> extends JournalSchemaOption {
  /** On PostgreSQL 15 or later, migrated by `migrateJournal`. The journal doesn't destroy it. */
  readonly db: Kysely<Database>;
}

export interface PostgresJournalOptions<Database> extends PostgresJournalReaderOptions<Database> {
  /**
   * How long an append may take before its outcome counts as unknown, in milliseconds: a connection may hang for hours
   * without an error. 10 seconds unless told.
   */
  readonly appendTimeoutMs?: number;
}

const DEFAULT_APPEND_TIMEOUT_MS = 10_000;

/**
 * Opens a journal in PostgreSQL for writing: a frame is one row, and one statement that commits by itself. Where several
 * servers hold the database, what an acknowledgement is worth is what their replication says: `synchronous_commit` is never
 * less than `on`.
 *
 * Whoever had it open before is replaced and can append no more; there is no lock to wait for. Rejects with `JournalDamaged` if
 * the last frame isn't the one that the head names, and with `DatabaseNotDurable` for a database without `fsync`, such as
 * PGlite; then nothing was changed.
 *
 * Give it a pool of its own, so that an append never waits for a connection behind a report, with a `query_timeout` above
 * `appendTimeoutMs`: otherwise `pg` can't close a connection on which a server stands still.
 *
 * @example
 * const pool = new Pool({ connectionString, max: 2, query_timeout: 15_000 });
 * const db = new Kysely<unknown>({ dialect: postgresDialect(pool) });
 * await migrateJournal(db);
 * const venue = await openVenue({ journal: await openPostgresJournal({ db }), clock: Date.now });
 */
export const openPostgresJournal = async <Database>(
  options: PostgresJournalOptions<Database>,
): Promise<Journal> => {
  const { appendTimeoutMs = DEFAULT_APPEND_TIMEOUT_MS } = options;
  if (!Number.isFinite(appendTimeoutMs) || appendTimeoutMs <= 0) {
    throw new RangeError(`expected an appendTimeoutMs above zero, was ${appendTimeoutMs}`);
  }
  const db = options.db.withoutPlugins();
  const tables = new JournalTables<Database>(journalSchema(options));
  await assertDurable(db);
  const head = await db.transaction().execute(async (transaction) => {
    const found = await tables.lockHead(transaction);
    const last = await tables.lastFrame(transaction);
    const chain = new FrameChain(tables.frameTable, last?.firstSequence ?? 1);
    if (last !== undefined) chain.next(last);
    chain.assertEndsAt(found);
    await tables.raiseEpoch(transaction);
    return { ...found, epoch: found.epoch + 1 };
  });
  return new FramesInPostgres(db, tables, head, appendTimeoutMs);
};

/**
 * Reads a journal in PostgreSQL and leaves its writer alone: nothing is changed, and it may be written meanwhile. For
 * standbys, consumers and verification.
 *
 * @example
 * for await (const frame of readPostgresJournal({ db }).read(1)) console.log(frame.firstSequence);
 */
export const readPostgresJournal = <Database>(
  options: PostgresJournalReaderOptions<Database>,
): JournalReader => {
  const db = options.db.withoutPlugins();
  const tables = new JournalTables<Database>(journalSchema(options));
  return {
    head: () => tables.head(db),
    skipped: () => tables.skipped(db),
    read: async function* (fromSequence) {
      yield* readFrames({ db, tables, head: await tables.head(db) }, fromSequence);
    },
  };
};

const assertDurable = async <Database>(db: Kysely<Database>): Promise<void> => {
  const { rows } = await sql<{ fsync: string }>`select current_setting('fsync') as fsync`.execute(
    db,
  );
  if (rows[0]?.fsync !== "on") throw new DatabaseNotDurable();
};

class FramesInPostgres<Database> implements Journal {
  readonly #db: Kysely<Database>;
  readonly #tables: JournalTables<Database>;
  readonly #appendTimeoutMs: number;
  #head: JournalHead;
  #appending: Promise<boolean> | undefined;
  #dead: JournalDead | undefined;

  constructor(
    db: Kysely<Database>,
    tables: JournalTables<Database>,
    head: JournalHead,
    appendTimeoutMs: number,
  ) {
    this.#db = db;
    this.#tables = tables;
    this.#head = head;
    this.#appendTimeoutMs = appendTimeoutMs;
  }

  async head(): Promise<JournalHead> {
    return this.#head;
  }

  skipped(): Promise<readonly SkippedCommand[]> {
    return this.#tables.skipped(this.#db);
  }

  async append(frame: Frame): Promise<void> {
    if (this.#dead !== undefined) throw this.#dead;
    assertFrame(frame);
    const { epoch, sequence } = this.#head;
    const expected = frame.epoch === epoch && frame.firstSequence === sequence + 1;
    if (!expected || this.#appending !== undefined) throw new JournalHeadMoved(frame, this.#head);
    let kept: boolean;
    try {
      this.#appending = this.#write(frame);
      kept = await this.#appending;
    } catch (error) {
      this.#dead = new JournalDead(error);
      throw this.#dead;
    } finally {
      this.#appending = undefined;
    }
    if (!kept) throw new JournalHeadMoved(frame, await this.#movedHead());
  }

  async skip(command: SkippedCommand): Promise<void> {
    if (this.#dead !== undefined) throw this.#dead;
    const { epoch, sequence } = this.#head;
    assertSkippable(command, this.#head);
    if (await this.#tables.skip(this.#db, epoch, command)) return;
    throw new JournalHeadMoved({ epoch, firstSequence: sequence + 1 }, await this.#movedHead());
  }

  read(fromSequence: number): AsyncIterable<StoredFrame> {
    const source = { db: this.#db, tables: this.#tables, head: this.#head };
    return readFrames(source, fromSequence);
  }

  async close(): Promise<void> {
    this.#dead ??= new JournalDead(new Error("it was closed"));
    await this.#appending?.catch(() => undefined);
  }

  async #write(frame: Frame): Promise<boolean> {
    const head = this.#head;
    const { bytes, hash } = encodeFrame(frame, head.hash, nodeDigests);
    const ended = { sequence: head.sequence + frame.count, epoch: head.epoch, hash };
    const answer = this.#tables.append(this.#db, head, ended, bytes);
    const kept = await within(this.#appendTimeoutMs, answer);
    if (kept) this.#head = ended;
    return kept;
  }

  /** Where it is now, for the message; what was believed if nobody can say. */
  #movedHead(): Promise<JournalHead> {
    return this.#tables.head(this.#db).catch(() => this.#head);
  }
}

const within = async <Answer>(milliseconds: number, answer: Promise<Answer>): Promise<Answer> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new Error(`the database has not answered within ${milliseconds} ms`);
    timer = setTimeout(() => reject(error), milliseconds);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
};
