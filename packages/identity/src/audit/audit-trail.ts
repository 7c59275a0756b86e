import type { IdentityTransaction } from "../identity-database.ts";
import { SYSTEM_SUBJECT } from "../keys/data-keys.ts";
import type { PersonalData } from "../keys/personal-data.ts";
import { randomId } from "../random-id.ts";
import { timestampOf } from "../schema/time-column.ts";
import { auditDigest } from "./audit-digest.ts";
import type { AuditEvent, AuditLog } from "./audit-log.ts";

/** What the audit trail needs. */
export interface AuditTrailPorts {
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly randomBytes: (length: number) => Uint8Array;
  readonly personalData: PersonalData;
}

/** What is sealed stands here, for its binding. */
export const AUDIT_FIELD = "identity_audit_event.sealed";

/**
 * The audit log in the database: append-only, each event chained by hash to the one before it when its transaction commits.
 *
 * Address and details are sealed under the subject's key, or under the system's for somebody who has none; of a user who was
 * erased, what happened is still recorded, but nothing personal.
 *
 * @example
 * const audit = auditTrail({ clock: Date.now, randomBytes, personalData });
 */
export const auditTrail = ({ clock, randomBytes, personalData }: AuditTrailPorts): AuditLog => ({
  async record(transaction, event) {
    const { sealed_for, sealed } = await sealedPart(personalData, transaction, event);
    const columns = {
      id: randomId("aud", randomBytes),
      actor: event.actor,
      action: event.action,
      subject: event.subject ?? null,
      target: event.target ?? null,
      outcome: event.outcome,
      reason: event.reason ?? null,
      sealed_for,
      sealed,
    };
    const at = clock();
    await transaction
      .insertInto("identity_audit_event")
      .values({ ...columns, at: timestampOf(at), digest: auditDigest({ ...columns, at }) })
      .execute();
  },
});

const NOTHING_SEALED = { sealed_for: null, sealed: null };

const sealedPart = async (
  personalData: PersonalData,
  transaction: IdentityTransaction,
  { subject = SYSTEM_SUBJECT, address, details }: AuditEvent,
): Promise<{ sealed_for: string | null; sealed: Uint8Array | null }> => {
  if (address === undefined && details === undefined) return NOTHING_SEALED;
  if (!(await personalData.has(transaction, subject))) return NOTHING_SEALED;
  const place = { subject, field: AUDIT_FIELD };
  const sealed = await personalData.seal(transaction, place, JSON.stringify({ address, details }));
  return { sealed_for: subject, sealed };
};
