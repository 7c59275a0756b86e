import { FieldWriter } from "../record/field-writer.ts";
import type { AccountActivity } from "./account-activity.ts";
import type { SlicedSnapshot } from "./view.ts";

// Half a millisecond or so. A single account may have some two thousand rows of a hundred bytes.
const SLICE_BYTES = 256 << 10;
/** Pieces stand in several buffers: one that grows would be copied whole again and again. */
const BUFFER_BYTES = 1 << 20;

/** Where an account stands among the pieces. */
interface Piece {
  readonly writer: FieldWriter;
  readonly from: number;
  readonly to: number;
}

/**
 * Every account's activity as it was when this was begun. First each is written, a few at a time; whoever is about to change one
 * has it written before. Then they are put in order.
 */
export class ActivitiesSnapshot implements SlicedSnapshot {
  readonly #activities: ReadonlyMap<number, AccountActivity>;
  /** In the order in which they go into the snapshot. */
  readonly #accounts: readonly number[];
  /** What stands before them. */
  readonly #head: Uint8Array;
  readonly #onWritten: () => void;
  readonly #sliceBytes: number;
  readonly #pieces = new Map<number, Piece>();
  #writer = new FieldWriter();
  /** The place among the accounts of the one that is written next, or put in order next. */
  #next = 0;
  #whole: Uint8Array | undefined;
  #length = 0;

  /** `onWritten` is called when no activity is looked at any more. */
  constructor(
    head: FieldWriter,
    activities: ReadonlyMap<number, AccountActivity>,
    onWritten: () => void,
    sliceBytes: number = SLICE_BYTES,
  ) {
    this.#activities = activities;
    this.#accounts = [...activities.keys()];
    this.#onWritten = onWritten;
    this.#sliceBytes = sliceBytes;
    head.row(this.#accounts.length);
    this.#head = head.finished();
  }

  /** The account is about to change. */
  before(account: number): void {
    if (this.#pieces.has(account)) return;
    const activity = this.#activities.get(account);
    if (activity !== undefined) this.#write(account, activity);
  }

  slice(): boolean {
    return this.#whole === undefined ? this.#writeSome() : this.#putSomeInOrder(this.#whole);
  }

  finished(): Uint8Array {
    if (this.#whole === undefined) throw new RangeError("expected no slice to be left");
    return this.#whole;
  }

  #writeSome(): true {
    let bytes = 0;
    for (; bytes < this.#sliceBytes; this.#next += 1) {
      const account = this.#accounts[this.#next];
      if (account === undefined) {
        this.#onWritten();
        this.#beginWhole();
        break;
      }
      this.before(account);
      bytes += this.#lengthOf(account);
    }
    return true;
  }

  #beginWhole(): void {
    let length = this.#head.length;
    for (const account of this.#accounts) length += this.#lengthOf(account);
    this.#whole = new Uint8Array(length);
    this.#whole.set(this.#head);
    this.#length = this.#head.length;
    this.#next = 0;
  }

  #putSomeInOrder(whole: Uint8Array): boolean {
    const until = this.#length + 4 * this.#sliceBytes;
    for (; this.#length < until; this.#next += 1) {
      const account = this.#accounts[this.#next];
      const piece = account === undefined ? undefined : this.#pieces.get(account);
      if (piece === undefined) return false;
      const { writer, from, to } = piece;
      whole.set(writer.written(from, to), this.#length);
      this.#length += to - from;
    }
    return true;
  }

  #lengthOf(account: number): number {
    const { from, to } = this.#pieces.get(account) ?? { from: 0, to: 0 };
    return to - from;
  }

  #write(account: number, activity: AccountActivity): void {
    if (this.#writer.length > BUFFER_BYTES) this.#writer = new FieldWriter();
    const writer = this.#writer;
    const from = writer.length;
    writer.row(account);
    activity.write(writer);
    this.#pieces.set(account, { writer, from, to: writer.length });
  }
}
