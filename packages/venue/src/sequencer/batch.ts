import { type RecordViews, RecordWriter, recordLength } from "@pincex/engine";
import { COMMAND_TIME_BYTES } from "../journal/frame-payload.ts";
import type { Frame } from "../journal/journal.ts";
import type { Submission } from "./venue.ts";

interface Waiting {
  readonly time: number;
  /** Where the command's events begin among the batch's. */
  readonly eventsFrom: number;
  readonly resolve: (submission: Submission) => void;
  readonly reject: (error: Error) => void;
}

/** Commands on their way to being one frame, their events, and who waits for them. */
export class Batch {
  readonly firstSequence: number;
  readonly #payload = new RecordWriter(4096);
  readonly events: RecordWriter = new RecordWriter(4096);
  readonly #waiting: Waiting[] = [];
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
    views.bytes.set(record, offset);
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
      waiting.resolve({
        sequence: this.firstSequence + index,
        time: waiting.time,
        events: events.subarray(waiting.eventsFrom, to),
      });
    }
  }

  reject(error: Error): void {
    for (const { reject } of this.#waiting) reject(error);
  }
}
