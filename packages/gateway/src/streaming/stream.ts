import type { Connection } from "./connection.ts";
import type { Unsubscribe } from "./public-feeds.ts";
import { textFrame } from "./text-frame.ts";

/** What happened on a stream, and the number with it. */
export interface StreamUpdate {
  readonly seq: number;
  readonly body: object;
}

/** Where a stream's messages come from. Numbers never go back. */
export interface StreamSource {
  /** The number of what has happened. */
  number(): number;
  /** Begins to tell what happens. */
  start(tell: (update: StreamUpdate) => void): Unsubscribe;
  /** Tells at once what would be told a little later. */
  flush(): void;
  /** How things stand, once all was told. */
  snapshot(): object;
  /**
   * What happened after a number, once all was told; undefined where that is no longer known. It is asked for step by step, and in between more may
   * happen.
   */
  since(seq: number): Iterable<StreamUpdate> | undefined;
}

/** Each made when it is its turn: a slow reader takes few at a time, and may never take the rest. */
export function* updates<Change>(
  changes: readonly Change[],
  update: (change: Change) => StreamUpdate,
): Generator<StreamUpdate, void> {
  for (const change of changes) yield update(change);
}

/** What a client is still to be told of what it missed. */
interface Missed {
  readonly updates: Iterator<StreamUpdate>;
  /** The number of the stream's last message when it was made. */
  readonly upTo: number;
}

/** A client of a stream. */
interface Subscriber {
  readonly connection: Connection;
  /** The number of the last message that it was sent. */
  seq: number;
  /** Is sent nothing until it has caught up. */
  isBehind: boolean;
  missed: Missed | undefined;
}

/** What a client holds of a stream. */
export interface Subscription {
  /** The number of the last message that it was sent. */
  readonly seq: number;
  end(): void;
}

/**
 * Numbered messages to many clients, each framed once for all of them.
 *
 * A client that takes its messages slower than they come is sent none until it has taken what waits; then it goes on from the last that it was
 * sent, with what it missed. What cannot be told any more, to it or to one who returns, is told as `resync`, and a fresh snapshot.
 */
export class Stream {
  readonly #head: object;
  readonly #source: StreamSource;
  readonly #subscribers = new Set<Subscriber>();
  readonly #stop: Unsubscribe;
  #seq: number;

  /** `head` stands in every message. */
  constructor(head: object, source: StreamSource) {
    this.#head = head;
    this.#source = source;
    this.#seq = source.number();
    this.#stop = source.start((update) => this.#tell(update));
  }

  get isHeard(): boolean {
    return this.#subscribers.size > 0;
  }

  /** Sends a snapshot or, from a number on, what happened after it; then what happens. */
  subscribe(connection: Connection, fromSeq?: number): Subscription {
    const subscriber: Subscriber = {
      connection,
      seq: fromSeq ?? 0,
      isBehind: true,
      missed: undefined,
    };
    this.#subscribers.add(subscriber);
    if (fromSeq === undefined) this.#begin(subscriber);
    else this.#continue(subscriber);
    return {
      get seq() {
        return subscriber.seq;
      },
      end: () => this.#subscribers.delete(subscriber),
    };
  }

  close(): void {
    this.#stop();
  }

  #tell(update: StreamUpdate): void {
    const prevSeq = this.#seq;
    this.#seq = update.seq;
    let shared: Buffer | undefined;
    for (const subscriber of this.#subscribers) {
      if (subscriber.isBehind) continue;
      if (subscriber.connection.isCongested) {
        this.#fallBehind(subscriber);
        continue;
      }
      if (subscriber.seq === prevSeq) {
        shared ??= this.#updateFrame(update, prevSeq);
        subscriber.connection.send(shared);
      } else subscriber.connection.send(this.#updateFrame(update, subscriber.seq));
      subscriber.seq = update.seq;
    }
  }

  #begin(subscriber: Subscriber): void {
    this.#source.flush();
    const { connection } = subscriber;
    const seq = Math.max(this.#seq, this.#source.number());
    connection.send(this.#frame("snapshot", { seq, ...this.#source.snapshot() }));
    subscriber.seq = seq;
    subscriber.isBehind = false;
  }

  #continue(subscriber: Subscriber): void {
    this.#source.flush();
    for (;;) {
      subscriber.missed ??= this.#missedBy(subscriber);
      if (subscriber.missed === undefined) {
        subscriber.connection.send(this.#frame("resync", { fromSeq: subscriber.seq }));
        this.#begin(subscriber);
        return;
      }
      const { updates: missed, upTo } = subscriber.missed;
      if (!this.#sendMissed(subscriber, missed)) {
        this.#fallBehind(subscriber);
        return;
      }
      subscriber.missed = undefined;
      if (upTo === this.#seq) break;
    }
    subscriber.isBehind = false;
  }

  #missedBy({ seq }: Subscriber): Missed | undefined {
    if (seq > Math.max(this.#seq, this.#source.number())) return undefined;
    const missed = this.#source.since(seq);
    return missed && { updates: missed[Symbol.iterator](), upTo: this.#seq };
  }

  /** False if the client takes no more now. */
  #sendMissed(subscriber: Subscriber, missed: Iterator<StreamUpdate>): boolean {
    for (;;) {
      if (subscriber.connection.isCongested) return false;
      const next = missed.next();
      if (next.done === true) return true;
      subscriber.connection.send(this.#updateFrame(next.value, subscriber.seq));
      subscriber.seq = next.value.seq;
    }
  }

  #fallBehind(subscriber: Subscriber): void {
    subscriber.isBehind = true;
    subscriber.connection.onceDrained(() => {
      if (this.#subscribers.has(subscriber)) this.#continue(subscriber);
    });
  }

  #updateFrame({ seq, body }: StreamUpdate, prevSeq: number): Buffer {
    return this.#frame("update", { seq, prevSeq, ...body });
  }

  #frame(type: "snapshot" | "update" | "resync", body: object): Buffer {
    return textFrame(JSON.stringify({ type, ...this.#head, ...body }));
  }
}
