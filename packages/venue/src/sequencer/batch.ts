import { type RecordViews, RecordWriter, recordLength } from "@pincex/engine";
import { COMMAND_TIME_BYTES } from "../journal/frame-payload.ts";
import type { Frame } from "../journal/journal.ts";
import type { Submission } from "./venue.ts";

/** Who sent a command, and hears once what became of it. */
export interface Sender {
  acknowledged(answer: Acknowledgement): void;
  refused(error: Error): void;
}

interface Waiting {
  readonly time: number;
  /** Where the command's events begin among the batch's. */
  readonly eventsFrom: number;
  readonly sender: Sender;
}

/** What a command is answered with. Its events are cut out of the frame's when somebody looks: not everybody does. */
export class Acknowledgement implements Submission {
  readonly sequence: number;
  readonly time: number;
  readonly #frameEvents: Uint8Array;
  /** Where its events begin and end among the frame's. */
  readonly from: number;
  readonly to: number;

  constructor(sequence: number, time: number, frameEvents: Uint8Array, from: number, to: number) {
    this.sequence = sequence;
    this.time = time;
    this.#frameEvents = frameEvents;
    this.from = from;
    this.to = to;
  }

  get events(): Uint8Array {
    return this.#frameEvents.subarray(this.from, this.to);
  }
}

/** Commands on their way to being one frame, their events, and who waits for them. */
export class Batch {
  firstSequence: number;
  readonly #payload = new RecordWriter(4096);
  readonly events: RecordWriter = new RecordWriter(4096);
  #waiting: Waiting[] = [];
  /** The state machine's snapshot after the last command, if one is due. */
  core: Uint8Array | undefined;

  constructor(firstSequence: number) {
    this.firstSequence = firstSequence;
  }

  get count(): number {
    return this.#waiting.length;
  }

  get lastSequence(): number {
    return this.firstSequence + this.count - 1;
  }

  get lastTime(): number {
    return this.#waiting.at(-1)?.time ?? 0;
  }

  get payloadBytes(): number {
    return this.#payload.length;
  }

  get commands(): RecordViews {
    return this.#payload.views;
  }

  /** Takes in a record, and says where it now stands among `commands`. Throws a `RangeError` if it is not exactly one. */
  write(time: number, record: Uint8Array): number {
    if (record.length < 8 || record.length % 8 !== 0) {
      throw new RangeError(`expected a record in words of 8 bytes, was ${record.length} bytes`);
    }
    const start = this.#payload.reserve(COMMAND_TIME_BYTES + record.length);
    const offset = start + COMMAND_TIME_BYTES;
    const { views } = this.#payload;
    views.f64[start >> 3] = time;
    copyBytes(record, views.bytes, offset);
    const length = recordLength(views, offset);
    if (length !== record.length) {
      this.withdraw(offset);
      throw new RangeError(`expected a record of ${length} bytes, was ${record.length} bytes`);
    }
    return offset;
  }

  /** Forgets the last record, which stands at `offset`. */
  withdraw(offset: number): void {
    this.#payload.length = offset - COMMAND_TIME_BYTES;
  }

  /** Answers for the last record once it is known. */
  wait(waiting: Waiting): void {
    this.#waiting.push(waiting);
  }

  frame(epoch: number): Frame {
    const { firstSequence, count } = this;
    const payload = this.#payload.views.bytes.subarray(0, this.#payload.length);
    return { epoch, firstSequence, count, payload };
  }

  acknowledge(events: Uint8Array): void {
    for (let index = 0; index < this.#waiting.length; index += 1) {
      const waiting = this.#waiting[index];
      if (waiting === undefined) continue;
      const to = this.#waiting[index + 1]?.eventsFrom ?? events.length;
      const { eventsFrom, sender, time } = waiting;
      const sequence = this.firstSequence + index;
      sender.acknowledged(new Acknowledgement(sequence, time, events, eventsFrom, to));
    }
  }

  /** Begins again with other commands, in the same memory. */
  begin(firstSequence: number): void {
    this.firstSequence = firstSequence;
    this.#payload.clear();
    this.events.clear();
    this.#waiting = [];
    this.core = undefined;
  }

  reject(error: Error): void {
    for (const { sender } of this.#waiting) sender.refused(error);
  }
}

/** For a record's hundred bytes, a loop is quicker than the call of `set`. */
export const copyBytes = (source: Uint8Array, target: Uint8Array, offset: number): void => {
  if (source.length > 512) {
    target.set(source, offset);
    return;
  }
  for (let at = 0; at < source.length; at += 1) target[offset + at] = source[at] ?? 0;
};
