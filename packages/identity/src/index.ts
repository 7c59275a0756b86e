export type { AccountContext } from "./account-context.ts";
export { ACCOUNT_REFUSALS, type AccountRefusalCode } from "./account-refusal.ts";
export {
  type AccountSettings,
  DEFAULT_ACCOUNT_SETTINGS,
  type PasskeySettings,
  type SessionSettings,
  type ThrottleSettings,
  type TotpSettings,
} from "./account-settings.ts";
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
export type { CreatedApiKey, KnownKey } from "./api-keys/api-key-rows.ts";
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
export { type ReadAuditEvent, readAuditByStaff } from "./audit/read-audit-by-staff.ts";
export {
  AUDIT_FINDINGS,
  type AuditFinding,
  type AuditVerification,
  type VerifyAuditOptions,
  verifyAuditLog,
} from "./audit/verify-audit-log.ts";
export { eraseOneself, ownErasure } from "./erasure/erase-oneself.ts";
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
export {
  type ConfirmationMethod,
  type ConfirmCodeAnswer,
  confirmByCode,
  type SendCodeAnswer,
  sendConfirmationCode,
} from "./factors/confirmation-codes.ts";
export { enrolledFactors, type FactorKind } from "./factors/enrolled-factors.ts";
export type { FactorAdded, FactorRemoved } from "./factors/factor-change.ts";
export {
  type AuthenticationResponseJSON,
  beginPasskeyEnrolment,
  type ConfirmPasskeyAnswer,
  confirmPasskeyEnrolment,
  type ListedPasskey,
  listPasskeys,
  type PasskeyEnrolment,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
  removePasskey,
} from "./factors/passkeys.ts";
export type { FactorProof } from "./factors/prove-factor.ts";
export { type RecoveryCodesAnswer, renewRecoveryCodes } from "./factors/recovery-codes.ts";
export { passkeyForOperation, stepUpFactors } from "./factors/step-up-factors.ts";
export {
  beginTotpEnrolment,
  type ConfirmTotpAnswer,
  confirmTotpEnrolment,
  removeTotp,
  type TotpEnrolment,
} from "./factors/totp-factor.ts";
export { type Forgotten, forgetExpired } from "./forget-expired.ts";
export type { IdentityContext } from "./identity-context.ts";
export {
  type IdentityDatabase,
  type IdentityTransaction,
  identityDatabase,
} from "./identity-database.ts";
export { inTransaction } from "./in-transaction.ts";
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
export type { BreachedPasswords } from "./passwords/breached-passwords.ts";
export {
  DEFAULT_PASSWORD_HASHING,
  PasswordHasher,
  type PasswordHashing,
  type PasswordVerdict,
} from "./passwords/password-hasher.ts";
export {
  checkPassword,
  DEFAULT_PASSWORD_RULES,
  type PasswordAnswer,
  type PasswordRefusalCode,
  type PasswordRules,
} from "./passwords/password-rules.ts";
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
export { type ListedApproval, listApprovals } from "./roles/list-approvals.ts";
export { type ListedRole, listRoles } from "./roles/list-roles.ts";
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
export { type AuthenticateAnswer, authenticate } from "./sessions/authenticate.ts";
export {
  type EndSessionAnswer,
  endOtherSessions,
  endSession,
  signOut,
} from "./sessions/end-sessions.ts";
export { type ListedSession, listSessions } from "./sessions/list-sessions.ts";
export { livingSessions } from "./sessions/living-sessions.ts";
export { type RefreshAnswer, refreshSession } from "./sessions/refresh-session.ts";
export type {
  Session,
  SessionRefusal,
  SessionTokens,
  SignInMethod,
} from "./sessions/session.ts";
export {
  type SessionJwtPorts,
  type SessionJwtSettings,
  SessionJwts,
  verifySessionJwt,
} from "./sessions/session-jwts.ts";
export { endSessionsByStaff } from "./sessions/staff-end-sessions.ts";
export type { StartedSession } from "./sessions/start-session.ts";
export type { Client } from "./sign-in/client.ts";
export {
  type FinishSignInAnswer,
  finishSignIn,
  passkeyForSignIn,
  type SignInFactor,
} from "./sign-in/finish-sign-in.ts";
export {
  beginPasskeySignIn,
  type PasskeySignIn,
  type PasskeySignInAnswer,
  signInWithPasskey,
} from "./sign-in/passkey-sign-in.ts";
export {
  type FactorNeeded,
  type PasswordSignIn,
  type SignedIn,
  type SignInAnswer,
  signInWithPassword,
} from "./sign-in/password-sign-in.ts";
export {
  passkeyForSession,
  type Reauthentication,
  type ReauthenticationAnswer,
  reauthenticate,
} from "./sign-in/reauthentication.ts";
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
export { clientAddress, clientNetwork } from "./throttling/client-address.ts";
export type { ThrottleAnswer } from "./throttling/throttle.ts";
export { forgetThrottles, type ThrottleRule } from "./throttling/throttle.ts";
export { accountContacts } from "./users/account-contacts.ts";
export {
  type ConfirmContactAnswer,
  type ContactChangeAnswer,
  confirmContactChange,
  confirmPhone,
  type NewContact,
  requestContactChange,
} from "./users/contact-change.ts";
export { findUserByEmail } from "./users/find-user.ts";
export {
  freezeAccount,
  passkeyForThaw,
  requestThaw,
  type Thaw,
  type ThawAnswer,
  thawAccount,
} from "./users/freeze.ts";
export { changePassword, type PasswordChangeAnswer } from "./users/password-change.ts";
export {
  type PasswordReset,
  type PasswordResetAnswer,
  type PasswordResetRequest,
  requestPasswordReset,
  resetPassword,
} from "./users/password-reset.ts";
export { changeProfile, type Profile, type ProfileChange, readProfile } from "./users/profile.ts";
export {
  completeRegistration,
  type RegistrationAnswer,
  type RegistrationCompletion,
  type RegistrationRequest,
  requestRegistration,
} from "./users/registration.ts";
export type { RequestByEmailAnswer } from "./users/request-by-email.ts";
export { freezeByStaff, type StaffFreezeAnswer, unfreezeByStaff } from "./users/staff-freeze.ts";
