import type {
  AddressBookModeTable,
  WithdrawalAddressTable,
} from "../address-book/address-book-tables.ts";
import type { AntiPhishingPhraseTable } from "../anti-phishing/phrase-table.ts";
import type { ApiKeyTable } from "../api-keys/api-key-table.ts";
import type { AuditEventTable, AuditHeadTable, AuditLinkTable } from "../audit/audit-tables.ts";
import type { ErasureTable } from "../erasure/erasure-table.ts";
import type { DataKeyTable } from "../keys/data-key-table.ts";
import type { OutboxTable } from "../outbox/outbox-table.ts";
import type {
  ApprovalTable,
  ApprovalVoteTable,
  RoleAssignmentTable,
} from "../roles/role-tables.ts";
import type { SecurityHoldTable } from "../security-holds/security-hold-table.ts";
import type { ElevationTable } from "../step-up/elevation-table.ts";
import type { Timestamp } from "./timestamp.ts";

export interface UserTable {
  /** `usr_` and 26 characters of base 32. */
  id: string;
  status: "pending" | "active" | "frozen" | "erased";
  created_at: Timestamp;
}

/** All tables of the package. Each area adds its own. */
export interface IdentityTables {
  identity_user: UserTable;
  identity_data_key: DataKeyTable;
  identity_audit_event: AuditEventTable;
  identity_audit_link: AuditLinkTable;
  identity_audit_head: AuditHeadTable;
  identity_outbox: OutboxTable;
  identity_security_hold: SecurityHoldTable;
  identity_anti_phishing_phrase: AntiPhishingPhraseTable;
  identity_elevation: ElevationTable;
  identity_role_assignment: RoleAssignmentTable;
  identity_approval: ApprovalTable;
  identity_approval_vote: ApprovalVoteTable;
  identity_api_key: ApiKeyTable;
  identity_withdrawal_address: WithdrawalAddressTable;
  identity_address_book_mode: AddressBookModeTable;
  identity_erasure: ErasureTable;
}
