import { call, type RedisClient, RedisUnreachable } from "./redis-client.ts";
import { entriesRead, type StreamEntry } from "./stream-entry.ts";

export interface ReadStreamOptions {
  readonly redis: RedisClient;
  readonly key: string;
  /** The id after which to begin. */
  readonly after: string;
  readonly signal: AbortSignal;
}

// A connection that died in silence is noticed after so long at the latest.
const WAIT_MS = 2_000;
// Entries have up to some megabytes.
const AT_ONCE = 32;
const FIRST_RETRY_MS = 20;
const LONGEST_RETRY_MS = 1_000;

/**
 * The entries of a stream as they come, in batches, on a connection of their own, since a read that waits holds up all others.
 * While Redis can't be reached, it is waited for. Ends when the signal is aborted.
 */
export async function* readStream(options: ReadStreamOptions): AsyncGenerator<StreamEntry[]> {
  const { signal } = options;
  if (signal.aborted) return;
  const connection = options.redis.duplicate();
  // The host hears from its own client that Redis is away.
  connection.on("error", () => undefined);
  const close = (): void => {
    if (connection.isOpen) connection.destroy();
  };
  signal.addEventListener("abort", close);
  try {
    // Rejects only once it is closed, or if the host's settings forbid to try again.
    await connection.connect();
    yield* entriesOn(connection, options);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener("abort", close);
    if (!signal.aborted) close();
  }
}

async function* entriesOn(
  connection: RedisClient,
  { key, after, signal }: ReadStreamOptions,
): AsyncGenerator<StreamEntry[]> {
  let at = after;
  let retryMs = FIRST_RETRY_MS;
  while (!signal.aborted) {
    try {
      const words = ["XREAD", "COUNT", `${AT_ONCE}`, "BLOCK", `${WAIT_MS}`, "STREAMS", key, at];
      const entries = entriesRead(await call(connection, ...words));
      retryMs = FIRST_RETRY_MS;
      if (entries.length === 0) continue;
      yield entries;
      at = entries.at(-1)?.id ?? at;
    } catch (error) {
      // Where the host's settings forbid to try again, nobody does.
      if (!(error instanceof RedisUnreachable) || !connection.isOpen) throw error;
      await new Promise((resolve) => setTimeout(resolve, retryMs));
      retryMs = Math.min(2 * retryMs, LONGEST_RETRY_MS);
    }
  }
}
