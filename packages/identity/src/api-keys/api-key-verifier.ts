import { sql } from "kysely";
import { BoundedMap } from "../bounded-map.ts";
import type { IdentityContext } from "../identity-context.ts";
import type { Refused } from "../refusal.ts";
import { millisecondsOf } from "../schema/time-column.ts";
import { API_KEY_FIELDS, networksOf, permissionsOf } from "./api-key-rows.ts";
import type { ApiKeyPermission } from "./api-key-terms.ts";
import { isIn, type Network, parseNetwork } from "./network-list.ts";
import { hmacCheck, publicKeyCheck, type SignatureCheck } from "./signature.ts";

/** A claim to hold a key. */
export interface SignedRequest {
  readonly apiKey: string;
  /** Exactly the characters that the client signed. */
  readonly payload: string;
  readonly signature: string;
  /** Where the request came from, by the host's own word. A key with a list of networks is refused without it. */
  readonly address?: string | undefined;
}

/** Whose key it is, and what it may be used for. */
export interface ApiKeyHolder {
  readonly apiKey: string;
  readonly user: string;
  readonly permissions: readonly ApiKeyPermission[];
}

/** A sentence that names the rule. */
export type ApiKeyVerificationCode =
  | "api_key_unknown"
  | "api_key_expired"
  | "signature_invalid"
  | "address_not_allowed";

/** Why a signed request is refused: the rule that each code protects. */
export const API_KEY_VERIFICATION_REFUSALS: Readonly<Record<ApiKeyVerificationCode, string>> = {
  api_key_unknown: "A key was made, is not revoked, and its user is active.",
  api_key_expired: "A key is used before it ends.",
  signature_invalid: "The signature is of the payload, by this key.",
  address_not_allowed: "A key with a list of networks is used from one of them.",
};

export type ApiKeyVerification =
  | { readonly ok: true; readonly holder: ApiKeyHolder }
  | Refused<ApiKeyVerificationCode>;

/** How a verifier keeps what it has read. */
export interface ApiKeyVerifierOptions {
  /**
   * Milliseconds for which a key isn't read again, 5,000 unless told otherwise: so long another process's revocation, or a user's freeze,
   * may go unnoticed here.
   */
  readonly freshness?: number;
  /** Keys that are kept, and as many ids that are no key; 10,000 unless told otherwise. */
  readonly capacity?: number;
}

/** Verifies signed requests from keys that are kept in memory. */
export interface ApiKeyVerifier {
  /**
   * Says whose key it is. The signature is checked before anything else is said about the key. Throws if the database can't be read: nobody
   * gets in by an outage.
   */
  verify(request: SignedRequest): Promise<ApiKeyVerification>;
  /** Whether a key is neither revoked nor over, and its user active: for connections that it has authenticated. */
  isLive(apiKey: string): Promise<boolean>;
  /** Forgets a key, so that this process at once reads it again. To be called after a revocation here. */
  forget(apiKey: string): void;
  /** Writes when keys were last used. To be called every minute or so, and at the end. */
  writeLastUsed(): Promise<void>;
}

interface KeptKey {
  readonly holder: ApiKeyHolder;
  readonly isSigned: SignatureCheck;
  readonly networks: readonly Network[];
  readonly expiresAt: number;
  /** Until when it isn't read again. */
  readonly freshUntil: number;
}

/** What a key may be called, by us or as it was known elsewhere: nothing else is asked for. */
const ID = /^[\x21-\x7e]{16,128}$/;

const refusalOf = (code: ApiKeyVerificationCode): Refused<ApiKeyVerificationCode> =>
  Object.freeze({ ok: false, code, rule: API_KEY_VERIFICATION_REFUSALS[code] });

const UNKNOWN = refusalOf("api_key_unknown");
const EXPIRED = refusalOf("api_key_expired");
const UNSIGNED = refusalOf("signature_invalid");
const ELSEWHERE = refusalOf("address_not_allowed");

/** What an unknown key costs, so that its answer takes as long as that of one with a secret. */
const isNobodys = hmacCheck("nobody's secret");

/**
 * Verifies API keys without asking the database each time.
 *
 * @example
 * const verifier = apiKeyVerifier(context);
 * const verified = await verifier.verify({ apiKey, payload, signature, address });
 */
