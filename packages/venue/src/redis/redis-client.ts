/** What is asked of Redis, in words. */
export type RedisArgument = string | Buffer;

/** What Redis answers, with its texts as bytes. */
export type RedisReply = Buffer | number | string | null | readonly RedisReply[];

/**
 * The part of a client of `@redis/client` or `redis` (5 or newer) that is used here: `createClient(…)`, after `connect()`.
 * The host makes it, with its own address, password, TLS and reconnecting, and listens to its errors.
 */
export interface RedisClient {
  /** Whether it is connected now. */
  readonly isReady: boolean;
  /** Whether it is connected, or tries to be. */
  readonly isOpen: boolean;
  sendCommand(
    words: readonly RedisArgument[],
    options?: { readonly typeMapping?: RepliesAsBytes; readonly timeout?: number },
  ): Promise<unknown>;
  duplicate(): RedisClient;
  connect(): Promise<unknown>;
  destroy(): void;
  on(event: "error", listener: (error: Error) => void): unknown;
}

/** How a reply is wanted, by RESP's types: blob strings (36, "$") as buffers, maps (37, "%", of RESP 3) as lists. */
export interface RepliesAsBytes {
  readonly 36: BufferConstructor;
  readonly 37: ArrayConstructor;
}
// The client may take some time to notice that it is not connected: what it has not sent by then, it must not send later.
const OPTIONS = { typeMapping: { 36: Buffer, 37: Array }, timeout: 1_000 } as const;

/** Redis can't be reached now, or not do what it is asked. Whether it did is not known. */
export class RedisUnreachable extends Error {
  override readonly name = "RedisUnreachable";
  // As other clients of databases have it, so that whoever leads a consumer knows that it is worth trying again.
  readonly code = "ECONNRESET";
}

// What Redis itself says begins with a word of capitals; these words mean "not now".
const REPLIES = /^[A-Z]+ /;
const PASSING =
  /^(?:LOADING|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|READONLY|NOREPLICAS|OOM|MISCONF|BUSY) /;

/** Asks Redis. Rejects with `RedisUnreachable` if it can't answer now, and with its own error if it refuses. */
export const call = async (
  client: RedisClient,
  ...words: readonly RedisArgument[]
): Promise<RedisReply> => {
  // The client would keep the words until it is connected again, however long that takes.
  if (!client.isReady) throw new RedisUnreachable("Redis is not connected");
  try {
    return (await client.sendCommand(words, OPTIONS)) as RedisReply;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (REPLIES.test(message) && !PASSING.test(message)) throw error;
    throw new RedisUnreachable(`Redis did not answer: ${message}`, { cause: error });
  }
};

/** The same bytes, as clients of Redis want them. */
export const bufferOf = (bytes: Uint8Array): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The same bytes as anybody else wants them: what a `Buffer` calls `slice` is no copy. */
export const bytesOf = (buffer: Buffer): Uint8Array =>
  new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
