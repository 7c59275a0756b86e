import { type Kysely, type RawBuilder, sql } from "kysely";
import type { FramePlace } from "../journal/frame-codec.ts";
import type { JournalHead, SkippedCommand } from "../journal/journal.ts";

/** Enough for a page to be worth its round trip, little enough to hold. */
const PAGE_BYTES = 4 << 20;
const PAGE_ROWS = 1_024;

/** Numbers of any size come as text. */
interface HeadRow {
  readonly epoch: string;
  readonly sequence: string;
  readonly hash: Uint8Array;
}

/** A frame as its row has it. */
export interface FrameRow {
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly epoch: number;
  readonly bytes: Uint8Array;
}

/**
 * A commit waits for the disk whatever the database, the role or the pool has set; where they ask for more than that, it
 * stays so. Evaluated by the statement whose transaction it is about.
 */
const durably = sql`
  case when current_setting('synchronous_commit') in ('on', 'remote_apply')
    then current_setting('synchronous_commit')
    else set_config('synchronous_commit', 'on', true) end`;

/** The statements of one journal. */
export class JournalTables<Database> {
  readonly #schema: string;

  constructor(schema: string) {
    this.#schema = schema;
  }

  /** How errors call the rows. */
  get frameTable(): string {
    return `${this.#schema}.journal_frame`;
  }

  async head(db: Kysely<Database>): Promise<JournalHead> {
    const { rows } = await this.#headRow(sql``).execute(db);
    return headOf(rows);
  }

  /** The head, which nobody else moves until the transaction ends. */
  async lockHead(transaction: Kysely<Database>): Promise<JournalHead> {
    const { rows } = await this.#headRow(sql`for update`).execute(transaction);
    return headOf(rows);
  }

  async raiseEpoch(transaction: Kysely<Database>): Promise<void> {
    await sql`
      update ${this.#table("journal_head")} set epoch = epoch + 1
      returning ${durably}`.execute(transaction);
  }

  /** Whether the head was still the one that is named, and the frame is kept. In one statement, which is its own transaction. */
  async append(
    db: Kysely<Database>,
    head: JournalHead,
    ended: FramePlace,
    frame: Uint8Array,
  ): Promise<boolean> {
    const { rows } = await sql`
      with moved as (
        update ${this.#table("journal_head")}
        set sequence = ${ended.sequence}::int8, hash = ${ended.hash}::bytea
        where epoch = ${head.epoch}::int8 and sequence = ${head.sequence}::int8
          and hash = ${head.hash}::bytea
        returning 1
      )
      insert into ${this.#table("journal_frame")} (first_sequence, last_sequence, epoch, frame)
      select ${head.sequence + 1}::int8, ${ended.sequence}::int8, ${head.epoch}::int8, ${frame}::bytea
      from moved
      returning ${durably}`.execute(db);
    return rows.length === 1;
  }

  async skipped(db: Kysely<Database>): Promise<SkippedCommand[]> {
    const { rows } = await sql<Record<keyof SkippedCommand, string>>`
      select sequence::text, at::text, reason from ${this.#table("journal_skipped")}
      order by journal_skipped.sequence`.execute(db);
    return rows.map(({ sequence, at, reason }) => ({
      sequence: Number(sequence),
      at: Number(at),
      reason,
    }));
  }

  /** Whether the epoch was still the one that is named, and the command is recorded. */
  async skip(db: Kysely<Database>, epoch: number, command: SkippedCommand): Promise<boolean> {
    const { rows } = await sql<{ epochs: number }>`
      with held as (
        select 1 from ${this.#table("journal_head")} where epoch = ${epoch}::int8 for update
      ), recorded as (
        insert into ${this.#table("journal_skipped")} (sequence, at, reason)
        select ${command.sequence}::int8, ${command.at}::int8, ${command.reason}::text from held
        on conflict do nothing
        returning ${durably}
      )
      select (select count(*) from held)::int4 as epochs, (select count(*) from recorded)::int4`.execute(
      db,
    );
    return rows[0]?.epochs === 1;
  }

  async lastFrame(db: Kysely<Database>): Promise<FrameRow | undefined> {
    const { rows } = await sql<RawFrameRow>`
      select ${columns} from ${this.#table("journal_frame")}
      order by first_sequence desc limit 1`.execute(db);
    return rows.map(frameOf)[0];
  }

  /** Where the last frame up to `sequence` begins; 0 if there is none. */
  async frameAt(db: Kysely<Database>, sequence: number): Promise<number> {
    const { rows } = await sql<{ first: string }>`
      select first_sequence::text as first from ${this.#table("journal_frame")}
      where first_sequence <= ${sequence}::int8 order by first_sequence desc limit 1`.execute(db);
    return Number(rows[0]?.first ?? 0);
  }

  /** The frames that begin with `from` or later and not after `last`: at least one if there are any, and not many bytes more than a page's. */
  async page(db: Kysely<Database>, from: number, last: number): Promise<FrameRow[]> {
    const { rows } = await sql<RawFrameRow>`
      select ${columns} from (
        select *, sum(length(frame)) over (order by first_sequence) - length(frame) as bytes_before
        from (
          select * from ${this.#table("journal_frame")}
          where first_sequence between ${from}::int8 and ${last}::int8
          order by first_sequence limit ${PAGE_ROWS}::int4
        ) as next
      ) as page
      where bytes_before < ${PAGE_BYTES}::int4 order by page.first_sequence`.execute(db);
    return rows.map(frameOf);
  }

  #headRow(lock: RawBuilder<unknown>): RawBuilder<HeadRow> {
    return sql<HeadRow>`
      select epoch::text, sequence::text, hash from ${this.#table("journal_head")} ${lock}`;
  }

  #table(name: string): RawBuilder<unknown> {
    return sql.table(`${this.#schema}.${name}`);
  }
}

const columns = sql`first_sequence::text as first, last_sequence::text as last, epoch::text, frame`;

interface RawFrameRow {
  readonly first: string;
  readonly last: string;
  readonly epoch: string;
  readonly frame: Uint8Array;
}

const frameOf = ({ first, last, epoch, frame }: RawFrameRow): FrameRow => ({
  firstSequence: Number(first),
  lastSequence: Number(last),
  epoch: Number(epoch),
  bytes: frame,
});

const headOf = ([row]: readonly HeadRow[]): JournalHead => {
  if (row === undefined) throw new RangeError("expected a journal's head, was none");
  return {
    epoch: Number(row.epoch),
    sequence: Number(row.sequence),
    hash: new Uint8Array(row.hash),
  };
};
