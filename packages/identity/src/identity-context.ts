import type { Kysely, Transaction } from "kysely";
import type { AuditLog } from "./audit/audit-log.ts";
import type { PersonalData } from "./keys/personal-data.ts";
import type { IdentityTables } from "./schema/tables.ts";

/** The host's database with our tables, without the host's plugins and in our schema. */
export type IdentityDatabase = Kysely<IdentityTables>;

/** A transaction of the host's or of ours. Several use cases may share one. */
export type IdentityTransaction = Transaction<IdentityTables>;

/** What comes in through the door: every use case takes time, randomness, storage and keys from here. */
export interface IdentityContext {
  readonly db: IdentityDatabase;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Cryptographically strong bytes. */
  readonly randomBytes: (length: number) => Uint8Array;
  readonly personalData: PersonalData;
  readonly audit: AuditLog;
}
