import type { IdentityDatabase } from "../identity-database.ts";
import { inTransaction } from "../in-transaction.ts";
import type { PersonalData } from "../keys/personal-data.ts";
import type { Refused } from "../refusal.ts";
import { type RoleContext, refusePermission } from "../roles/permissions.ts";
import type { RoleRefusalCode } from "../roles/role-refusal.ts";
import { AUDIT_FIELD } from "./audit-trail.ts";
import { type ChainedEvent, readEventsOf } from "./read-audit.ts";

/** An event of the log, opened. */
export interface ReadAuditEvent {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly subject: string | null;
  readonly target: string | null;
  readonly outcome: "done" | "refused";
  readonly reason: string | null;
  /** Undefined where there was none, or the user has been erased. */
  readonly address: string | undefined;
  readonly details: Readonly<Record<string, string>> | undefined;
}

/**
 * What happened to a user, the oldest first, for who may read the audit log everywhere (`audit.read`). That it was read is in the log, too.
 *
 * @example
 * const read = await readAuditByStaff(context, staff, "usr_…");
 */
export const readAuditByStaff = (
  context: RoleContext,
  reader: { readonly user: string },
  subject: string,
): Promise<
  { readonly ok: true; readonly events: readonly ReadAuditEvent[] } | Refused<RoleRefusalCode>
> =>
  inTransaction(context, async (transaction) => {
    const refused = await refusePermission(context, transaction, reader.user, "audit.read", "*");
    if (refused !== undefined) return refused;
    const kept = await readEventsOf(transaction, subject);
    const events = await Promise.all(
      kept.map((event) => opened(context.personalData, transaction, event)),
    );
    await context.audit.record(transaction, {
      actor: reader.user,
      action: "audit.read",
      target: subject,
      outcome: "done",
    });
    return { ok: true, events };
  });

const opened = async (
  personalData: PersonalData,
  db: IdentityDatabase,
  { sealed, sealed_for, digest: _, ...event }: ChainedEvent,
): Promise<ReadAuditEvent> => {
  const text =
    sealed === null || sealed_for === null
      ? undefined
      : await personalData.open(db, { subject: sealed_for, field: AUDIT_FIELD }, sealed);
  const { address, details } = text === undefined ? {} : JSON.parse(text);
  return { ...event, address, details };
};
