import type { AuditLog } from "./audit/audit-log.ts";
import type { IdentityDatabase } from "./identity-database.ts";
import type { PersonalData } from "./keys/personal-data.ts";

export type { IdentityDatabase, IdentityTransaction } from "./identity-database.ts";

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
