import type { Authenticator } from "../authenticator.ts";
import { CloseCode, type Connection } from "./connection.ts";

/** How long a connection outlasts the key that it speaks by, at most. */
const KEY_CHECK_MS = 5_000;

/**
 * Closes a connection once a key by which it was authenticated is over: revoked, expired, or its owner signed out. An authenticator that
 * can't say so for the moment ends nothing.
 */
export class KeyWatch {
  readonly #connection: Connection;
  readonly #authenticator: Authenticator;
  readonly #onError: (error: unknown) => void;
  readonly #keys = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    connection: Connection,
    authenticator: Authenticator,
    onError: (error: unknown) => void,
  ) {
    this.#connection = connection;
    this.#authenticator = authenticator;
    this.#onError = onError;
    connection.onClose(() => clearInterval(this.#timer));
  }

  watch(apiKey: string): void {
    // Who was proved may be gone by then, and nothing would end the watch.
    if (!this.#connection.open) return;
    this.#keys.add(apiKey);
    if (this.#authenticator.isLive === undefined) return;
    this.#timer ??= setInterval(() => void this.#check(), KEY_CHECK_MS).unref();
  }

  async #check(): Promise<void> {
    try {
      for (const apiKey of this.#keys) {
        if ((await this.#authenticator.isLive?.(apiKey)) !== false) continue;
        this.#connection.close(
          CloseCode.keyEnded,
          "the key that authenticated the connection ended",
        );
        return;
      }
    } catch (error) {
      this.#onError(error);
    }
  }
}
