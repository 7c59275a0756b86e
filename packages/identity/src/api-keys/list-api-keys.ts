import type { IdentityContext } from "../identity-context.ts";
import { millisecondsOf } from "../schema/time-column.ts";
import { API_KEY_FIELDS, livingKeys, networksOf, permissionsOf } from "./api-key-rows.ts";
import type { ApiKeyPermission } from "./api-key-terms.ts";

/** A key as its owner sees it. */
export interface ListedApiKey {
  readonly apiKey: string;
  readonly label: string;
  readonly kind: "hmac" | "ed25519" | "rsa";
  readonly permissions: readonly ApiKeyPermission[];
  readonly networks: readonly string[];
  /** Milliseconds since 1970, as all times here. */
  readonly createdAt: number;
  readonly expiresAt: number | undefined;
  /** To the minute or so: it is written now and then. */
  readonly lastUsedAt: number | undefined;
}

/** The user's living keys, the newest first. No secrets. */
export const listApiKeys = async (
  { db, clock, personalData }: IdentityContext,
  user: string,
): Promise<readonly ListedApiKey[]> => {
  const rows = await livingKeys(db, user, clock())
    .select(["id", "label", "kind", "permissions", "networks"])
    .select([
      millisecondsOf("created_at").as("createdAt"),
      millisecondsOf("expires_at").as("expiresAt"),
      millisecondsOf("last_used_at").as("lastUsedAt"),
    ])
    .orderBy("created_at", "desc")
    .orderBy("id")
    .execute();
  const place = { subject: user, field: API_KEY_FIELDS.label };
  return Promise.all(
    rows.map(async ({ id, label, permissions, networks, expiresAt, lastUsedAt, ...row }) => ({
      ...row,
      apiKey: id,
      label: (await personalData.open(db, place, label)) ?? "",
      permissions: permissionsOf(permissions),
      networks: networksOf(networks),
      expiresAt: expiresAt ?? undefined,
      lastUsedAt: lastUsedAt ?? undefined,
    })),
  );
};
