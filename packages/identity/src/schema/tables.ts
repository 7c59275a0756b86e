import type {
  AddressBookModeTable,
  WithdrawalAddressTable,
} from "../address-book/address-book-tables.ts";
import type { AntiPhishingPhraseTable } from "../anti-phishing/phrase-table.ts";
import type { ApiKeyTable } from "../api-keys/api-key-table.ts";
import type { AuditEventTable, AuditHeadTable, AuditLinkTable } from "../audit/audit-tables.ts";
import type { ErasureTable } from "../erasure/erasure-table.ts";
import type { FactorTables } from "../factors/factor-tables.ts";
import type { DataKeyTable } from "../keys/data-key-table.ts";
import type { OutboxTable } from "../outbox/outbox-table.ts";
import type {
  ApprovalTable,
  ApprovalVoteTable,
  RoleAssignmentTable,
} from "../roles/role-tables.ts";
import type { SecurityHoldTable } from "../security-holds/security-hold-table.ts";
import type { SessionTables } from "../sessions/session-tables.ts";
import type { ElevationTable } from "../step-up/elevation-table.ts";
import type { ThrottleTable } from "../throttling/throttle-table.ts";
import type { UserTables } from "../users/user-tables.ts";

/** All tables of the package. Each area adds its own. */
export interface IdentityTables extends UserTables, SessionTables, FactorTables {
  identity_throttle: ThrottleTable;
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
