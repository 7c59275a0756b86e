import { ADDRESS_ENTRY_FIELD } from "../address-book/address-entry.ts";
import { PHRASE_FIELD } from "../anti-phishing/read-phrase.ts";
import { API_KEY_FIELDS } from "../api-keys/api-key-rows.ts";
import { AUDIT_FIELD } from "../audit/audit-trail.ts";
import { OUTBOX_FIELD } from "../outbox/outbox.ts";
import { OPERATION_FIELD } from "../roles/approval.ts";
import type { IdentityTables } from "../schema/tables.ts";

/** What a table knows of a user, and what becomes of it. */
export interface SubjectTable {
  readonly table: keyof IdentityTables;
  /** The column with the user's id. */
  readonly subject: string;
  /** Columns that a user is given as they are. What isn't listed is a secret or a hash. */
  readonly plain: readonly string[];
  /** Columns with times. */
  readonly times: readonly string[];
  /** Sealed columns, and where they say they stand. */
  readonly sealed: Readonly<Record<string, string>>;
  /**
   * `deleted`: at once. `retained`: deleted once the law lets go. `pseudonymised`: the rows stay for their ids and times; what is
   * sealed in them can't be read once the user's key is destroyed.
   */
  readonly erasure: "deleted" | "retained" | "pseudonymised";
}

/** Every table with rows of a user, in the order in which they can be deleted. A test holds it against the schema. */
export const SUBJECT_TABLES: readonly SubjectTable[] = [
  {
    table: "identity_outbox",
    subject: "user_id",
    plain: ["id", "channel", "kind", "status"],
    times: ["created_at"],
    sealed: { body: OUTBOX_FIELD },
    erasure: "deleted",
  },
  {
    table: "identity_elevation",
    subject: "user_id",
    plain: ["id", "purpose", "methods"],
    times: ["created_at", "consumed_at"],
    sealed: {},
    erasure: "deleted",
  },
  {
    table: "identity_api_key",
    subject: "user_id",
    plain: ["id", "kind", "public_key", "permissions", "networks", "replaces"],
    times: ["created_at", "expires_at", "last_used_at", "revoked_at"],
    sealed: { label: API_KEY_FIELDS.label },
    erasure: "deleted",
  },
  {
    table: "identity_address_book_mode",
    subject: "user_id",
    plain: ["only_listed"],
    times: ["ends_at"],
    sealed: {},
    erasure: "deleted",
  },
  {
    table: "identity_anti_phishing_phrase",
    subject: "user_id",
    plain: [],
    times: ["changed_at"],
    sealed: { phrase: PHRASE_FIELD },
    erasure: "deleted",
  },
  {
    table: "identity_role_assignment",
    subject: "user_id",
    plain: ["role", "scope"],
    times: ["granted_at", "until"],
    sealed: {},
    erasure: "deleted",
  },
  {
    table: "identity_security_hold",
    subject: "user_id",
    plain: ["id", "reason"],
    times: ["began_at", "until"],
    sealed: {},
    erasure: "deleted",
  },
  {
    table: "identity_withdrawal_address",
    subject: "user_id",
    plain: ["id", "status"],
    times: ["created_at", "cooling_until"],
    sealed: { entry: ADDRESS_ENTRY_FIELD },
    erasure: "retained",
  },
  {
    table: "identity_approval_vote",
    subject: "user_id",
    plain: ["approval", "verdict"],
    times: ["voted_at"],
    sealed: {},
    erasure: "pseudonymised",
  },
  {
    table: "identity_approval",
    subject: "requested_by",
    plain: ["id", "purpose", "permission", "scope", "status"],
    times: ["requested_at", "expires_at"],
    sealed: { operation: OPERATION_FIELD },
    erasure: "pseudonymised",
  },
  {
    table: "identity_audit_event",
    subject: "subject",
    plain: ["id", "action", "target", "outcome", "reason"],
    times: ["at"],
    sealed: { sealed: AUDIT_FIELD },
    erasure: "pseudonymised",
  },
  {
    table: "identity_erasure",
    subject: "user_id",
    plain: ["retained_for"],
    times: ["requested_at", "retained_until", "finished_at"],
    sealed: {},
    erasure: "pseudonymised",
  },
  {
    table: "identity_data_key",
    subject: "subject",
    plain: [],
    times: ["created_at", "destroyed_at"],
    sealed: {},
    erasure: "pseudonymised",
  },
  {
    table: "identity_user",
    subject: "id",
    plain: ["id", "status"],
    times: ["created_at"],
    sealed: {},
    erasure: "pseudonymised",
  },
];
