import { randomBytes } from "node:crypto";
import {
  type Authentication,
  type Authenticator,
  type Credentials,
  type HmacKey,
  keyAuthenticator,
} from "@pincex/gateway";

/** A key that was made for one sign-in. It opens the account until the exchange stops. */
export interface DemoSession {
  readonly name: string;
  readonly apiKey: string;
  readonly secret: string;
}

/** More tabs than anybody has open. The oldest session ends when another one begins. */
const MOST_SESSIONS = 64;

/**
 * Who may trade as a demo account: whoever has its key, and whoever signed in. Sessions are in memory alone, so that
 * signing in gives away no key that outlives the exchange's process.
 */
export class DemoAccess implements Authenticator {
  readonly #keys: readonly HmacKey[];
  #sessions: readonly HmacKey[] = [];
  #authenticator: Authenticator;

  constructor(keys: readonly HmacKey[]) {
    this.#keys = keys;
    this.#authenticator = keyAuthenticator(keys);
  }

  get names(): readonly string[] {
    return this.#keys.map(({ name }) => name);
  }

  /** Makes a session of the account; undefined if no demo account has that name. */
  open(name: string): DemoSession | undefined {
    const key = this.#keys.find((candidate) => candidate.name === name);
    if (key === undefined) return undefined;
    const session = { name, apiKey: randomHex(), secret: randomHex() };
    this.#sessions = [...this.#sessions, { ...key, ...session }].slice(-MOST_SESSIONS);
    this.#authenticator = keyAuthenticator([...this.#keys, ...this.#sessions]);
    return session;
  }

  authenticate(credentials: Credentials): Promise<Authentication> {
    return this.#authenticator.authenticate(credentials);
  }
}

const randomHex = (): string => randomBytes(32).toString("hex");
