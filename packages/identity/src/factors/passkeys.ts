import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from "@simplewebauthn/server";
import { sql } from "kysely";
import type { AccountContext } from "../account-context.ts";
import { refuse } from "../account-refusal.ts";
import type { IdentityDatabase, IdentityTransaction } from "../identity-context.ts";
import { inTransaction } from "../in-transaction.ts";
import { mayBeId } from "../random-id.ts";
import type { Refused } from "../refusal.ts";
import { millisecondsOf, timestampOf } from "../schema/time-column.ts";
import { refuseUnlessRecent } from "../sessions/authenticate.ts";
import type { Session, SessionRefusal } from "../sessions/session.ts";
import { displayName } from "../users/display-name.ts";
import { openEmail } from "../users/profile.ts";
import { enrolledFactors } from "./enrolled-factors.ts";
import {
  type FactorAdded,
  type FactorRemoved,
  factorAdded,
  factorRemoved,
} from "./factor-change.ts";
import { freshPasskeyChallenge, takePasskeyChallenge } from "./passkey-challenge.ts";

export type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
};

/** Imported when the first passkey is used: half a second and 37 packages that a host without passkeys doesn't need. */
const webauthn = () => import("@simplewebauthn/server");

const placeOf = (subject: string) => ({ subject, field: "identity_passkey.name" });

export type PasskeyEnrolment =
  | { readonly ok: true; readonly options: PublicKeyCredentialCreationOptionsJSON }
  | SessionRefusal
  | Refused<"factors_too_many">;

/** Begins the enrolment of a passkey: the options go to `navigator.credentials.create`. */
export const beginPasskeyEnrolment = async (
  context: AccountContext,
  session: Session,
): Promise<PasskeyEnrolment> => {
  const { generateRegistrationOptions } = await webauthn();
  return inTransaction(context, async (transaction) => {
    const { passkeys } = context.settings;
    const { user } = session;
    const refused = await refuseUnlessRecent(context, transaction, session);
    if (refused !== undefined) return refused;
    const own = await passkeysOf(transaction, user);
    if (own.length >= passkeys.mostEach) return refuse("factors_too_many");
    const challenge = await freshPasskeyChallenge(context, transaction, {
      purpose: "enrol",
      user,
      boundTo: session.id,
    });
    const options = await generateRegistrationOptions({
      rpID: passkeys.relyingParty,
      rpName: passkeys.name,
      userID: new TextEncoder().encode(user),
      userName: await openEmail(context, transaction, user),
      challenge,
      timeout: passkeys.challengeMs,
      attestationType: "none",
      excludeCredentials: own.map(({ id, transports }) => ({
        id,
        transports: transports.split(" "),
      })),
      authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
    });
    return { ok: true, options };
  });
};

export type ConfirmPasskeyAnswer =
  | FactorAdded
  | SessionRefusal
  | Refused<"factor_pending_invalid" | "name_malformed">;

/** Ends the enrolment with what `navigator.credentials.create` gave. The user is the session's, whatever the response says. */
export const confirmPasskeyEnrolment = async (
  context: AccountContext,
  session: Session,
  { response, name }: { readonly response: RegistrationResponseJSON; readonly name: string },
): Promise<ConfirmPasskeyAnswer> => {
  const called = displayName(name);
  if (called === undefined) return refuse("name_malformed", { field: "name" });
  const { verifyRegistrationResponse } = await webauthn();
  return inTransaction(context, async (transaction) => {
    const { clock, personalData, settings } = context;
    const { user } = session;
    const refused = await refuseUnlessRecent(context, transaction, session);
    if (refused !== undefined) return refused;
    const verified = await verifyRegistrationResponse({
      response,
      expectedChallenge: (challenge) =>
        takePasskeyChallenge(context, transaction, challenge, {
          purpose: "enrol",
          user,
          boundTo: session.id,
        }),
      expectedOrigin: [...settings.passkeys.origins],
      expectedRPID: settings.passkeys.relyingParty,
      requireUserVerification: true,
    }).catch(() => ({ verified: false }) as const);
    if (!verified.verified) return refuse("factor_pending_invalid", { field: "response" });
    const { credential, credentialBackedUp } = verified.registrationInfo;
    const before = await enrolledFactors(transaction, user);
    const kept = await transaction
      .insertInto("identity_passkey")
      .values({
        id: credential.id,
        user_id: user,
        public_key: credential.publicKey,
        counter: credential.counter,
        transports: (credential.transports ?? []).join(" "),
        backed_up: credentialBackedUp,
        name: await personalData.seal(transaction, placeOf(user), called),
        created_at: timestampOf(clock()),
        last_used_at: null,
      })
      .onConflict((conflict) => conflict.column("id").doNothing())
      .returning("id")
      .executeTakeFirst();
    if (kept === undefined) return refuse("factor_pending_invalid", { field: "response" });
    return factorAdded(
      context,
      transaction,
      session,
      { kind: "passkey", id: credential.id },
      before,
    );
  });
};

