import type { Authenticator, Principal } from "../authenticator.ts";
import type { GatewayRequest } from "../http-message.ts";
import { Problem } from "./problem.ts";

/** How far a request's timestamp may lie behind and ahead of the gateway's clock. */
const TIMESTAMP_BEHIND_MS = 5_000;
const TIMESTAMP_AHEAD_MS = 1_000;

/** Decimals tell requests of one millisecond apart that are the same otherwise. */
const TIMESTAMP = /^[0-9]{1,15}(\.[0-9]{1,6})?$/;

/** A claim to be somebody, in headers or in a WebSocket message. */
export interface Claim {
  readonly key: string | undefined;
  readonly timestamp: string | undefined;
  readonly signature: string | undefined;
}

/** What is signed: the timestamp in milliseconds, the method in capitals, path and query as sent, the body. */
export const signedPayload = (
  timestamp: string,
  method: string,
  path: string,
  body: string,
): string => timestamp + method + path + body;

/** Who signed the request; throws the `Problem` of what is missing, too old or wrong. */
export const authenticateRequest = (
  request: GatewayRequest,
  body: string,
  authenticator: Authenticator,
  now: number,
): Promise<Principal> => {
  const { headers, method, path } = request;
  const claim: Claim = {
    key: headers["pincex-key"],
    timestamp: headers["pincex-timestamp"],
    signature: headers["pincex-signature"],
  };
  const { remoteAddress: address } = request;
  return authenticateClaim(claim, { method, path, body, address }, authenticator, now);
};

export const authenticateClaim = async (
  { key, timestamp, signature }: Claim,
  signed: {
    readonly method: string;
    readonly path: string;
    readonly body: string;
    readonly address?: string | undefined;
  },
  authenticator: Authenticator,
  now: number,
): Promise<Principal> => {
  if (!key) throw unsigned("pincex-key", "The API key is sent.");
  if (!timestamp || !TIMESTAMP.test(timestamp)) {
    throw unsigned(
      "pincex-timestamp",
      "The time of signing is sent, in milliseconds since 1970-01-01; with up to six decimals, if you like.",
    );
  }
  if (!signature) {
    throw unsigned(
      "pincex-signature",
      "Timestamp + method + path + body is signed: HMAC-SHA256 in hexadecimal, Ed25519 or RSA in base64.",
    );
  }
  const age = now - Number(timestamp);
  if (age > TIMESTAMP_BEHIND_MS || -age >= TIMESTAMP_AHEAD_MS) {
    throw new Problem(
      401,
      "timestamp_outside_window",
      "pincex-timestamp",
      `Signed at most ${TIMESTAMP_BEHIND_MS} ms before and ${TIMESTAMP_AHEAD_MS} ms after the venue's time, GET /v1/time.`,
    );
  }
  const payload = signedPayload(timestamp, signed.method, signed.path, signed.body);
  const answer = await authenticator.authenticate({
    apiKey: key,
    payload,
    signature,
    address: signed.address,
  });
  if (answer.ok) return answer.principal;
  throw answer.code === "api_key_unknown"
    ? new Problem(401, answer.code, "pincex-key", "The API key is one of the venue's.")
    : new Problem(
        401,
        answer.code,
        "pincex-signature",
        "Signed, by the kind of the key, is timestamp + method + path + body exactly as sent.",
      );
};

const unsigned = (field: string, rule: string): Problem =>
  new Problem(401, "signature_missing", field, rule);
