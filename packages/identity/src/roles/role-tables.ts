import type { Timestamp } from "../schema/timestamp.ts";

/** A role that a user holds in a scope. */
export interface RoleAssignmentTable {
  user_id: string;
  role: string;
  scope: string;
  granted_by: string;
  granted_at: Timestamp;
  /** Null for one that doesn't end. */
  until: Timestamp | null;
}

/** Something that one asks for and others approve. */
export interface ApprovalTable {
  id: string;
  /** The operation's type. */
  purpose: string;
  operation_digest: Uint8Array;
  /** The operation's canonical JSON, sealed under the requester's key: what approvers are shown. */
  operation: Uint8Array;
  /** The permission that approvers need, and where. */
  permission: string;
  scope: string;
  requested_by: string;
  /** Who would gain by it, and so may not approve it either. */
  beneficiary: string | null;
  requested_at: Timestamp;
  expires_at: Timestamp;
  approvers_needed: number;
  approvers: number;
  status: "pending" | "approved" | "rejected" | "used";
}

/** One approver's word on it. */
export interface ApprovalVoteTable {
  approval: string;
  user_id: string;
  verdict: "approve" | "reject";
  voted_at: Timestamp;
}

export const roleMigration = (schema: string): readonly string[] => [
  `create table ${schema}.identity_role_assignment (
    user_id text not null references ${schema}.identity_user (id),
    role text not null,
    scope text not null,
    granted_by text not null,
    granted_at timestamptz not null,
    until timestamptz,
    primary key (user_id, role, scope)
  )`,
  `create table ${schema}.identity_approval (
    id text primary key,
    purpose text not null,
    operation_digest bytea not null check (length(operation_digest) = 32),
    operation bytea not null,
    permission text not null,
    scope text not null,
    requested_by text not null references ${schema}.identity_user (id),
    beneficiary text,
    requested_at timestamptz not null,
    expires_at timestamptz not null,
    approvers_needed int4 not null check (approvers_needed between 1 and 9),
    approvers int4 not null default 0 check (approvers <= approvers_needed),
    status text not null check (status in ('pending', 'approved', 'rejected', 'used'))
  )`,
  `create index identity_approval_pending on ${schema}.identity_approval (requested_at) where status = 'pending'`,
  `create index identity_approval_by_user on ${schema}.identity_approval (requested_by)`,
  `create table ${schema}.identity_approval_vote (
    approval text not null references ${schema}.identity_approval (id),
    user_id text not null references ${schema}.identity_user (id),
    verdict text not null check (verdict in ('approve', 'reject')),
    voted_at timestamptz not null,
    primary key (approval, user_id)
  )`,
];
