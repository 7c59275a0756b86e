import { sql } from "kysely";
import { canonicalJson } from "../canonical-json.ts";
import type { IdentityTransaction } from "../identity-database.ts";
import { type Operation, operationDigest } from "../operation.ts";
import { randomId } from "../random-id.ts";
import type { Refused } from "../refusal.ts";
import { millisecondsOf, timestampOf } from "../schema/time-column.ts";
import { type RoleContext, refusePermission } from "./permissions.ts";
import { checkPermission } from "./role.ts";
import { type RoleRefusalCode, refuseRole } from "./role-refusal.ts";
import { checkScope } from "./scope.ts";

/** What approvers are shown stands here, sealed. */
export const OPERATION_FIELD = "identity_approval.operation";

const THREE_DAYS = 3 * 86_400_000;

/** What is asked for. */
export interface ApprovalRequest {
  /** The user who asks, from their session. */
  readonly requester: string;
  readonly operation: Operation;
  /** What approvers must be allowed, and where. */
  readonly permission: string;
  readonly scope: string;
  /** The user who would gain by it, and so may not approve it either. */
  readonly beneficiary?: string;
  /** How many must approve, one unless told otherwise, nine at most. */
  readonly approvers?: number;
  /** Milliseconds until it is too late, three days unless told otherwise. */
  readonly lifetime?: number;
}

/**
 * Asks others to approve an operation (maker-checker). Answers the approval's id. Whether the requester may ask is the host's question.
 *
 * Throws a `RangeError` for a malformed permission or scope, or another number of approvers than 1 to 9.
 *
 * @example
 * const approval = await requestApproval(context, transaction, { requester, operation, permission: "withdrawal.approve", scope: "*" });
 */
export const requestApproval = async (
  context: RoleContext,
  transaction: IdentityTransaction,
  {
    requester,
    operation,
    permission,
    scope,
    beneficiary,
    approvers = 1,
    lifetime = THREE_DAYS,
  }: ApprovalRequest,
): Promise<string> => {
  checkPermission(permission);
  checkScope(scope);
  if (!Number.isInteger(approvers) || approvers < 1 || approvers > 9) {
    throw new RangeError(`expected 1 to 9 approvers, was ${approvers}`);
  }
  const id = randomId("apr", context.randomBytes);
  const now = context.clock();
  const place = { subject: requester, field: OPERATION_FIELD };
  await transaction
    .insertInto("identity_approval")
    .values({
      id,
      purpose: operation.type,
      operation_digest: operationDigest(operation),
      operation: await context.personalData.seal(transaction, place, canonicalJson(operation)),
      permission,
      scope,
      requested_by: requester,
      beneficiary: beneficiary ?? null,
      requested_at: timestampOf(now),
      expires_at: timestampOf(now + lifetime),
      approvers_needed: approvers,
      approvers: 0,
      status: "pending",
    })
    .execute();
  await context.audit.record(transaction, {
    actor: requester,
    action: "approval.requested",
    subject: requester,
    target: id,
    outcome: "done",
    details: { ...operation },
  });
  return id;
};

/** One approver's word. */
export interface ApprovalVote {
  /** The user who votes, from their session. */
  readonly approver: string;
  readonly approval: string;
  readonly verdict: "approve" | "reject";
}

/** Where it stands after a vote. One rejection decides it. */
export interface ApprovalState {
  readonly ok: true;
  readonly status: "pending" | "approved" | "rejected";
}

/**
 * Approves or rejects. Refused for whoever asked, for whoever lacks the permission, for a second vote, and once it is decided.
 *
 * @example
 * await voteOnApproval(context, transaction, { approver, approval, verdict: "approve" });
 */
export const voteOnApproval = async (
  context: RoleContext,
  transaction: IdentityTransaction,
  vote: ApprovalVote,
): Promise<ApprovalState | Refused<RoleRefusalCode>> => {
  const refusal = await refuseVote(context, transaction, vote);
  if (refusal !== undefined) return refusal;
  const rejected = vote.verdict === "reject";
  const { status } = await transaction
    .updateTable("identity_approval")
    .set(
      rejected
        ? { status: "rejected" }
        : {
            approvers: sql`approvers + 1`,
            status: sql`case when approvers + 1 = approvers_needed then 'approved' else 'pending' end`,
          },
    )
    .where("id", "=", vote.approval)
    .returning("status")
    .executeTakeFirstOrThrow();
  await context.audit.record(transaction, {
    actor: vote.approver,
    action: rejected ? "approval.rejected" : "approval.approved",
    subject: vote.approver,
    target: vote.approval,
    outcome: "done",
  });
  return { ok: true, status: status as ApprovalState["status"] };
};

/** Also writes the vote: of two at once from one approver, the table takes one. */
const refuseVote = async (
  context: RoleContext,
  transaction: IdentityTransaction,
  { approver, approval, verdict }: ApprovalVote,
): Promise<Refused<RoleRefusalCode> | undefined> => {
  const row = await lockApproval(transaction, approval);
  if (row === undefined) return refuseRole("approval_unknown", "approval");
  if (row.requested_by === approver) return refuseRole("approval_by_requester", "approver");
  if (row.beneficiary === approver) return refuseRole("approval_for_oneself", "approver");
  const denied = await refusePermission(context, transaction, approver, row.permission, row.scope);
  if (denied !== undefined) return denied;
  if (row.status !== "pending") return refuseRole("approval_not_pending", "approval");
  if (row.expiresAt <= context.clock()) return refuseRole("approval_expired", "approval");
  const { numInsertedOrUpdatedRows } = await transaction
    .insertInto("identity_approval_vote")
    .values({
      approval,
      user_id: approver,
      verdict,
      voted_at: timestampOf(context.clock()),
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (numInsertedOrUpdatedRows === 0n) return refuseRole("approval_already_voted", "approver");
  return undefined;
};

/**
 * Uses an approval up, in the host's transaction that does what was approved: exactly that operation, once.
 *
 * @example
 * const used = await consumeApproval(context, transaction, { approval, operation });
 */
export const consumeApproval = async (
  context: RoleContext,
  transaction: IdentityTransaction,
  { approval, operation }: { readonly approval: string; readonly operation: Operation },
): Promise<{ readonly ok: true; readonly requester: string } | Refused<RoleRefusalCode>> => {
  const row = await lockApproval(transaction, approval);
  if (row === undefined) return refuseRole("approval_unknown", "approval");
  if (!Buffer.from(operationDigest(operation)).equals(row.operation_digest)) {
    return refuseRole("approval_of_another_operation", "operation");
  }
  if (row.status !== "approved") return refuseRole("approval_not_given", "approval");
  if (row.expiresAt <= context.clock()) return refuseRole("approval_expired", "approval");
  await transaction
    .updateTable("identity_approval")
    .set({ status: "used" })
    .where("id", "=", approval)
    .execute();
  await context.audit.record(transaction, {
    actor: row.requested_by,
    action: "approval.used",
    subject: row.requested_by,
    target: approval,
    outcome: "done",
  });
  return { ok: true, requester: row.requested_by };
};

const lockApproval = (transaction: IdentityTransaction, id: string) =>
  transaction
    .selectFrom("identity_approval")
    .select(["requested_by", "beneficiary", "permission", "scope", "status", "operation_digest"])
    .select(millisecondsOf("expires_at").as("expiresAt"))
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
