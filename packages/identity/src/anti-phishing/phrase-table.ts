import type { Timestamp } from "../schema/timestamp.ts";

/** The phrase by which a user tells our messages from a forger's. */
export interface AntiPhishingPhraseTable {
  user_id: string;
  /** Sealed under the user's key. */
  phrase: Uint8Array;
  changed_at: Timestamp;
}

export const antiPhishingMigration = (schema: string): readonly string[] => [
  `create table ${schema}.identity_anti_phishing_phrase (
    user_id text primary key references ${schema}.identity_user (id),
    phrase bytea not null,
    changed_at timestamptz not null
  )`,
];
