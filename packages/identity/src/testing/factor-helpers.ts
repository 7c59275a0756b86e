import { generateSync } from "otplib";
import { beginPasskeyEnrolment, confirmPasskeyEnrolment } from "../factors/passkeys.ts";
import type { FactorProof } from "../factors/prove-factor.ts";
import { beginTotpEnrolment, confirmTotpEnrolment } from "../factors/totp-factor.ts";
import type { Session } from "../sessions/session.ts";
import type { Client } from "../sign-in/client.ts";
import { type FinishSignInAnswer, finishSignIn } from "../sign-in/finish-sign-in.ts";
import { signInWithPassword } from "../sign-in/password-sign-in.ts";
import { SoftwareAuthenticator } from "./software-authenticator.ts";
import { ADDRESS, EMAIL, PASSWORD, type TestAccounts } from "./test-accounts.ts";

/** An authenticator app: the code of a secret at a time. */
export const totpCode = (secret: string, nowMs: number): string =>
  generateSync({ secret, epoch: Math.floor(nowMs / 1_000) });

export interface EnrolledTotp {
  readonly secret: string;
  readonly recoveryCodes: readonly string[];
  readonly token: string;
}

/** Enrols an authenticator app, and moves on to the next code. */
export const enrolTotp = async (
  accounts: TestAccounts,
  session: Session,
): Promise<EnrolledTotp> => {
  const begun = await beginTotpEnrolment(accounts, session);
  if (!begun.ok) throw new Error(begun.code);
  const code = totpCode(begun.secret, accounts.time.now);
  const added = await confirmTotpEnrolment(accounts, session, { id: begun.id, code });
  if (!added.ok) throw new Error(added.code);
  accounts.time.advance(30_000);
  const { tokens, recoveryCodes = [] } = added;
  return { secret: begun.secret, recoveryCodes, token: tokens.token };
};

/** Enrols a passkey in software. */
export const enrolPasskey = async (
  accounts: TestAccounts,
  session: Session,
  name = "laptop",
): Promise<{ authenticator: SoftwareAuthenticator; token: string }> => {
  const begun = await beginPasskeyEnrolment(accounts, session);
  if (!begun.ok) throw new Error(begun.code);
  const authenticator = new SoftwareAuthenticator(undefined, `${session.user} ${name}`);
  const response = authenticator.create(begun.options);
  const added = await confirmPasskeyEnrolment(accounts, session, { response, name });
  if (!added.ok) throw new Error(added.code);
  return { authenticator, token: added.tokens.token };
};

/** The challenge of a sign-in whose password was right. */
export const challengeOf = async (
  accounts: TestAccounts,
  client: Partial<Client> = {},
  kind: Session["kind"] = "browser",
): Promise<string> => {
  const answer = await signInWithPassword(accounts, {
    email: EMAIL,
    password: PASSWORD,
    client: { address: ADDRESS, ...client },
    kind,
  });
  if (!answer.ok || answer.status !== "factor_needed") throw new Error("no factor was asked for");
  return answer.challenge;
};

export const finishWith = (
  accounts: TestAccounts,
  challenge: string,
  factor: FactorProof,
  client: Partial<Client> = {},
): Promise<FinishSignInAnswer> =>
  finishSignIn(accounts, { challenge, factor, client: { address: ADDRESS, ...client } });

/** A token of somebody who is signed in, after enrolling an authenticator app where two factors are wanted. */
export const signInAs = async (
  accounts: TestAccounts,
  email: string,
  factors: 1 | 2,
): Promise<string> => {
  const { tokens } = await accounts.signIn({}, "browser", email);
  if (factors === 1) return tokens.token;
  return (await enrolTotp(accounts, await accounts.session(tokens.token))).token;
};
