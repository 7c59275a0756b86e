import type { Projection, Venue, View } from "@pincex/venue";
import { redisPublisher, serveVenue } from "@pincex/venue/redis";
import { createClient } from "@redis/client";
import { ExchangeNotStarted, reasonOf } from "./exchange-not-started.ts";

/** What carries the venue's doings to other processes, and their requests to it. */
export interface ExchangeBus {
  /** What publishes; none if there is no bus. */
  readonly projections: readonly Projection[];
  /** Takes requests for the venue. */
  serve(venue: Venue, views: readonly View[]): Promise<BusServer>;
  /** Takes no more requests, and lets Redis go. */
  close(): Promise<void>;
}

interface BusServer {
  /** Resolves when it takes no more requests, with the reason if it had to; never if there is no bus. */
  readonly stopped: Promise<Error | undefined>;
}

export const openExchangeBus = async (redisUrl: string | undefined): Promise<ExchangeBus> =>
  redisUrl === undefined ? NO_BUS : await openRedis(redisUrl);

const NO_BUS: ExchangeBus = {
  projections: [],
  serve: async () => ({ stopped: new Promise(() => undefined) }),
  close: async () => undefined,
};

const CONNECT_TIMEOUT_MS = 5_000;
/** A connection that died in silence is noticed; whoever waits for requests hears nothing for two seconds at most. */
const SOCKET_TIMEOUT_MS = 10_000;
const LONGEST_RETRY_MS = 2_000;

const openRedis = async (redisUrl: string): Promise<ExchangeBus> => {
  let wasConnected = false;
  const redis = createClient({
    url: redisUrl,
    socket: {
      connectTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: SOCKET_TIMEOUT_MS,
      // One that can't be reached at the start is a mistake to be told of; later it comes back.
      reconnectStrategy: (retries) =>
        wasConnected ? Math.min(50 * 2 ** retries, LONGEST_RETRY_MS) : false,
    },
  });
  // The venue says of its publisher that it can't reach Redis; unheard, it would end the process.
  redis.on("error", () => undefined);
  try {
    await redis.connect();
  } catch (error) {
    throw redisUnusable(redisUrl, error);
  }
  wasConnected = true;
  let stop = async (): Promise<void> => undefined;
  return {
    projections: [redisPublisher({ redis })],
    serve: async (venue, views) => {
      const server = await serveVenue({ redis, venue, views });
      stop = () => server.stop();
      return server;
    },
    close: async () => {
      await stop();
      redis.destroy();
    },
  };
};

/** Host and port, without the password. */
const redisUnusable = (redisUrl: string, error: unknown): ExchangeNotStarted =>
  new ExchangeNotStarted(
    "redis_unreachable",
    `The Redis at ${new URL(redisUrl).host} cannot be used: ${reasonOf(error)}.`,
    error,
  );
