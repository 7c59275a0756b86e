import { exchangeAddress } from "../exchange-address.ts";
import type { ApiKey } from "./api-key.ts";
import { type Answer, type Problem, unreachable } from "./problem.ts";

const TIMEOUT_MS = 10_000;

/** HMAC-SHA256 in hexadecimal, by the browser's own cryptography. */
const signatureOf = async (secret: string, payload: string): Promise<string> => {
  const bytes = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", bytes.encode(secret), algorithm, false, [
    "sign",
  ]);
  const signature = await crypto.subtle.sign("HMAC", key, bytes.encode(payload));
  return Array.from(new Uint8Array(signature), (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );
};

/** Browsers sign only on https and on this machine. */
export const canSign = (): boolean => globalThis.crypto?.subtle !== undefined;

type Method = "GET" | "POST" | "PATCH" | "DELETE";

/** Requests in the name of whoever owns the key, signed as the native API wants them. */
export class SignedRequests {
  readonly #key: ApiKey;
  /** The exchange's clock is ahead of this machine's by so many milliseconds. */
  #aheadMs: number | undefined;

  constructor(key: ApiKey) {
    this.#key = key;
  }

  get<Json>(path: string): Promise<Answer<Json>> {
    return this.send("GET", path);
  }

  /** @param path such as "v1/orders?status=closed" */
  async send<Json>(method: Method, path: string, body?: object): Promise<Answer<Json>> {
    try {
      const url = exchangeAddress(path);
      const text = body === undefined ? "" : JSON.stringify(body);
      const claim = await this.claim(method, url, text);
      const response = await fetch(url, {
        method,
        headers: {
          "pincex-key": claim.key,
          "pincex-timestamp": claim.timestamp,
          "pincex-signature": claim.signature,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: text }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const json: unknown = await response.json();
      if (response.ok) return { ok: true, json: json as Json };
      this.noteProblem(json as Problem);
      return { ok: false, problem: json as Problem };
    } catch {
      return { ok: false, problem: unreachable };
    }
  }

  /** A machine that slept, or whose clock was set, is not as far from the exchange's time as it was. */
  noteProblem({ code }: Problem): void {
    if (code === "timestamp_outside_window") this.#aheadMs = undefined;
  }

  /** What proves whose request it is. */
  async claim(
    method: Method,
    { pathname, search }: URL,
    body = "",
  ): Promise<{ key: string; timestamp: string; signature: string }> {
    const { apiKey, secret } = this.#key;
    this.#aheadMs ??= await clockDifference();
    const timestamp = String(Date.now() + this.#aheadMs);
    const payload = timestamp + method + pathname + search + body;
    return { key: apiKey, timestamp, signature: await signatureOf(secret, payload) };
  }
}

const clockDifference = async (): Promise<number> => {
  const response = await fetch(exchangeAddress("v1/time"), {
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const { epochMs } = (await response.json()) as { epochMs: number };
  return epochMs - Date.now();
};
