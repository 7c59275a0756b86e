import { deliveryOf } from "../bus/delivery.ts";
import type { Delivery, EventBatch, EventBus } from "../bus/event-bus.ts";
import { assertKeepCommands, COMMANDS_KEPT } from "../bus/retention.ts";
import type { Projection } from "../projection/projection.ts";
import { readStream } from "./read-stream.ts";
import { bufferOf, bytesOf, call, type RedisClient } from "./redis-client.ts";
import { redisKeys, VENUE_NAME } from "./redis-keys.ts";
import { entriesOf, fieldOf, idNumber, type StreamEntry } from "./stream-entry.ts";

export interface RedisBusOptions {
  /** Connected. What waits for entries does so on connections of its own, made from this one. */
  readonly redis: RedisClient;
  /** Names the venue in Redis, where several share one: "pincex" unless told. */
  readonly name?: string;
}

export interface RedisPublisherOptions extends RedisBusOptions {
  /** Of how many commands the events are kept, at least. 250,000 unless told, which is some 100 MB in Redis. */
  readonly keepCommands?: number;
}

/**
 * Follows a venue that publishes to Redis, from any process.
 *
 * @example
 * const bus = redisBus({ redis });
 * const consumption = await consume({ bus, projection: venueProjection(db) });
 */
export const redisBus = ({ redis, name = VENUE_NAME }: RedisBusOptions): EventBus => {
  const key = redisKeys(name).events;
  return {
    head: () => lastSequence(redis, key),
    follow: (position, signal) => follow(redis, key, position, signal),
  };
};

/**
 * Publishes what a venue has done to a Redis stream: one of its projections. Redis is never an authority. What it loses is
 * lost for the bus alone, and consumers that had not got that far are told to `resync`.
 *
 * @example
 * const venue = await openVenue({ journal, projections: [redisPublisher({ redis })], clock: Date.now });
 */
export const redisPublisher = (options: RedisPublisherOptions): Projection =>
  new StreamPublisher(options);

async function* follow(
  redis: RedisClient,
  key: string,
  position: number,
  signal: AbortSignal,
): AsyncGenerator<Delivery> {
  let at = position;
  for await (const entries of readStream({ redis, key, after: `${position}-0`, signal })) {
    for (const entry of entries) {
      const delivery = deliveryOf(batchOf(entry), at);
      yield delivery;
      if (delivery.kind === "resync" || signal.aborted) return;
      at = delivery.last;
    }
  }
}

const batchOf = (entry: StreamEntry): EventBatch => ({
  first: Number(fieldOf(entry, "first").toString("latin1")),
  last: idNumber(entry.id),
  events: bytesOf(fieldOf(entry, "events")),
});

const lastSequence = async (redis: RedisClient, key: string): Promise<number> => {
  const [newest] = entriesOf(await call(redis, "XREVRANGE", key, "+", "-", "COUNT", "1"));
  return newest === undefined ? 0 : idNumber(newest.id);
};

const STANDS_ALREADY = /equal or smaller than the target stream top item/;

class StreamPublisher implements Projection {
  readonly name = "redis";
  readonly toleratesGaps = true;
  readonly #redis: RedisClient;
  readonly #key: string;
  readonly #keepCommands: number;
  /** Sequence number of the command before those that are to be published next; undefined until Redis was asked. */
  #published: number | undefined;

  constructor({ redis, name = VENUE_NAME, keepCommands = COMMANDS_KEPT }: RedisPublisherOptions) {
    assertKeepCommands(keepCommands);
    this.#redis = redis;
    this.#key = redisKeys(name).events;
    this.#keepCommands = keepCommands;
  }

  /**
   * Redis is asked once. If it loses afterwards what was published, that is not published again: the venue has it no more.
   */
  async position(): Promise<number> {
    this.#published ??= await lastSequence(this.#redis, this.#key);
    return this.#published;
  }

  /** An entry's id is its last sequence number, so that Redis itself refuses what stands there already. */
  async apply(events: Uint8Array, first: number, last: number): Promise<void> {
    this.#published = first - 1;
    const oldest = Math.max(last - this.#keepCommands, 0);
    const id = `${last}-0`;
    try {
      const where = [this.#key, "MINID", "~", `${oldest}-0`, id];
      await call(this.#redis, "XADD", ...where, "first", `${first}`, "events", bufferOf(events));
    } catch (error) {
      if (!(error instanceof Error && STANDS_ALREADY.test(error.message))) throw error;
    }
    this.#published = last;
  }
}