/** Takes one of the user's own passkeys away; somebody else's is as unknown as none. */
export const removePasskey = (
  context: AccountContext,
  session: Session,
  id: string,
): Promise<FactorRemoved | SessionRefusal | Refused<"factor_unknown">> =>
  inTransaction(context, async (transaction) => {
    const refused = await refuseUnlessRecent(context, transaction, session);
    if (refused !== undefined) return refused;
    if (!mayBeId(id)) return refuse("factor_unknown", { field: "id" });
    const removed = await transaction
      .deleteFrom("identity_passkey")
      .where("id", "=", id)
      .where("user_id", "=", session.user)
      .returning("id")
      .executeTakeFirst();
    if (removed === undefined) return refuse("factor_unknown", { field: "id" });
    return factorRemoved(context, transaction, session, { kind: "passkey", id });
  });

/** A passkey as its user sees it. */
export interface ListedPasskey {
  readonly id: string;
  readonly name: string;
  readonly backedUp: boolean;
  readonly createdAt: number;
  readonly lastUsedAt: number | undefined;
}

export const listPasskeys = async (
  { db, personalData }: AccountContext,
  { user }: Session,
): Promise<readonly ListedPasskey[]> => {
  const rows = await db
    .selectFrom("identity_passkey")
    .select([
      "id",
      "name",
      "backed_up as backedUp",
      millisecondsOf("created_at").as("createdAt"),
      millisecondsOf("last_used_at").$castTo<number | null>().as("lastUsedAt"),
    ])
    .where("user_id", "=", user)
    .orderBy("created_at")
    .execute();
  const listed: ListedPasskey[] = [];
  for (const { name, lastUsedAt, ...row } of rows) {
    listed.push({
      ...row,
      name: (await personalData.open(db, placeOf(user), name)) ?? "",
      lastUsedAt: lastUsedAt ?? undefined,
    });
  }
  return listed;
};

/** What an authenticator is to sign: by one of a user's passkeys, or by any that it has for us. */
export const passkeyRequest = async (
  { settings: { passkeys } }: AccountContext,
  challenge: Uint8Array<ArrayBuffer>,
  allowed: readonly { readonly id: string; readonly transports: string }[] = [],
): Promise<PublicKeyCredentialRequestOptionsJSON> => {
  const { generateAuthenticationOptions } = await webauthn();
  return generateAuthenticationOptions({
    rpID: passkeys.relyingParty,
    challenge,
    timeout: passkeys.challengeMs,
    userVerification: "required",
    ...(allowed.length === 0
      ? {}
      : {
          allowCredentials: allowed.map(({ id, transports }) => ({
            id,
            transports: transports.split(" "),
          })),
        }),
  });
};

export const passkeysOf = (db: IdentityDatabase, user: string) =>
  db
    .selectFrom("identity_passkey")
    .select(["id", "transports"])
    .where("user_id", "=", user)
    .orderBy("created_at")
    .execute();

/** What an assertion must have been made for. */
export interface AssertionFor {
  readonly purpose: "sign_in" | "factor";
  /** Undefined where the passkey says who it is. */
  readonly user: string | undefined;
  readonly boundTo: string | undefined;
}

/**
 * Uses a passkey: challenge ours and unused, origin and relying party ours, user verified by the authenticator, signature right, and the counter ahead of
 * the one kept – where it isn't, two authenticators have the key, and one is a copy. Answers whose passkey it is.
 */
export const usePasskey = async (
  context: AccountContext,
  transaction: IdentityTransaction,
  response: AuthenticationResponseJSON,
  wanted: AssertionFor,
): Promise<string | undefined> => {
  const { passkeys } = context.settings;
  const kept = await keptPasskey(transaction, response);
  if (kept === undefined || (wanted.user !== undefined && kept.user_id !== wanted.user)) {
    return undefined;
  }
  const { verifyAuthenticationResponse } = await webauthn();
  const verified = await verifyAuthenticationResponse({
    response,
    expectedChallenge: (challenge) => takePasskeyChallenge(context, transaction, challenge, wanted),
    expectedOrigin: [...passkeys.origins],
    expectedRPID: passkeys.relyingParty,
    requireUserVerification: true,
    credential: {
      id: kept.id,
      publicKey: new Uint8Array(kept.public_key),
      counter: kept.counter,
      transports: kept.transports.split(" "),
    },
  }).catch(() => undefined);
  if (verified?.verified !== true) return undefined;
  const { newCounter, credentialBackedUp } = verified.authenticationInfo;
  const counted = await transaction
    .updateTable("identity_passkey")
    .set({
      counter: newCounter,
      backed_up: credentialBackedUp,
      last_used_at: timestampOf(context.clock()),
    })
    .where("id", "=", kept.id)
    .where(
      sql<boolean>`counter < ${newCounter}::float8 or (counter = 0 and ${newCounter}::float8 = 0)`,
    )
    .returning("user_id")
    .executeTakeFirst();
  return counted?.user_id;
};

const keptPasskey = async (transaction: IdentityTransaction, { id }: AuthenticationResponseJSON) =>
  !mayBeId(id)
    ? undefined
    : transaction
        .selectFrom("identity_passkey")
        .select(["id", "user_id", "public_key", "counter", "transports"])
        .where("id", "=", id)
        .executeTakeFirst();
