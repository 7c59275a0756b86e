export type { AccountContext } from "./account-context.ts";
export { ACCOUNT_REFUSALS, type AccountRefusalCode } from "./account-refusal.ts";
export { type AccountSettings, DEFAULT_ACCOUNT_SETTINGS } from "./account-settings.ts";
export { addAddress, confirmAddress } from "./address-book/add-address.ts";
export {
  type AddressBookContext,
  type AddressCheck,
  type AddressEntry,
  addressAddition,
  type Destination,
} from "./address-book/address-entry.ts";
export { ADDRESS_REFUSALS, type AddressRefusalCode } from "./address-book/address-refusal.ts";
export {
  type AddressChange,
  type AddressChanged,
  type ListedAddress,
  listAddresses,
  removeAddress,
  resumeAddress,
  suspendAddress,
} from "./address-book/change-address.ts";
export {
  ADDRESS_BOOK_OPENING,
  closeAddressBook,
  isOnlyListed,
  openAddressBook,
} from "./address-book/only-listed.ts";
export { type AddressUse, type AllowedAddress, allowAddress } from "./address-book/use-address.ts";
export { changePhrase, phraseChange } from "./anti-phishing/phrase.ts";
export {
  type ApiKeyAuthenticator,
  apiKeyAuthenticator,
  type GatewayPrincipal,
} from "./api-keys/api-key-authenticator.ts";
export { API_KEY_REFUSALS, type ApiKeyRefusalCode } from "./api-keys/api-key-refusal.ts";
export type { CreatedApiKey } from "./api-keys/api-key-rows.ts";
export type { ApiKeyPermission, ApiKeyWish } from "./api-keys/api-key-terms.ts";
export {
  API_KEY_VERIFICATION_REFUSALS,
  type ApiKeyHolder,
  type ApiKeyVerification,
  type ApiKeyVerificationCode,
  type ApiKeyVerifier,
  type ApiKeyVerifierOptions,
  apiKeyVerifier,
  type SignedRequest,
} from "./api-keys/api-key-verifier.ts";
export { apiKeyCreation, createApiKey } from "./api-keys/create-api-key.ts";
export { type ListedApiKey, listApiKeys } from "./api-keys/list-api-keys.ts";
export { type ProvisionedApiKey, provisionApiKey } from "./api-keys/provision-api-key.ts";
export { revokeAllApiKeys, revokeApiKey } from "./api-keys/revoke-api-key.ts";
export {
  type ApiKeyReplacement,
  apiKeyRotation,
  rotateApiKey,
} from "./api-keys/rotate-api-key.ts";
export type { AuditEvent, AuditLog } from "./audit/audit-log.ts";
export { type AuditTrailPorts, auditTrail } from "./audit/audit-trail.ts";
export {
  type AnchorPorts,
  type AnchorSink,
  type AuditCheckpoint,
  anchorAuditLog,
} from "./audit/checkpoint.ts";
export {
  AUDIT_FINDINGS,
  type AuditFinding,
  type AuditVerification,
  type VerifyAuditOptions,
  verifyAuditLog,
} from "./audit/verify-audit-log.ts";
export {
  ERASURE_REFUSALS,
  type ErasureRefusalCode,
  type ErasureReport,
  eraseSubject,
  finishErasures,
  type Retention,
  type TableErasure,
} from "./erasure/erase-subject.ts";
export { exportSubject } from "./erasure/export-subject.ts";
export type { IdentityContext } from "./identity-context.ts";
export {
  type IdentityDatabase,
  type IdentityTransaction,
  identityDatabase,
} from "./identity-database.ts";
export type { DataKeyPorts } from "./keys/data-keys.ts";
export { type EnvelopePorts, openPersonalData } from "./keys/envelope.ts";
export type { KeyManagement, WrappedKey } from "./keys/key-management.ts";
export { type LocalKeyFile, localKeyFile } from "./keys/local-key-file.ts";
export type { PersonalData, SealedPlace } from "./keys/personal-data.ts";
export { type RewrapOptions, type Rewrapped, rewrapDataKeys } from "./keys/rewrap.ts";
export type { Notice, Notifier } from "./notifications/notifier.ts";
export { type Operation, operationDigest } from "./operation.ts";
export {
  type CommandToSend,
  enqueueCommand,
  enqueueNotice,
  type NoticeToSend,
} from "./outbox/outbox.ts";
export {
  type Contacts,
  type HostCommand,
  type HostCommands,
  type Relayed,
  type RelayPorts,
  relayOutbox,
} from "./outbox/relay.ts";
export { PasswordHasher } from "./passwords/password-hasher.ts";
export type { Refused } from "./refusal.ts";
export {
  type ApprovalRequest,
  type ApprovalState,
  type ApprovalVote,
  consumeApproval,
  requestApproval,
  voteOnApproval,
} from "./roles/approval.ts";
export {
  appointFirstAdmin,
  grantRole,
  type RoleGrant,
  requestRole,
  revokeRole,
} from "./roles/grant-role.ts";
export { type Intent, isAllowed, type RoleAssignment } from "./roles/is-allowed.ts";
export { type RoleContext, readRoles, refusePermission } from "./roles/permissions.ts";
export { BUILT_IN_ROLES, type Role, type RoleBook, roleBook } from "./roles/role.ts";
export { ROLE_REFUSALS, type RoleRefusalCode } from "./roles/role-refusal.ts";
export { migrate } from "./schema/migrate.ts";
export type { SchemaOption } from "./schema/schema-name.ts";
export {
  findSecurityHold,
  SECURITY_HOLDS,
  type SecurityHold,
  type SecurityHoldReason,
  setSecurityHold,
} from "./security-holds/security-hold.ts";
export { livingSessions } from "./sessions/living-sessions.ts";
export { signInWithPassword } from "./sign-in/password-sign-in.ts";
export {
  type ActingSession,
  consumeElevation,
  type Elevation,
  type ElevationUse,
  elevate,
  type FactorCheck,
  type ProofMethod,
} from "./step-up/step-up.ts";
export { STEP_UP_REFUSALS, type StepUpRefusalCode } from "./step-up/step-up-refusal.ts";
export { accountContacts } from "./users/account-contacts.ts";
export { findUserByEmail } from "./users/find-user.ts";
export { completeRegistration, requestRegistration } from "./users/registration.ts";