export const apiKeyVerifier = (
  context: IdentityContext,
  { freshness = 5_000, capacity = 10_000 }: ApiKeyVerifierOptions = {},
): ApiKeyVerifier => {
  const { clock } = context;
  const kept = new BoundedMap<KeptKey>(capacity);
  /** Ids that are no key, until when that is believed. */
  const unknown = new BoundedMap<number>(capacity);
  const reading = new Map<string, Promise<KeptKey | undefined>>();
  const lastUsed = new Map<string, number>();
  /** How often a key was forgotten: what was read before that may be old. */
  let forgotten = 0;

  const judge = (key: KeptKey, request: SignedRequest): ApiKeyVerification => {
    if (!key.isSigned(request.payload, request.signature)) return UNSIGNED;
    const now = clock();
    if (key.expiresAt <= now) return EXPIRED;
    if (key.networks.length > 0 && !isIn(key.networks, request.address ?? "")) return ELSEWHERE;
    lastUsed.set(request.apiKey, now);
    return { ok: true, holder: key.holder };
  };

  const read = async (apiKey: string): Promise<KeptKey | undefined> => {
    const [begun, freshUntil] = [forgotten, clock() + freshness];
    const key = await readKey(context, apiKey, freshUntil);
    if (begun !== forgotten) return key;
    if (key === undefined) unknown.set(apiKey, freshUntil);
    if (key === undefined) kept.delete(apiKey);
    else kept.set(apiKey, key);
    return key;
  };

  /** Requests that come while a key is read wait for the same answer. */
  const fresh = (apiKey: string): Promise<KeptKey | undefined> => {
    const begun = reading.get(apiKey);
    if (begun !== undefined) return begun;
    const promise = read(apiKey).finally(() => {
      if (reading.get(apiKey) === promise) reading.delete(apiKey);
    });
    reading.set(apiKey, promise);
    return promise;
  };

  return {
    async verify(request) {
      const { apiKey, payload, signature } = request;
      const known = kept.get(apiKey);
      if (known !== undefined && known.freshUntil > clock()) return judge(known, request);
      const isNone = !ID.test(apiKey) || (unknown.get(apiKey) ?? 0) > clock();
      const key = isNone ? undefined : await fresh(apiKey);
      if (key !== undefined) return judge(key, request);
      isNobodys(payload, signature);
      return UNKNOWN;
    },
    async isLive(apiKey) {
      const known = kept.get(apiKey);
      const isFresh = known !== undefined && known.freshUntil > clock();
      const isNone = !ID.test(apiKey) || (unknown.get(apiKey) ?? 0) > clock();
      const key = isFresh ? known : isNone ? undefined : await fresh(apiKey);
      return key !== undefined && key.expiresAt > clock();
    },
    forget(apiKey) {
      forgotten++;
      kept.delete(apiKey);
      unknown.delete(apiKey);
      reading.delete(apiKey);
    },
    async writeLastUsed() {
      const uses = [...lastUsed];
      await writeUses(context, uses);
      for (const [apiKey, at] of uses) {
        if (lastUsed.get(apiKey) === at) lastUsed.delete(apiKey);
      }
    },
  };
};

const readKey = async (
  { db, personalData }: IdentityContext,
  apiKey: string,
  freshUntil: number,
): Promise<KeptKey | undefined> => {
  const row = await db
    .selectFrom("identity_api_key as key")
    .innerJoin("identity_user as user", "user.id", "key.user_id")
    .select(["key.user_id", "key.secret", "key.public_key", "key.permissions", "key.networks"])
    .select(millisecondsOf("key.expires_at").as("expiresAt"))
    .where("key.id", "=", apiKey)
    .where("key.revoked_at", "is", null)
    .where("user.status", "=", "active")
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const place = { subject: row.user_id, field: API_KEY_FIELDS.secret };
  const secret = row.secret === null ? undefined : await personalData.open(db, place, row.secret);
  const isSigned = checkOf(secret, row.public_key);
  if (isSigned === undefined) return undefined;
  return {
    holder: { apiKey, user: row.user_id, permissions: permissionsOf(row.permissions) },
    isSigned,
    networks: networksOf(row.networks).map(knownNetwork),
    expiresAt: row.expiresAt ?? Number.POSITIVE_INFINITY,
    freshUntil,
  };
};

/** Undefined where the secret's key was destroyed. */
const checkOf = (
  secret: string | undefined,
  publicKey: string | null,
): SignatureCheck | undefined => {
  if (publicKey !== null) return publicKeyCheck(publicKey);
  return secret === undefined ? undefined : hmacCheck(secret);
};

/** A network that can't be read must not be left out: without its list a key could be used from anywhere. */
const knownNetwork = (text: string): Network => {
  const network = parseNetwork(text);
  if (network === undefined) throw new Error("a kept network can't be read");
  return network;
};

/** One statement for all keys; a later use that another process wrote stays. */
const writeUses = async (
  { db }: IdentityContext,
  uses: readonly (readonly [string, number])[],
): Promise<void> => {
  if (uses.length === 0) return;
  const rows = JSON.stringify(uses.map(([id, at]) => ({ id, at })));
  await db
    .updateTable("identity_api_key")
    .from(
      sql<{ id: string; at: number }>`jsonb_to_recordset(${rows}::jsonb)`.as<"used">(
        sql`used(id text, at float8)`,
      ),
    )
    .set({ last_used_at: sql<Date>`greatest(last_used_at, to_timestamp(used.at / 1000))` })
    .whereRef("identity_api_key.id", "=", "used.id")
    .execute();
};
