import { sql } from "kysely";
import type { IdentityContext } from "../identity-context.ts";
import type { IdentityTransaction } from "../identity-database.ts";
import { inTransaction } from "../in-transaction.ts";
import type { Operation } from "../operation.ts";
import type { Refused } from "../refusal.ts";
import { timestampOf } from "../schema/time-column.ts";
import { type ActingSession, consumeElevation } from "../step-up/step-up.ts";
import type { StepUpRefusalCode } from "../step-up/step-up-refusal.ts";
import { type ApiKeyRefusalCode, refuseApiKey } from "./api-key-refusal.ts";
import {
  API_KEY_FIELDS,
  type CreatedApiKey,
  fingerprint,
  insertKey,
  livingKeys,
  networksOf,
  permissionsOf,
  refuseFull,
} from "./api-key-rows.ts";
import { type ApiKeyTerms, type ApiKeyWish, judgeWish } from "./api-key-terms.ts";

const DAY = 86_400_000;

/** How long a key lives on beside the one that replaces it. */
const LONGEST_OVERLAP = 7 * DAY;

/** A key in place of another one. */
export interface ApiKeyReplacement {
  /** The key that is replaced. */
  readonly replaced: string;
  /** PEM of the new public key, of a key that has one. */
  readonly publicKey?: string | undefined;
  /** Milliseconds since 1970. Without one: never, or after 90 days without networks. */
  readonly expiresAt?: number | undefined;
}

/** What a user confirms before a key is replaced. */
export const apiKeyRotation = ({
  replaced,
  publicKey,
  expiresAt,
}: ApiKeyReplacement): Operation => ({
  type: "api_key_rotation",
  replaced,
  publicKey: fingerprint(publicKey),
  expiresAt: String(expiresAt ?? ""),
});

/**
 * Replaces a key by one of the same label, permissions and networks, with a step-up of `apiKeyRotation`. The old one lives on for the
 * overlap, a day unless told otherwise, so that a client can change over without a gap.
 *
 * @example
 * const next = await rotateApiKey(context, { session, elevation, replacement: { replaced: apiKey }, overlap: 3_600_000 });
 */
export const rotateApiKey = (
  context: IdentityContext,
  {
    session,
    elevation,
    replacement,
    overlap = DAY,
  }: {
    readonly session: ActingSession;
    readonly elevation: string;
    readonly replacement: ApiKeyReplacement;
    /** Milliseconds, seven days at most. */
    readonly overlap?: number;
  },
): Promise<CreatedApiKey | Refused<ApiKeyRefusalCode | StepUpRefusalCode>> =>
  inTransaction(context, async (transaction) => {
    const { user } = session;
    if (!(Number.isSafeInteger(overlap) && overlap >= 0 && overlap <= LONGEST_OVERLAP)) {
      return refuseApiKey("overlap_too_long", "overlap");
    }
    const full = await refuseFull(context, transaction, user);
    if (full !== undefined) return full;
    const terms = await judgeReplacement(context, transaction, user, replacement);
    if ("ok" in terms) return terms;
    const operation = apiKeyRotation(replacement);
    const used = await consumeElevation(context, transaction, { session, elevation, operation });
    if (!used.ok) return used;
    await endBy(transaction, replacement.replaced, context.clock() + overlap);
    return insertKey(context, transaction, user, terms, replacement.replaced);
  });

const judgeReplacement = async (
  context: IdentityContext,
  transaction: IdentityTransaction,
  user: string,
  { replaced, publicKey, expiresAt }: ApiKeyReplacement,
): Promise<ApiKeyTerms | Refused<ApiKeyRefusalCode>> => {
  const old = await readLivingKey(context, transaction, user, replaced);
  if (old === undefined) return refuseApiKey("api_key_unknown", "replaced");
  if (old.isReplaced) return refuseApiKey("api_key_replaced", "replaced");
  if (old.hasSecret !== (publicKey === undefined)) {
    return refuseApiKey("api_key_kind_differs", "publicKey");
  }
  return judgeWish({ ...old.wish, publicKey, expiresAt }, context.clock());
};

/** Never later than it would have ended anyway. */
const endBy = async (db: IdentityTransaction, apiKey: string, at: number): Promise<void> => {
  await db
    .updateTable("identity_api_key")
    .set({ expires_at: sql<Date>`least(expires_at, ${timestampOf(at)})` })
    .where("id", "=", apiKey)
    .execute();
};

const readLivingKey = async (
  { clock, personalData }: IdentityContext,
  transaction: IdentityTransaction,
  user: string,
  apiKey: string,
): Promise<
  | { readonly hasSecret: boolean; readonly isReplaced: boolean; readonly wish: ApiKeyWish }
  | undefined
> => {
  const row = await livingKeys(transaction, user, clock())
    .select(["kind", "label", "permissions", "networks"])
    .where("id", "=", apiKey)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const successor = await transaction
    .selectFrom("identity_api_key")
    .select("id")
    .where("replaces", "=", apiKey)
    .executeTakeFirst();
  const place = { subject: user, field: API_KEY_FIELDS.label };
  const wish = {
    label: (await personalData.open(transaction, place, row.label)) ?? "",
    permissions: permissionsOf(row.permissions),
    networks: networksOf(row.networks),
  };
  return { hasSecret: row.kind === "hmac", isReplaced: successor !== undefined, wish };
};
