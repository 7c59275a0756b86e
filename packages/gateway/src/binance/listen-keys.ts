import { randomBytes } from "node:crypto";
import type { Authenticator, Principal } from "../authenticator.ts";
import { listenKeyUnknown, unsupportedOperation } from "./error.ts";
import { apiKeyInvalid } from "./signing.ts";

/** How long a listen key lasts that nobody asks for or keeps alive. */
export const LISTEN_KEY_MS = 3_600_000;

/** Whose changes a stream tells, and until when. */
export interface ListenKey {
  readonly account: number;
  readonly apiKey: string;
  readonly until: number;
}

/**
 * The keys under which clients of before 2026 hear their user stream at `/ws/<listenKey>`. One for each API key, in this process's memory.
 *
 * Binance gives them for the API key alone, unsigned; so they are given only where the authenticator says whose a key is that nobody has
 * proved: see `Authenticator.ownerOf`.
 */
export class ListenKeys {
  readonly #authenticator: Authenticator;
  readonly #clock: () => number;
  readonly #keys = new Map<string, ListenKey>();
  readonly #byApiKey = new Map<string, string>();

  constructor(authenticator: Authenticator, clock: () => number) {
    this.#authenticator = authenticator;
    this.#clock = clock;
  }

  /** The API key's listen key, a new one if it has none that lasts; lasts an hour from now on either way. */
  async open(apiKey: string): Promise<string> {
    const { account } = await this.#owner(apiKey);
    const old = this.#byApiKey.get(apiKey);
    const listenKey = old !== undefined && this.find(old) ? old : randomBytes(32).toString("hex");
    this.#byApiKey.set(apiKey, listenKey);
    this.#keys.set(listenKey, { account, apiKey, until: this.#clock() + LISTEN_KEY_MS });
    return listenKey;
  }

  /** Another hour. */
  async keepAlive(apiKey: string, listenKey: string): Promise<void> {
    const { account } = await this.#owner(apiKey);
    this.#mustBeOf(apiKey, listenKey);
    this.#keys.set(listenKey, { account, apiKey, until: this.#clock() + LISTEN_KEY_MS });
  }

  async end(apiKey: string, listenKey: string): Promise<void> {
    await this.#owner(apiKey);
    this.#mustBeOf(apiKey, listenKey);
    this.#forget(listenKey, apiKey);
  }

  /** Undefined for one that is over, or never was. */
  find(listenKey: string): ListenKey | undefined {
    const known = this.#keys.get(listenKey);
    if (known === undefined || this.#clock() < known.until) return known;
    this.#forget(listenKey, known.apiKey);
    return undefined;
  }

  /** Whether a stream may go on: its listen key lasts, and so does the API key that it was given for. */
  async isLive(listenKey: string): Promise<boolean> {
    const known = this.find(listenKey);
    if (known === undefined) return false;
    if ((await this.#authenticator.isLive?.(known.apiKey)) !== false) return true;
    this.#forget(listenKey, known.apiKey);
    return false;
  }

  async #owner(apiKey: string): Promise<Principal> {
    if (this.#authenticator.ownerOf === undefined) throw unsupportedOperation(410, "path");
    const owner = await this.#authenticator.ownerOf(apiKey);
    if (owner === undefined) throw apiKeyInvalid("api_key_unknown");
    if (!owner.permissions.includes("read")) throw apiKeyInvalid("permission_missing");
    return owner;
  }

  #mustBeOf(apiKey: string, listenKey: string): void {
    if (this.find(listenKey)?.apiKey !== apiKey) throw listenKeyUnknown();
  }

  #forget(listenKey: string, apiKey: string): void {
    this.#keys.delete(listenKey);
    this.#byApiKey.delete(apiKey);
  }
}
