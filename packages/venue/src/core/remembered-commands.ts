import { type RecordViews, recordViews } from "@pincex/engine";
import type { FieldWriter } from "../record/field-writer.ts";
import type { FieldReader } from "../record/fields.ts";
import { hashBytes, SlotTable, sameBytes } from "./slot-table.ts";

/** How long a command is remembered by its id, in milliseconds of command time: a day. */
export const COMMAND_MEMORY_MS = 86_400_000;

/** The longest command id, in bytes. */
const COMMAND_ID_BYTES = 64;

/** Whose ids they are: an account's own, or the operator's about it. Neither can take the other's. */
export const Speaker = { account: 0, operator: 1 } as const;

const ROW_BYTES = 112;
const WORDS = ROW_BYTES / 4;
const DOUBLES = ROW_BYTES / 8;
const ID_START = 48;

const D = { sequence: 0, time: 1, orderId: 2, body: 3 } as const;
const W = { account: 8, speaker: 9, idLength: 10 } as const;

/** A command id as it stands in a command. */
export interface CommandId {
  readonly account: number;
  readonly speaker: number;
  readonly views: RecordViews;
  readonly offset: number;
  readonly length: number;
}

/** Whether the bytes are a command id: 1 to 64 printable ASCII characters, no spaces. */
export const isCommandId = ({ views, offset, length }: CommandId): boolean => {
  if (length < 1 || length > COMMAND_ID_BYTES) return false;
  for (let index = 0; index < length; index++) {
    const byte = views.bytes[offset + index] ?? 0;
    if (byte < 0x21 || byte > 0x7e) return false;
  }
  return true;
};

/** What is remembered of a command that was done. */
export interface Remembered {
  readonly sequence: number;
  readonly time: number;
  readonly orderId: number;
  readonly sameBody: boolean;
}

/**
 * The commands with an id that were done in the last day of command time, so that a repeated one is not done twice.
 *
 * Rows stand in the order of time in a ring; those beyond the window make room when one is added, never when one is
 * looked up: a refused command leaves everything as it was. A row takes 112 bytes: a million commands with ids within a
 * day take 112 MB.
 */
export class RememberedCommands {
  #rows: RecordViews = recordViews(ROW_BYTES * 64);
  #oldest = 0;
  #count = 0;
  readonly #byId: SlotTable = new SlotTable();

