import { Problem } from "./problem.ts";

/** A signature is good for as long, from the first moment that it may be sent. */
export const SIGNATURE_LIFE_MS = 6_000;

/** More than a venue carries out in a signature's life; tens of megabytes. */
const MOST_REMEMBERED = 262_144;

/** HMAC, Ed25519 and RSA differ within so many characters for every request. */
const TOLD_APART_BY = 40;

const HEXADECIMAL = /^[0-9a-f]{64}$/i;

/**
 * Signatures that have been used and would still be good: whoever reads a request on its way must not be able to have it done once more.
 * Kept in two halves, of which the older one is dropped when all in it are over.
 */
export class RepeatedRequests {
  readonly #most: number;
  #newer = new Set<string>();
  #older = new Set<string>();
  #since = 0;

  constructor(most: number = MOST_REMEMBERED) {
    this.#most = most;
  }

  /** Remembers a signature; throws the `Problem` where it has been used, or where there is no room to remember it. */
  refuseRepeated(signature: string, now: number): void {
    this.#turn(now);
    const used = canonical(signature);
    if (this.#newer.has(used) || this.#older.has(used)) throw requestRepeated();
    if (this.#newer.size >= this.#most) throw tooManyRemembered();
    this.#newer.add(used);
  }

  #turn(now: number): void {
    // A clock that was set back counts from there: otherwise nothing was forgotten until it had caught up.
    if (now < this.#since) this.#since = now;
    if (now - this.#since < SIGNATURE_LIFE_MS) return;
    const isLongAgo = now - this.#since >= 2 * SIGNATURE_LIFE_MS;
    this.#older = isLongAgo ? new Set() : this.#newer;
    this.#newer = new Set();
    this.#since = now;
  }
}

/** The same bytes may be written in several ways: in capitals, with other letters for + and /, without padding. */
const canonical = (signature: string): string =>
  HEXADECIMAL.test(signature)
    ? signature.slice(0, TOLD_APART_BY).toLowerCase()
    : Buffer.from(signature, "base64").toString("base64").slice(0, TOLD_APART_BY);

const requestRepeated = (): Problem =>
  new Problem(
    409,
    "request_repeated",
    "pincex-signature",
    "Signed anew: at another time, told by decimals within a millisecond. With a clientOrderId it may be sent again as it is.",
    // Of the request that came first, the client may not have heard.
    { executed: "unknown" },
  );

const tooManyRemembered = (): Problem =>
  new Problem(503, "overloaded", "", "The gateway can remember the signature.", {
    retryable: true,
  });
