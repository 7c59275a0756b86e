import { join } from "node:path";
import {
  assertFrame,
  type FramePlace,
  frameBytes,
  GENESIS_HASH,
  writeFrame,
} from "../journal/frame-codec.ts";
import type {
  Frame,
  Journal,
  JournalHead,
  SkippedCommand,
  StoredFrame,
} from "../journal/journal.ts";
import { JournalDamaged, JournalDead, JournalHeadMoved } from "../journal/journal-errors.ts";
import { assertSkippable, withSkipped } from "../journal/skipped-command.ts";
import type { Disk } from "./disk.ts";
import { type Machine, nodeMachine } from "./machine.ts";
import { nodeDigests } from "./node-digests.ts";
import {
  beginSegment,
  discardDraft,
  draftName,
  draftSegment,
  isDraftName,
  type OpenSegment,
  SEGMENT_HEADER_BYTES,
  type SegmentDraft,
  segmentsOf,
  writeAll,
} from "./segment.ts";
import { archiveSegments, readSegments, type SegmentPlaces } from "./segment-archive.ts";
import { openLastSegment, type TornFrame } from "./segment-reader.ts";
import { readSkippedCommands, writeSkippedCommands } from "./skipped-commands.ts";
import { acquireWriterLock, type WriterLock } from "./writer-lock.ts";

export interface FileJournalOptions {
  /** Holds the journal and nothing else; created if need be. On a disk of this machine: never shared between machines. */
  readonly directory: string;
  /**
   * Where segments go that no start needs any more, because a snapshot stands behind them; they are never deleted, since
   * only they can fill a new projection. The folder `archive` in `directory` unless told; it may be on another disk.
   */
  readonly archiveDirectory?: string;
  /** Size of the files that the journal is made of, in bytes, a multiple of 4096. 32 MiB unless told. */
  readonly segmentBytes?: number;
}

/** A journal in files of one directory. */
export interface FileJournal extends Journal {
  readonly directory: string;
  readonly archiveDirectory: string;
  archive(upTo: number): Promise<void>;
  /** The frame that was found half written when the journal was opened, and removed; nothing in it was acknowledged. */
  readonly torn: TornFrame | undefined;
}

const DEFAULT_SEGMENT_BYTES = 32 << 20;

/**
 * Opens a journal in files for writing, and creates it in an empty directory. A frame is one `write` and one `fdatasync`
 * into a file that was allocated before.
 *
 * One process may have it open: a second is refused with `JournalLocked`, which names the first; the lock of a process
 * that was killed is taken over. A last frame that was not written to its end is removed, as `torn` tells. Any other
 * damage throws `JournalDamaged` with the file and the offset and changes nothing; frames of segments before the last are
 * checked when they are read.
 *
 * @example
 * const journal = await openFileJournal({ directory: ".pincex/journal" });
 * const venue = await openVenue({ journal, clock: Date.now });
 */
export const openFileJournal = (options: FileJournalOptions): Promise<FileJournal> =>
  openJournalOn(nodeMachine, options);

/** The same on a machine of any kind. */
export const openJournalOn = async (
  machine: Machine,
  options: FileJournalOptions,
): Promise<FileJournal> => {
  const { directory, segmentBytes = DEFAULT_SEGMENT_BYTES } = options;
  const { archiveDirectory: archive = join(directory, "archive") } = options;
  const { disk } = machine;
  if (!Number.isSafeInteger(segmentBytes) || segmentBytes < 4096 || segmentBytes % 4096 !== 0) {
    throw new RangeError(`expected segmentBytes to be a multiple of 4096, was ${segmentBytes}`);
  }
  await disk.makeDirectory(directory);
  let lock = await acquireWriterLock(directory, machine);
  let opened: OpenSegment | undefined;
  try {
    for (const name of await disk.names(directory)) {
      if (isDraftName(name)) await disk.remove(join(directory, name));
    }
    const last = await openLastSegment(disk, await segmentsOf(disk, directory));
    if (last === undefined) await assertNoArchive(disk, archive);
    const { ended = GENESIS, segment, torn } = last ?? {};
    opened = segment;
    if (ended.epoch >= lock.epoch) lock = await lock.raise(ended.epoch + 1);
    const places = { directory, archive };
    return new SegmentedJournal({ disk, places, segmentBytes, lock, ended, segment, torn });
  } catch (error) {
    await opened?.handle.close();
    await lock.release();
    throw error;
  }
};

/** A journal that begins anew beside the archive of another would be taken for its continuation. */
const assertNoArchive = async (disk: Disk, archive: string): Promise<void> => {
  const last = (await segmentsOf(disk, archive)).at(-1);
  if (last === undefined) return;
  throw new JournalDamaged(
    last.path,
    0,
    "it is in the archive, and the segments after it are gone",
  );
};

const GENESIS: FramePlace = { sequence: 0, epoch: 0, hash: GENESIS_HASH };

interface Opened {
  readonly disk: Disk;
  readonly places: SegmentPlaces;
  readonly segmentBytes: number;
  readonly lock: WriterLock;
  /** The last frame. */
  readonly ended: FramePlace;
  /** Undefined while there is none. */
  readonly segment: OpenSegment | undefined;
  readonly torn: TornFrame | undefined;
}

