import { exchangeAddress } from "../exchange-address.ts";
import { type Answer, type Problem, unreachable } from "./problem.ts";
import type { Signed, Signer } from "./signer.ts";

const TIMEOUT_MS = 10_000;

/** What proves whose request it is. */
interface Claim extends Signed {
  readonly timestamp: string;
}

type Method = "GET" | "POST" | "PATCH" | "DELETE";

/** Requests in the name of whoever owns the key, signed as the native API wants them. */
export class SignedRequests {
  readonly #signer: Signer;
  /** The exchange's clock is ahead of this machine's by so many milliseconds. */
  #aheadMs: number | undefined;

  constructor(signer: Signer) {
    this.#signer = signer;
  }

  get<Json>(path: string): Promise<Answer<Json>> {
    return this.send("GET", path);
  }

  /** @param path such as "v1/orders?status=closed" */
  async send<Json>(method: Method, path: string, body?: object): Promise<Answer<Json>> {
    const answer = await this.#sendOnce<Json>(method, path, body);
    if (answer.ok || !this.mend(answer.problem)) return answer;
    // What the venue did not know the key or the time of, it has not done.
    return this.#sendOnce(method, path, body);
  }

  async #sendOnce<Json>(method: Method, path: string, body?: object): Promise<Answer<Json>> {
    try {
      const url = exchangeAddress(path);
      const text = body === undefined ? "" : JSON.stringify(body);
      const claimed = await this.claim(method, url, text);
      if (!claimed.ok) return claimed;
      const claim = claimed.json;
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
      return response.ok
        ? { ok: true, json: json as Json }
        : { ok: false, problem: json as Problem };
    } catch {
      return { ok: false, problem: unreachable };
    }
  }

  /** Whether it may be asked again: with another key, or by a clock that has been read anew. */
  mend({ code }: Problem): boolean {
    if (code === "api_key_unknown") return this.#signer.forget();
    // A machine that slept, or whose clock was set, is not as far from the exchange's time as it was.
    if (code !== "timestamp_outside_window") return false;
    this.#aheadMs = undefined;
    return true;
  }

  async claim(method: Method, { pathname, search }: URL, body = ""): Promise<Answer<Claim>> {
    this.#aheadMs ??= await clockDifference();
    const timestamp = String(Date.now() + this.#aheadMs);
    const payload = timestamp + method + pathname + search + body;
    const signed = await this.#signer.sign(payload);
    return signed.ok ? { ok: true, json: { timestamp, ...signed.json } } : signed;
  }
}

const clockDifference = async (): Promise<number> => {
  const response = await fetch(exchangeAddress("v1/time"), {
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const { epochMs } = (await response.json()) as { epochMs: number };
  return epochMs - Date.now();
};
