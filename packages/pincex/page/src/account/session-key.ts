import { askIdentity } from "../identity/identity-request.ts";
import type { Answer } from "./problem.ts";
import type { Signed, Signer } from "./signer.ts";

interface OpenedKey {
  readonly apiKey: string;
  /** Milliseconds since 1970, by the exchange's clock. */
  readonly until: number;
}

/** So long before its end a key is given up for the next one: opening that also tells identity that somebody is still there. */
const SPARE_MS = 15 * 60_000;
/** However wrong this machine's clock is, a key is used for so long. One that has ended by then is renewed when the venue says so. */
const LEAST_USE_MS = 60_000;

/**
 * A trading key of whoever is signed in. The browser makes a pair of keys whose private half no script can read, and shows the
 * exchange the public one. It is in memory alone, ends with the session, and is opened anew when it is needed: somebody who has
 * long been away does not stay signed in by it.
 */
export class SessionKey implements Signer {
  readonly #pair = newPair();
  #opened: Promise<Answer<OpenedKey>> | undefined;
  #renewAt = 0;

  async sign(payload: string): Promise<Answer<Signed>> {
    const opened = await this.#open();
    if (!opened.ok) return opened;
    const { privateKey } = await this.#pair;
    const bytes = new TextEncoder().encode(payload);
    const signature = await crypto.subtle.sign(privateKey.algorithm.name, privateKey, bytes);
    return { ok: true, json: { key: opened.json.apiKey, signature: base64(signature) } };
  }

  forget(): boolean {
    this.#opened = undefined;
    return true;
  }

  /** All that is asked at once waits for one key. */
  #open(): Promise<Answer<OpenedKey>> {
    if (this.#opened === undefined || Date.now() >= this.#renewAt) {
      this.#renewAt = Date.now() + LEAST_USE_MS;
      this.#opened = this.#ask();
    }
    return this.#opened;
  }

  async #ask(): Promise<Answer<OpenedKey>> {
    const publicKey = pem(await crypto.subtle.exportKey("spki", (await this.#pair).publicKey));
    const answer = await askIdentity<OpenedKey>("POST", "session-keys", { publicKey });
    if (!answer.ok) {
      this.forget();
      return { ok: false, problem: { ...answer.problem, executed: "no" } };
    }
    this.#renewAt = Math.max(this.#renewAt, answer.json.until - SPARE_MS);
    return answer;
  }
}

const RSA = {
  name: "RSASSA-PKCS1-v1_5",
  hash: "SHA-256",
  modulusLength: 2_048,
  publicExponent: new Uint8Array([1, 0, 1]),
};

/** Ed25519, or RSA where the browser does not know it. */
const newPair = async (): Promise<CryptoKeyPair> => {
  try {
    return (await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"])) as CryptoKeyPair;
  } catch {
    return crypto.subtle.generateKey(RSA, false, ["sign", "verify"]);
  }
};

const base64 = (bytes: ArrayBuffer): string => btoa(String.fromCharCode(...new Uint8Array(bytes)));

const pem = (spki: ArrayBuffer): string =>
  `-----BEGIN PUBLIC KEY-----\n${base64(spki).replace(/.{64}/g, "$&\n")}\n-----END PUBLIC KEY-----\n`;
