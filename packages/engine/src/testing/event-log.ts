import type { EngineHandler } from "../engine-handler.ts";
import { decodeEvent } from "../events/decode-event.ts";
import type { EngineEvent } from "../events/event.ts";
import type { EventRegister } from "../events/event-register.ts";
import { RecordWriter, recordLength } from "../record.ts";

/** Keeps what an engine says: as records, and as objects. */
export class EventLog implements EngineHandler {
  readonly #writer: RecordWriter = new RecordWriter();

  event({ views, length }: EventRegister): void {
    this.#writer.append(views, 0, length);
  }

  get bytes(): Uint8Array {
    return this.#writer.finished();
  }

  /** What was said since the last call. */
  take(): EngineEvent[] {
    const events: EngineEvent[] = [];
    const { views, length } = this.#writer;
    for (let offset = 0; offset < length; offset += recordLength(views, offset)) {
      events.push(decodeEvent(views, offset));
    }
    this.#writer.clear();
    return events;
  }
}
