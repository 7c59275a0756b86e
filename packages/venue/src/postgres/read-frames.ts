import type { Kysely } from "kysely";
import {
  type FramePlace,
  frameBytes,
  GENESIS_HASH,
  readFrame,
  sameBytes,
} from "../journal/frame-codec.ts";
import type { JournalHead, StoredFrame } from "../journal/journal.ts";
import { JournalDamaged } from "../journal/journal-errors.ts";
import { nodeDigests } from "../node/node-digests.ts";
import type { FrameRow, JournalTables } from "./journal-tables.ts";

/** What is read: the frames of these tables in this database, up to this head. */
export interface FrameSource<Database> {
  readonly db: Kysely<Database>;
  readonly tables: JournalTables<Database>;
  readonly head: JournalHead;
}

/** The frames from the one that holds `fromSequence` up to the head, a page at a time. */
export async function* readFrames<Database>(
  { db, tables, head }: FrameSource<Database>,
  fromSequence: number,
): AsyncGenerator<StoredFrame> {
  if (fromSequence > head.sequence) return;
  // The frame before the one that is asked for tells its hash.
  const holds = await tables.frameAt(db, fromSequence);
  const start = Math.max(1, await tables.frameAt(db, holds - 1));
  const chain = new FrameChain(tables.frameTable, start);
  for (let from = start; from <= head.sequence; from = chain.ended.sequence + 1) {
    const page = await tables.page(db, from, head.sequence);
    if (page.length === 0) break;
    for (const row of page) {
      const frame = chain.next(row);
      if (chain.ended.sequence >= fromSequence) yield frame;
    }
  }
  chain.assertEndsAt(head);
}

/** Checks each row against the one before. */
export class FrameChain {
  readonly #table: string;
  readonly #from: number;
  #ended: FramePlace | undefined;

  /** `from` is where the first frame begins that it will see. */
  constructor(table: string, from: number) {
    this.#table = table;
    this.#from = from;
  }

  /** The last frame that was read. */
  get ended(): FramePlace {
    return this.#ended ?? GENESIS;
  }

  next(row: FrameRow): StoredFrame {
    const before = this.#from > 1 ? (this.#ended ?? claimedBefore(row)) : this.ended;
    const frame = readFrame(row.bytes, 0, before, nodeDigests);
    if ("fault" in frame) throw this.#damaged(row.firstSequence, frame.fault);
    const sequence = frame.firstSequence + frame.count - 1;
    const isItsRow =
      frame.firstSequence === row.firstSequence &&
      sequence === row.lastSequence &&
      frame.epoch === row.epoch &&
      row.bytes.length === frameBytes(frame.payload.length);
    if (!isItsRow) throw this.#damaged(row.firstSequence, "the row's numbers are not the frame's");
    this.#ended = { sequence, epoch: frame.epoch, hash: frame.hash };
    return frame;
  }

  assertEndsAt({ epoch, sequence, hash }: JournalHead): void {
    const { ended } = this;
    if (ended.sequence !== sequence) {
      const finding = `the frames end with sequence ${ended.sequence}, and the head is ${sequence}`;
      throw this.#damaged(ended.sequence + 1, finding);
    }
    if (!sameBytes(ended.hash, hash)) {
      throw this.#damaged(sequence, "the last frame's hash is not the head's");
    }
    if (ended.epoch > epoch) {
      throw this.#damaged(sequence, `the last frame is of epoch ${ended.epoch}, the head ${epoch}`);
    }
  }

  #damaged(sequence: number, finding: string): JournalDamaged {
    return new JournalDamaged(`${this.#table}, first_sequence ${sequence}`, 0, finding);
  }
}

const GENESIS: FramePlace = { sequence: 0, epoch: 0, hash: GENESIS_HASH };

/** In the middle of a journal, nothing is known of the frame before the first but what that one says. */
const claimedBefore = ({ firstSequence, epoch, bytes }: FrameRow): FramePlace => ({
  sequence: firstSequence - 1,
  epoch,
  hash: bytes.subarray(32, 64),
});
