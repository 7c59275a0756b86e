import type { Connection } from "./connection.ts";
import { Stream, type StreamSource, type Subscription } from "./stream.ts";

/** A stream that can be listened to. */
export interface StreamOffer {
  /** The same for the same stream. */
  readonly key: string;
  /** Names the channel, and stands in every message. */
  readonly head: object;
  readonly source: StreamSource;
}

/** Streams that run as long as somebody listens, each once for all who do. */
export class RunningStreams {
  readonly #running = new Map<string, Stream>();

  /** Sends a snapshot, or what came after `fromSeq`; then what happens. */
  subscribe(
    { key, head, source }: StreamOffer,
    connection: Connection,
    fromSeq?: number,
  ): Subscription {
    const stream = this.#running.get(key) ?? new Stream(head, source);
    this.#running.set(key, stream);
    const subscription = stream.subscribe(connection, fromSeq);
    return {
      get seq() {
        return subscription.seq;
      },
      end: () => {
        subscription.end();
        if (stream.isHeard || this.#running.get(key) !== stream) return;
        this.#running.delete(key);
        stream.close();
      },
    };
  }
}
