import { OutcomeUnknown, VenueStopped } from "../sequencer/venue-errors.ts";
import { Outbox } from "./outbox.ts";
import { readStream } from "./read-stream.ts";
import type { RedisBusOptions } from "./redis-bus.ts";
import { bufferOf, bytesOf, call, type RedisClient } from "./redis-client.ts";
import { redisKeys, VENUE_NAME } from "./redis-keys.ts";
import { decodeReplies, errorIn, type Reply } from "./reply.ts";
import { encodeRequests, type Request } from "./request.ts";
import { fieldOf } from "./stream-entry.ts";

/** What is asked, before it has a number. */
export type Question =
  | { readonly kind: "submit"; readonly record: Uint8Array }
  | { readonly kind: "snapshot"; readonly atLeast: number };

export type Answer = Extract<Reply, { kind: "done" | "snapshot_taken" }>;

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

// More entries than a venue that is alive has waiting.
const REQUESTS_KEPT = 10_000;

/** Asks a venue in another process, and hears its answers on a stream of its own. */
export class VenueClient {
  /** Resolves when it asks no more: with nothing after `stop`, otherwise with the reason. */
  readonly stopped: Promise<Error | undefined>;
  readonly #redis: RedisClient;
  readonly #keys: ReturnType<typeof redisKeys>;
  readonly #patienceMs: number;
  readonly #name: string = crypto.randomUUID();
  readonly #outbox: Outbox<Request> = new Outbox((requests) => this.#send(requests));
  readonly #waiting: Map<number, Waiting> = new Map();
  readonly #stopping = new AbortController();
  #lastId = 0;

  constructor({ redis, name = VENUE_NAME }: RedisBusOptions, patienceMs: number) {
    this.#redis = redis;
    this.#keys = redisKeys(name);
    this.#patienceMs = patienceMs;
    this.stopped = this.#listen().then(
      () => undefined,
      (error: Error) => error,
    );
  }

  /** How many questions have no answer yet. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Rejects as `Venue.submit` does, and with `OutcomeUnknown` when its patience is at an end. */
  ask(question: Question): Promise<Answer> {
    if (this.#stopping.signal.aborted) return Promise.reject(new VenueStopped());
    if (!this.#redis.isReady) return Promise.reject(new VenueStopped("Redis is not connected"));
    const patienceMs = this.#patienceMs;
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#giveUp(id, `no answer in ${patienceMs} ms`), patienceMs);
      this.#waiting.set(id, { resolve, reject, timer });
      this.#outbox.push({ ...question, id, patienceMs });
    });
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    for (const id of this.#waiting.keys()) this.#giveUp(id, "stopped before there was an answer");
    await this.stopped;
    await call(this.#redis, "DEL", this.#keys.replies(this.#name)).catch(() => undefined);
  }

  async #listen(): Promise<void> {
    const { signal } = this.#stopping;
    const key = this.#keys.replies(this.#name);
    for await (const entries of readStream({ redis: this.#redis, key, after: "0-0", signal })) {
      for (const entry of entries) {
        for (const reply of decodeReplies(bytesOf(fieldOf(entry, "replies")))) this.#settle(reply);
      }
    }
  }

  #settle(reply: Reply): void {
    const waiting = this.#take(reply.id);
    if (reply.kind === "done" || reply.kind === "snapshot_taken") waiting?.resolve(reply);
    else waiting?.reject(errorIn(reply));
  }

  #giveUp(id: number, reason: string): void {
    this.#take(id)?.reject(new OutcomeUnknown(reason));
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    if (waiting !== undefined) clearTimeout(waiting.timer);
    this.#waiting.delete(id);
    return waiting;
  }

  /** It is never sent twice: nobody knows whether what failed has got there. */
  async #send(requests: readonly Request[]): Promise<void> {
    const where = [this.#keys.requests, "MAXLEN", "~", `${REQUESTS_KEPT}`, "*"];
    const bytes = bufferOf(encodeRequests(requests));
    try {
      await call(this.#redis, "XADD", ...where, "client", this.#name, "requests", bytes);
    } catch (error) {
      for (const { id } of requests) this.#giveUp(id, String(error));
    }
  }
}
