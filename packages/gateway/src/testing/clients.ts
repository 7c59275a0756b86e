import { createHmac } from "node:crypto";
import type { HmacKey } from "../api-key.ts";
import { checkDescribed } from "./described-answer.ts";

/** What came back, the JSON read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into any answer
  readonly json: any;
}

export const hmac = (secret: string, payload: string): string =>
  createHmac("sha256", secret).update(payload).digest("hex");

const answerOf = async (response: Response): Promise<Answer> => ({
  status: response.status,
  headers: response.headers,
  json: await response.json(),
});

/** Calls the native API, signed with a key unless there is none. What is answered must be as the API's description says. */
export class NativeClient {
  readonly #http: string;
  readonly #key: HmacKey | undefined;
  #sent = 0;

  constructor(http: string, key?: HmacKey) {
    this.#http = http;
    this.#key = key;
  }

  async request(method: string, path: string, body?: unknown): Promise<Answer> {
    return this.raw(method, path, body === undefined ? "" : JSON.stringify(body));
  }

  async raw(method: string, path: string, body: string, at?: number): Promise<Answer> {
    this.#sent += 1;
    // Requests of one millisecond that are the same otherwise differ by decimals.
    const timestamp = String(at ?? `${Date.now()}.${this.#sent}`);
    const prefix = new URL(this.#http).pathname.replace(/\/$/, "");
    const key = this.#key;
    const headers: Record<string, string> =
      key === undefined
        ? {}
        : {
            "pincex-key": key.apiKey,
            "pincex-timestamp": timestamp,
            "pincex-signature": hmac(key.secret, timestamp + method + prefix + path + body),
          };
    const answer = await answerOf(
      await fetch(this.#http + path, { method, headers, ...(body === "" ? {} : { body }) }),
    );
    checkDescribed(method, path, answer.status, answer.json);
    return answer;
  }
}

export type Pairs = Readonly<Record<string, string | number>>;

/** Calls the Binance dialect, signed with a key unless there is none. */
export class BinanceClient {
  readonly #http: string;
  readonly #key: HmacKey | undefined;

  constructor(http: string, key?: HmacKey) {
    this.#http = http;
    this.#key = key;
  }

  /** Everything in the query, as most clients send it. */
  async request(method: string, path: string, pairs: Pairs = {}): Promise<Answer> {
    return this.send(method, path, this.signed(query(pairs)), "");
  }

  /** The parameters in a form, as ccxt sends orders. */
  async post(path: string, pairs: Pairs): Promise<Answer> {
    return this.send("POST", path, "", this.signed(query(pairs)));
  }

  async send(method: string, path: string, query: string, body: string): Promise<Answer> {
    const headers: Record<string, string> = {};
    if (this.#key !== undefined) headers["x-mbx-apikey"] = this.#key.apiKey;
    if (body !== "") headers["content-type"] = "application/x-www-form-urlencoded";
    const url = this.#http + path + (query === "" ? "" : `?${query}`);
    return answerOf(await fetch(url, { method, headers, ...(body === "" ? {} : { body }) }));
  }

  /** The pairs with timestamp and signature behind them; as they are where there is no key. */
  signed(pairs: string, at: number = Date.now()): string {
    if (this.#key === undefined) return pairs;
    const payload = `${pairs}${pairs === "" ? "" : "&"}timestamp=${at}`;
    return `${payload}&signature=${hmac(this.#key.secret, payload)}`;
  }
}

const query = (pairs: Pairs): string =>
  Object.entries(pairs)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("&");