  find(id: CommandId, body: number, time: number): Remembered | undefined {
    const hash = hashOf(id);
    for (let at = this.#byId.first(hash); at >= 0; at = this.#byId.next(at, hash)) {
      const row = this.#byId.slotAt(at) - 1;
      if (this.#isOver(row, time) || !this.#isNamed(row, id)) continue;
      return {
        sequence: this.#double(row, D.sequence),
        time: this.#double(row, D.time),
        orderId: this.#double(row, D.orderId),
        sameBody: this.#double(row, D.body) === body,
      };
    }
    return undefined;
  }

  add(id: CommandId, body: number, done: Omit<Remembered, "sameBody">): void {
    while (this.#count > 0 && this.#isOver(this.#oldest, done.time)) this.#forgetOldest();
    const row = this.#takeRow();
    const { f64, i32, bytes } = this.#rows;
    f64[row * DOUBLES + D.sequence] = done.sequence;
    f64[row * DOUBLES + D.time] = done.time;
    f64[row * DOUBLES + D.orderId] = done.orderId;
    i32[row * WORDS + W.account] = id.account;
    i32[row * WORDS + W.speaker] = id.speaker;
    f64[row * DOUBLES + D.body] = body;
    i32[row * WORDS + W.idLength] = id.length;
    const start = row * ROW_BYTES + ID_START;
    bytes.fill(0, start, start + COMMAND_ID_BYTES);
    bytes.set(id.views.bytes.subarray(id.offset, id.offset + id.length), start);
    this.#byId.insert(hashOf(id), row + 1);
  }

  write(writer: FieldWriter): void {
    const rows = new Uint8Array(this.#count * ROW_BYTES);
    for (let index = 0; index < this.#count; index++) {
      const start = this.#rowAt(index) * ROW_BYTES;
      rows.set(this.#rows.bytes.subarray(start, start + ROW_BYTES), index * ROW_BYTES);
    }
    writer.bytes(rows);
  }

  static read(reader: FieldReader): RememberedCommands {
    const rows = recordViews(reader.bytes());
    const remembered = new RememberedCommands();
    for (let row = 0; row * ROW_BYTES < rows.bytes.length; row++) remembered.#copyRow(rows, row);
    return remembered;
  }

  #copyRow(rows: RecordViews, row: number): void {
    const word = (index: number): number => rows.i32[row * WORDS + index] ?? 0;
    const double = (index: number): number => rows.f64[row * DOUBLES + index] ?? 0;
    const id = {
      account: word(W.account),
      speaker: word(W.speaker),
      views: rows,
      offset: row * ROW_BYTES + ID_START,
      length: word(W.idLength),
    };
    const done = {
      sequence: double(D.sequence),
      time: double(D.time),
      orderId: double(D.orderId),
    };
    this.add(id, double(D.body), done);
  }

  #isOver(row: number, time: number): boolean {
    return this.#double(row, D.time) < time - COMMAND_MEMORY_MS;
  }

  #isNamed(row: number, id: CommandId): boolean {
    return (
      this.#word(row, W.account) === id.account &&
      this.#word(row, W.speaker) === id.speaker &&
      this.#word(row, W.idLength) === id.length &&
      sameBytes(this.#rows.bytes, row * ROW_BYTES + ID_START, id.views.bytes, id.offset, id.length)
    );
  }

  #forgetOldest(): void {
    const row = this.#oldest;
    const id = {
      account: this.#word(row, W.account),
      speaker: this.#word(row, W.speaker),
      views: this.#rows,
      offset: row * ROW_BYTES + ID_START,
      length: this.#word(row, W.idLength),
    };
    this.#byId.remove(hashOf(id), row + 1);
    this.#oldest = this.#rowAt(1);
    this.#count -= 1;
  }

  #takeRow(): number {
    if (this.#count === this.#capacity) this.#grow();
    this.#count += 1;
    return this.#rowAt(this.#count - 1);
  }

  /** Doubles the ring. The part before the oldest row moves behind the old end, so that the other rows stay. */
  #grow(): void {
    const capacity = this.#capacity;
    const larger = recordViews(this.#rows.bytes.length * 2);
    larger.bytes.set(this.#rows.bytes);
    const wrapped = this.#oldest;
    larger.bytes.copyWithin(capacity * ROW_BYTES, 0, wrapped * ROW_BYTES);
    this.#rows = larger;
    for (let row = 0; row < wrapped; row++) this.#renumber(row, row + capacity);
  }

  #renumber(from: number, to: number): void {
    const id = {
      account: this.#word(to, W.account),
      speaker: this.#word(to, W.speaker),
      views: this.#rows,
      offset: to * ROW_BYTES + ID_START,
      length: this.#word(to, W.idLength),
    };
    this.#byId.remove(hashOf(id), from + 1);
    this.#byId.insert(hashOf(id), to + 1);
  }

  get #capacity(): number {
    return this.#rows.bytes.length / ROW_BYTES;
  }

  #rowAt(index: number): number {
    return (this.#oldest + index) % this.#capacity;
  }

  #word(row: number, index: number): number {
    return this.#rows.i32[row * WORDS + index] ?? 0;
  }

  #double(row: number, index: number): number {
    return this.#rows.f64[row * DOUBLES + index] ?? 0;
  }
}

const hashOf = ({ account, speaker, views, offset, length }: CommandId): number =>
  hashBytes(views.bytes, offset, length, Math.imul(account, 2) + speaker);
