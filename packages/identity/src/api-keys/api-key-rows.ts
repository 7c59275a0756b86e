import { createHash } from "node:crypto";
import type { IdentityContext } from "../identity-context.ts";
import type { IdentityDatabase, IdentityTransaction } from "../identity-database.ts";
import { enqueueNotice } from "../outbox/outbox.ts";
import { randomId } from "../random-id.ts";
import type { Refused } from "../refusal.ts";
import { timestampOf } from "../schema/time-column.ts";
import { type ApiKeyRefusalCode, refuseApiKey } from "./api-key-refusal.ts";
import type { ApiKeyPermission, ApiKeyTerms } from "./api-key-terms.ts";

const MOST_KEYS = 30;

const SECRET_BYTES = 32;

/** Where sealed parts of a key stand. */
export const API_KEY_FIELDS = {
  label: "identity_api_key.label",
  secret: "identity_api_key.secret",
} as const;

/** The permissions of a row. */
export const permissionsOf = (text: string): readonly ApiKeyPermission[] =>
  text.split(",") as ApiKeyPermission[];

/** The networks of a row. */
export const networksOf = (text: string): readonly string[] => (text === "" ? [] : text.split(","));

/** Stands for a public key in what a user confirms; empty for none. */
export const fingerprint = (publicKey: string | undefined): string =>
  publicKey === undefined ? "" : createHash("sha256").update(publicKey, "utf8").digest("hex");

/** A key that was made. */
export interface CreatedApiKey {
  readonly ok: true;
  /** What a client sends to say which key it has. */
  readonly apiKey: string;
  /** Of an HMAC key, shown this once: the client signs with its characters. */
  readonly secret?: string;
  /** Milliseconds since 1970; undefined for one that doesn't end. */
  readonly expiresAt: number | undefined;
}

/** The rows of keys that are neither revoked nor over. */
export const livingKeys = (db: IdentityDatabase, user: string, now: number) =>
  db
    .selectFrom("identity_api_key")
    .where("user_id", "=", user)
    .where("revoked_at", "is", null)
    .where((where) =>
      where.or([where("expires_at", "is", null), where("expires_at", ">", timestampOf(now))]),
    );

/** The user's row is locked first: of two keys made at once, each counts the other. */
export const refuseFull = async (
  { clock }: IdentityContext,
  transaction: IdentityTransaction,
  user: string,
): Promise<Refused<ApiKeyRefusalCode> | undefined> => {
  await transaction
    .selectFrom("identity_user")
    .select("id")
    .where("id", "=", user)
    .forUpdate()
    .execute();
  const living = await livingKeys(transaction, user, clock()).select("id").execute();
  return living.length >= MOST_KEYS ? refuseApiKey("api_keys_too_many") : undefined;
};

/** A key as it was known elsewhere: its id and its secret. */
export interface KnownKey {
  readonly apiKey: string;
  readonly secret: string;
}

/** Makes the key, and tells its owner. */
export const insertKey = async (
  context: IdentityContext,
  transaction: IdentityTransaction,
  user: string,
  { label, permissions, networks, publicKey, expiresAt }: ApiKeyTerms,
  replaces: string | null,
  known?: KnownKey,
): Promise<CreatedApiKey> => {
  const { clock, randomBytes, personalData } = context;
  const apiKey = known?.apiKey ?? randomId("pxk", randomBytes);
  const seal = (field: keyof typeof API_KEY_FIELDS, text: string) =>
    personalData.seal(transaction, { subject: user, field: API_KEY_FIELDS[field] }, text);
  const secret = publicKey === undefined ? (known?.secret ?? newSecret(randomBytes)) : undefined;
  await transaction
    .insertInto("identity_api_key")
    .values({
      id: apiKey,
      user_id: user,
      label: await seal("label", label),
      kind: publicKey?.kind ?? "hmac",
      secret: secret === undefined ? null : await seal("secret", secret),
      public_key: publicKey?.pem ?? null,
      permissions,
      networks,
      created_at: timestampOf(clock()),
      expires_at: expiresAt === undefined ? null : timestampOf(expiresAt),
      last_used_at: null,
      replaces,
      revoked_at: null,
    })
    .execute();
  await tellOfKey(context, transaction, { user, kind: "api_key_created", apiKey, permissions });
  return { ok: true, apiKey, ...(secret === undefined ? {} : { secret }), expiresAt };
};

/** 256 bits in base64url, with a prefix by which scanners find it where it doesn't belong. */
const newSecret = (randomBytes: (length: number) => Uint8Array): string =>
  `pxks_${Buffer.from(randomBytes(SECRET_BYTES)).toString("base64url")}`;

/** The notice to the owner and the line in the audit log. */
export const tellOfKey = async (
  context: IdentityContext,
  transaction: IdentityTransaction,
  event: {
    readonly user: string;
    readonly kind: "api_key_created" | "api_key_revoked";
    readonly apiKey: string;
    readonly permissions: string;
  },
): Promise<void> => {
  const { user, kind, apiKey, permissions } = event;
  const values = { apiKey, permissions };
  await enqueueNotice(context, transaction, { user, kind, values, channel: "email" });
  await context.audit.record(transaction, {
    actor: user,
    action: kind === "api_key_created" ? "api_key.created" : "api_key.revoked",
    subject: user,
    target: apiKey,
    outcome: "done",
    details: { permissions },
  });
};
