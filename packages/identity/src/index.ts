export type { AuditEvent, AuditLog } from "./audit/audit-log.ts";
export type { IdentityContext, IdentityDatabase, IdentityTransaction } from "./identity-context.ts";
export type { KeyManagement, WrappedKey } from "./keys/key-management.ts";
export type { PersonalData, SealedPlace } from "./keys/personal-data.ts";
export type { Notice, Notifier } from "./notifications/notifier.ts";
export type { Refused } from "./refusal.ts";
export { migrate } from "./schema/migrate.ts";
export type { SchemaOption } from "./schema/schema-name.ts";
