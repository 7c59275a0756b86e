/** A data key as it is kept: wrapped by a key that never leaves the key management. */
export interface WrappedKey {
  /** Which key wrapped it, so that rotation can tell old from new. */
  readonly keyId: string;
  readonly blob: Uint8Array;
}

/**
 * The port to whoever guards the keys that wrap all others: a file, a hardware module, a cloud's service.
 *
 * `context` is authenticated and not kept: what was wrapped for one purpose can't be unwrapped for another.
 */
export interface KeyManagement {
  /** The key that wraps from now on. Older ones still unwrap. */
  currentKeyId(): Promise<string>;
  wrap(key: Uint8Array, context: Uint8Array): Promise<WrappedKey>;
  /** Throws if the key is unknown, the blob was changed or the context is another one. */
  unwrap(wrapped: WrappedKey, context: Uint8Array): Promise<Uint8Array>;
}
