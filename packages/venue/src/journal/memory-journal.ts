import { type Digests, portableDigests } from "./digests.ts";
import { encodeFrame, GENESIS_HASH, readFrame } from "./frame-codec.ts";
import type { Frame, Journal, JournalHead, SkippedCommand, StoredFrame } from "./journal.ts";
import { JournalDamaged, JournalDead, JournalHeadMoved } from "./journal-errors.ts";
import { assertSkippable, withSkipped } from "./skipped-command.ts";

/** A journal that lives as long as its process. */
export interface MemoryJournal extends Journal {
  /** Opens the same frames for another writer, as after a crash. This one can append no more. */
  reopen(): MemoryJournal;
}

/** What the writers of one journal share: the encoded frames and the head. */
interface Kept {
  readonly frames: { readonly firstSequence: number; readonly bytes: Uint8Array }[];
  head: JournalHead;
  skipped: readonly SkippedCommand[];
}

/**
 * A journal in memory, for tests and browsers: it keeps the law of a journal but survives nothing.
 *
 * @example
 * const venue = await openVenue({ journal: memoryJournal(), clock: Date.now });
 */
export const memoryJournal = (): MemoryJournal =>
  opened({ frames: [], head: { epoch: 0, sequence: 0, hash: GENESIS_HASH }, skipped: [] });

const opened = (kept: Kept): MemoryJournal => {
  const epoch = kept.head.epoch + 1;
  kept.head = { ...kept.head, epoch };
  return new FramesInMemory(kept, portableDigests);
};

class FramesInMemory implements MemoryJournal {
  readonly #kept: Kept;
  readonly #digests: Digests;
  readonly #epoch: number;
  #closed = false;

  constructor(kept: Kept, digests: Digests) {
    this.#kept = kept;
    this.#digests = digests;
    this.#epoch = kept.head.epoch;
  }

  async head(): Promise<JournalHead> {
    return this.#kept.head;
  }

  async skipped(): Promise<readonly SkippedCommand[]> {
    return this.#kept.skipped;
  }

  async append(frame: Frame): Promise<void> {
    if (this.#closed) throw new JournalDead(new Error("it was closed"));
    const { head, frames } = this.#kept;
    if (frame.epoch !== head.epoch || frame.firstSequence !== head.sequence + 1) {
      throw new JournalHeadMoved(frame, head);
    }
    const { bytes, hash } = encodeFrame(frame, head.hash, this.#digests);
    frames.push({ firstSequence: frame.firstSequence, bytes });
    const sequence = head.sequence + frame.count;
    this.#kept.head = { epoch: head.epoch, sequence, hash };
  }

  async skip(command: SkippedCommand): Promise<void> {
    if (this.#closed) throw new JournalDead(new Error("it was closed"));
    const { head, skipped } = this.#kept;
    if (this.#epoch !== head.epoch) {
      throw new JournalHeadMoved({ epoch: this.#epoch, firstSequence: head.sequence + 1 }, head);
    }
    assertSkippable(command, head);
    this.#kept.skipped = withSkipped(skipped, command);
  }

  async *read(fromSequence: number): AsyncIterable<StoredFrame> {
    const frames = this.#kept.frames.slice();
    let before = { sequence: 0, epoch: 0, hash: GENESIS_HASH };
    for (const [index, { bytes }] of frames.entries()) {
      const frame = readFrame(bytes, 0, before, this.#digests);
      if ("fault" in frame) throw new JournalDamaged(`frame ${index}`, 0, frame.fault);
      const sequence = frame.firstSequence + frame.count - 1;
      before = { sequence, epoch: frame.epoch, hash: frame.hash };
      if (sequence >= fromSequence) yield frame;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  reopen(): MemoryJournal {
    return opened(this.#kept);
  }
}
