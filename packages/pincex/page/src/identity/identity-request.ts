import { type Answer, type Refusal, unreachable } from "../account/problem.ts";
import { exchangeAddress } from "../exchange-address.ts";
import type { FactorKind } from "./factor.ts";

/** Why something about an account was refused. */
export interface IdentityRefusal extends Refusal {
  /** When it may be tried again, in milliseconds since 1970, if it was tried too often. */
  readonly retryAt?: number;
  /** The factors that the account has, if it must be proved again whose it is. */
  readonly factors?: readonly FactorKind[];
}

export type IdentityAnswer<Json = unknown> = Answer<Json, IdentityRefusal>;

export type IdentityMethod = "GET" | "POST" | "DELETE";

/** Passwords are slow to check on purpose, and others may be in the queue. */
const TIMEOUT_MS = 20_000;

/**
 * Asks the exchange about accounts and who is signed in. The session is a cookie that no script reads; what changes something is
 * sent as JSON, which no form of another page can send.
 *
 * @param path such as "sign-in"
 */
export const askIdentity = async <Json>(
  method: IdentityMethod,
  path: string,
  body?: object,
): Promise<IdentityAnswer<Json>> => {
  try {
    const response = await fetch(exchangeAddress(`identity/${path}`), {
      method,
      ...(method === "GET" ? {} : { headers: { "content-type": "application/json" } }),
      ...(method === "POST" ? { body: JSON.stringify(body ?? {}) } : {}),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const json: unknown = await response.json();
    return response.ok
      ? { ok: true, json: json as Json }
      : { ok: false, problem: json as IdentityRefusal };
  } catch {
    return { ok: false, problem: unreachable };
  }
};