class SegmentedJournal implements FileJournal {
  readonly torn: TornFrame | undefined;
  readonly #disk: Disk;
  readonly #places: SegmentPlaces;
  readonly #segmentBytes: number;
  readonly #lock: WriterLock;
  #head: JournalHead;
  /** Epoch of the last frame, which a segment's header repeats. */
  #lastEpoch: number;
  #segment: OpenSegment | undefined;
  /** The segment to come, prepared while there is still room in this one; undefined in the end if that failed. */
  #draft: Promise<SegmentDraft | undefined> | undefined;
  #buffer = new Uint8Array(1 << 16);
  readonly #closing = new AbortController();
  #appending: Promise<void> | undefined;
  #dead: JournalDead | undefined;

  constructor({ disk, places, segmentBytes, lock, ended, segment, torn }: Opened) {
    this.#disk = disk;
    this.#places = places;
    this.torn = torn;
    this.#segmentBytes = segmentBytes;
    this.#lock = lock;
    this.#head = { epoch: lock.epoch, sequence: ended.sequence, hash: ended.hash };
    this.#lastEpoch = ended.epoch;
    this.#segment = segment;
    if (segment === undefined) this.#prepareNext();
  }

  get directory(): string {
    return this.#places.directory;
  }

  get archiveDirectory(): string {
    return this.#places.archive;
  }

  async head(): Promise<JournalHead> {
    return this.#head;
  }

  skipped(): Promise<readonly SkippedCommand[]> {
    return readSkippedCommands(this.#disk, this.directory);
  }

  async append(frame: Frame): Promise<void> {
    if (this.#dead !== undefined) throw this.#dead;
    assertFrame(frame);
    const { epoch, sequence } = this.#head;
    const expected = frame.epoch === epoch && frame.firstSequence === sequence + 1;
    if (!expected || this.#appending !== undefined) throw new JournalHeadMoved(frame, this.#head);
    this.#assertHeld(frame);
    this.#appending = this.#write(frame);
    try {
      await this.#appending;
    } catch (error) {
      this.#dead = new JournalDead(error);
      throw this.#dead;
    } finally {
      this.#appending = undefined;
    }
  }

  async skip(command: SkippedCommand): Promise<void> {
    if (this.#dead !== undefined) throw this.#dead;
    const { epoch, sequence } = this.#head;
    this.#assertHeld({ epoch, firstSequence: sequence + 1 });
    assertSkippable(command, this.#head);
    const list = await readSkippedCommands(this.#disk, this.directory);
    await writeSkippedCommands(this.#disk, this.directory, withSkipped(list, command));
  }

  read(fromSequence: number): AsyncIterable<StoredFrame> {
    return readSegments(this.#disk, this.#places, fromSequence, this.#head.sequence);
  }

  archive(upTo: number): Promise<void> {
    return archiveSegments(this.#disk, this.#places, upTo, () => this.#lock.isHeld());
  }

  async close(): Promise<void> {
    if (this.#dead === undefined) this.#dead = new JournalDead(new Error("it was closed"));
    await this.#appending?.catch(() => undefined);
    this.#closing.abort();
    try {
      const draft = await this.#draft;
      this.#draft = undefined;
      if (draft !== undefined) await discardDraft(this.#disk, draft);
      await this.#segment?.handle.close();
      this.#segment = undefined;
    } finally {
      await this.#lock.release();
    }
  }

  /** Throws unless this writer was not replaced. */
  #assertHeld(frame: Pick<Frame, "epoch" | "firstSequence">): void {
    if (this.#lock.isHeld()) return;
    const { epoch, sequence } = this.#head;
    throw new JournalHeadMoved(frame, { epoch: epoch + 1, sequence });
  }

  async #write(frame: Frame): Promise<void> {
    const length = frameBytes(frame.payload.length);
    const segment = this.#roomFor(length) ?? (await this.#nextSegment(frame, length));
    if (this.#buffer.length < length) this.#buffer = new Uint8Array(length * 2);
    const hash = writeFrame(this.#buffer, 0, frame, this.#head.hash, nodeDigests);
    await writeAll(segment.handle, this.#buffer.subarray(0, length), segment.position);
    await segment.handle.datasync();
    segment.position += length;
    const sequence = this.#head.sequence + frame.count;
    this.#head = { epoch: frame.epoch, sequence, hash };
    this.#lastEpoch = frame.epoch;
    if (segment.position > segment.bytes / 2) this.#prepareNext();
  }

  #roomFor(length: number): OpenSegment | undefined {
    const segment = this.#segment;
    if (segment === undefined || segment.position + length > segment.bytes) return undefined;
    return segment;
  }

  async #nextSegment(frame: Frame, length: number): Promise<OpenSegment> {
    const needed = SEGMENT_HEADER_BYTES + length;
    let draft = await this.#draft;
    this.#draft = undefined;
    if (draft !== undefined && draft.bytes < needed) {
      await discardDraft(this.#disk, draft);
      draft = undefined;
    }
    const bytes = Math.max(this.#segmentBytes, Math.ceil(needed / 4096) * 4096);
    draft ??= await this.#drafted(bytes);
    const before = { ...this.#head, epoch: this.#lastEpoch };
    // Making it ready took its time, in which another may have taken over; so did naming it.
    const segment = await beginSegment(this.#disk, draft, before, () => this.#assertHeld(frame));
    this.#assertHeld(frame);
    await this.#segment?.handle.close();
    this.#segment = segment;
    return segment;
  }

  #prepareNext(): void {
    // If the disk is full, there is still half a segment to write to; when that is used up, it is tried again.
    this.#draft ??= this.#drafted(this.#segmentBytes).catch(() => undefined);
  }

  #drafted(bytes: number): Promise<SegmentDraft> {
    const path = join(this.directory, draftName(this.#lock.epoch));
    return draftSegment(this.#disk, path, bytes, this.#closing.signal);
  }
}
