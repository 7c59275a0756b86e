import type { ApiKey } from "./api-key.ts";
import type { Answer } from "./problem.ts";
import type { Signed, Signer } from "./signer.ts";

const ALGORITHM = { name: "HMAC", hash: "SHA-256" };

/** Signs with an API key's secret: HMAC-SHA256 in hexadecimal. */
export class HmacSigner implements Signer {
  readonly #key: ApiKey;

  constructor(key: ApiKey) {
    this.#key = key;
  }

  async sign(payload: string): Promise<Answer<Signed>> {
    const { apiKey, secret } = this.#key;
    const bytes = new TextEncoder();
    const key = await crypto.subtle.importKey("raw", bytes.encode(secret), ALGORITHM, false, [
      "sign",
    ]);
    const signature = await crypto.subtle.sign(ALGORITHM, key, bytes.encode(payload));
    return { ok: true, json: { key: apiKey, signature: hexadecimal(signature) } };
  }

  forget(): boolean {
    return false;
  }
}

const hexadecimal = (bytes: ArrayBuffer): string =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
