import type { Venue } from "../sequencer/venue.ts";
import type { View } from "../views/view.ts";
import { keepSnapshot, keptSequence } from "./kept-snapshot.ts";
import { Outbox } from "./outbox.ts";
import { readStream } from "./read-stream.ts";
import type { RedisBusOptions } from "./redis-bus.ts";
import { bufferOf, bytesOf, call, type RedisClient, RedisUnreachable } from "./redis-client.ts";
import { redisKeys, VENUE_NAME } from "./redis-keys.ts";
import { encodeReplies, type Reply, refusalOf } from "./reply.ts";
import { decodeRequests, type Request } from "./request.ts";
import { entriesOf, fieldOf, idNumber, type StreamEntry } from "./stream-entry.ts";

export interface ServeVenueOptions extends RedisBusOptions {
  readonly venue: Pick<Venue, "submit" | "sequence">;
  /** Those of the venue, for clients to begin with. */
  readonly views: readonly View[];
}

/** A venue that takes commands from other processes. */
export interface VenueServer {
  /** Takes no more requests; the venue goes on. Safe to call again. */
  stop(): Promise<void>;
  /** Resolves when it takes no more requests: with nothing after `stop`, otherwise with the reason. */
  readonly stopped: Promise<Error | undefined>;
}

/**
 * Does what other processes ask of a venue through Redis, with `remoteVenue`: in the process of the venue, beside
 * `redisPublisher`. What was asked before it began is not done.
 *
 * Rejects if Redis can't be reached.
 *
 * @example
 * const venue = await openVenue({ journal, views, projections: [redisPublisher({ redis })], clock: Date.now });
 * const server = await serveVenue({ redis, venue, views });
 */
export const serveVenue = async (options: ServeVenueOptions): Promise<VenueServer> => {
  const { redis, name = VENUE_NAME } = options;
  const { requests } = redisKeys(name);
  const [newest] = entriesOf(await call(redis, "XREVRANGE", requests, "+", "-", "COUNT", "1"));
  return new RequestServer(options, newest?.id ?? "0-0");
};

// An answer is of no use to a client that does not come for it within this time.
const REPLIES_KEPT_MS = 60_000;
const REPLIES_KEPT = 10_000;
/** Clocks don't drift apart in a second; one that was set is followed after it. */
const TIME_KEPT_MS = 1_000;

interface Addressed {
  readonly client: string;
  readonly reply: Reply;
}

class RequestServer implements VenueServer {
  readonly stopped: Promise<Error | undefined>;
  readonly #options: ServeVenueOptions;
  readonly #redis: RedisClient;
  readonly #keys: ReturnType<typeof redisKeys>;
  readonly #outbox: Outbox<Addressed> = new Outbox((replies) => this.#send(replies));
  readonly #stopping = new AbortController();
  /** When Redis was asked what time it is, by this process's own clock, and how far it is ahead of that. */
  #askedAt = Number.NEGATIVE_INFINITY;
  #redisAhead = 0;
  /** One at a time: each may serve who asks next. */
  #snapshots: Promise<unknown> = Promise.resolve();

  constructor(options: ServeVenueOptions, after: string) {
    this.#options = options;
    this.#redis = options.redis;
    this.#keys = redisKeys(options.name ?? VENUE_NAME);
    this.stopped = this.#serve(after).then(
      () => undefined,
      (error: Error) => error,
    );
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.stopped;
  }

  async #serve(after: string): Promise<void> {
    const { signal } = this.#stopping;
    const stream = { redis: this.#redis, key: this.#keys.requests, after, signal };
    for await (const entries of readStream(stream)) {
      const now = await this.#redisNow();
      for (const entry of entries) this.#take(entry, now - idNumber(entry.id));
    }
  }

  /**
   * By the clock that says when an entry came, which is asked once a second and counted on from in between. While it can't be asked,
   * nobody could be answered either.
   */
  async #redisNow(): Promise<number> {
    if (performance.now() - this.#askedAt > TIME_KEPT_MS) {
      const redisNow = await this.#redisTime();
      const here = performance.now();
      this.#redisAhead = redisNow - here;
      this.#askedAt = Number.isFinite(redisNow) ? here : Number.NEGATIVE_INFINITY;
    }
    return performance.now() + this.#redisAhead;
  }

  async #redisTime(): Promise<number> {
    try {
      const [seconds, microseconds] = (await call(this.#redis, "TIME")) as [Buffer, Buffer];
      return Number(String(seconds)) * 1_000 + Math.floor(Number(String(microseconds)) / 1_000);
    } catch (error) {
      if (error instanceof RedisUnreachable) return Number.POSITIVE_INFINITY;
      throw error;
    }
  }

  #take(entry: StreamEntry, ageMs: number): void {
    for (const { client, request } of requestsIn(entry)) {
      // Its client has given up, and must not be surprised.
      if (ageMs > request.patienceMs) continue;
      void this.#answer(request).then((reply) => this.#outbox.push({ client, reply }));
    }
  }

  async #answer(request: Request): Promise<Reply> {
    const { id } = request;
    try {
      if (request.kind === "snapshot") {
        return { kind: "snapshot_taken", id, sequence: await this.#snapshot(request.atLeast) };
      }
      const { sequence, time, events } = await this.#options.venue.submit(request.record);
      return { kind: "done", id, sequence, time, events };
    } catch (error) {
      return refusalOf(id, error);
    }
  }

  #snapshot(atLeast: number): Promise<number> {
    const taken = this.#snapshots.then(() => this.#takeSnapshot(atLeast));
    this.#snapshots = taken.catch(() => undefined);
    return taken;
  }

  /** One that is new enough serves again: writing it takes the venue's time. One of the future is of another venue. */
  async #takeSnapshot(atLeast: number): Promise<number> {
    const { venue, views } = this.#options;
    const kept = await keptSequence(this.#redis, this.#keys.snapshot);
    if (kept > 0 && kept >= atLeast && kept <= venue.sequence) return kept;
    const { sequence } = venue;
    // Between two turns all views stand at the same command.
    const sections = new Map(views.map((view) => [view.name, view.snapshot()]));
    await keepSnapshot(this.#redis, this.#keys.snapshot, { sequence, sections });
    return sequence;
  }

  /** A client that is not answered does not know the outcome, and says so. */
  async #send(replies: readonly Addressed[]): Promise<void> {
    const byClient = new Map<string, Reply[]>();
    for (const { client, reply } of replies) {
      const own = byClient.get(client) ?? [];
      byClient.set(client, own);
      own.push(reply);
    }
    await Promise.allSettled(Array.from(byClient, (addressed) => this.#sendTo(...addressed)));
  }

  async #sendTo(client: string, replies: readonly Reply[]): Promise<void> {
    const key = this.#keys.replies(client);
    const bytes = bufferOf(encodeReplies(replies));
    await Promise.all([
      call(this.#redis, "XADD", key, "MAXLEN", "~", `${REPLIES_KEPT}`, "*", "replies", bytes),
      call(this.#redis, "PEXPIRE", key, `${REPLIES_KEPT_MS}`),
    ]);
  }
}

/** None where the entry is not one of ours, or of a release that asks for what this one does not know. */
const requestsIn = (entry: StreamEntry): { client: string; request: Request }[] => {
  try {
    const client = fieldOf(entry, "client").toString("latin1");
    const requests = decodeRequests(bytesOf(fieldOf(entry, "requests")));
    return requests.map((request) => ({ client, request }));
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
};
