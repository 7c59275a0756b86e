import { expect, test } from "vitest";
import { confirmByCode, sendConfirmationCode } from "./factors/confirmation-codes.ts";
import { authenticate } from "./sessions/authenticate.ts";
import { refreshSession } from "./sessions/refresh-session.ts";
import { passkeyForSignIn } from "./sign-in/finish-sign-in.ts";
import { beginPasskeySignIn, signInWithPasskey } from "./sign-in/passkey-sign-in.ts";
import { signInWithPassword } from "./sign-in/password-sign-in.ts";
import {
  challengeOf,
  enrolPasskey,
  enrolTotp,
  finishWith,
  totpCode,
} from "./testing/factor-helpers.ts";
import { onPostgres } from "./testing/identity-databases.ts";
import {
  ADDRESS,
  codeOf,
  EMAIL,
  OTHER_PASSWORD,
  PASSWORD,
  type TestAccounts,
  testAccounts,
} from "./testing/test-accounts.ts";
import { fiftyTimes } from "./testing/test-identity.ts";
import { charge, throttleOf } from "./throttling/throttle.ts";
import { freezeAccount } from "./users/freeze.ts";
import { requestPasswordReset, resetPassword } from "./users/password-reset.ts";
import { completeRegistration, requestRegistration } from "./users/registration.ts";

const client = { address: ADDRESS };

/** How often each answer came. */
const tally = (answers: readonly { readonly ok: boolean; readonly code?: string }[]) => {
  const counts: Record<string, number> = {};
  for (const answer of answers) counts[codeOf(answer)] = (counts[codeOf(answer)] ?? 0) + 1;
  return counts;
};

/** No attempt has to wait: the race is about what is used once, not about how fast one may guess. */
const unthrottled = async (accounts: TestAccounts): Promise<TestAccounts> => {
  const { throttles } = accounts.settings;
  const free = Object.entries(throttles).map(([name, rule]) => [
    name,
    { ...rule, free: 1_000, most: 2_000 },
  ]);
  return accounts.with({ throttles: Object.fromEntries(free) });
};

await onPostgres((fresh) => {
  const registered = async () => {
    const accounts = await unthrottled(await testAccounts(await fresh()));
    await accounts.register();
    return accounts;
  };

  test("of fifty that use one registration link at once exactly one makes the account", async () => {
    const accounts = await testAccounts(await fresh());
    await requestRegistration(accounts, { email: EMAIL, client });
    const { token = "" } = (await accounts.notice("email_verification")).values;
    const use = () => completeRegistration(accounts, { token, password: PASSWORD, client });
    expect(tally(await fiftyTimes(use))).toEqual({ ok: 1, token_invalid: 49 });
  });

  test("of fifty that register one address at once all get the same user", async () => {
    const accounts = await unthrottled(await testAccounts(await fresh()));
    const ask = () => requestRegistration(accounts, { email: EMAIL, client });
    expect(tally(await fiftyTimes(ask))).toEqual({ ok: 50 });
    const users = await accounts.db.selectFrom("identity_user").select("id").execute();
    expect(users).toHaveLength(1);
    expect(new Set((await accounts.notices()).map(({ user }) => user))).toEqual(
      new Set(users.map(({ id }) => id)),
    );
  });

  test("of fifty that use one reset link at once exactly one sets the password", async () => {
    const accounts = await registered();
    await requestPasswordReset(accounts, { email: EMAIL, client });
    const { token = "" } = (await accounts.notice("password_reset")).values;
    const use = () => resetPassword(accounts, { token, password: OTHER_PASSWORD, client });
    expect(tally(await fiftyTimes(use))).toEqual({ ok: 1, token_invalid: 49 });
  });

  test("of fifty that send one code at once, each in a sign-in of their own, exactly one gets in (#8067)", async () => {
    const accounts = await registered();
    const { secret } = await enrolTotp(accounts, (await accounts.signIn()).session);
    const challenges: string[] = [];
    for (let each = 0; each < 50; each++) challenges.push(await challengeOf(accounts));
    const code = totpCode(secret, accounts.time.now);
    const use = (n: number) => finishWith(accounts, challenges[n] ?? "", { kind: "totp", code });
    expect(tally(await fiftyTimes(use))).toEqual({ ok: 1, factor_wrong: 49 });
  });

  test("of fifty that finish one sign-in at once, each by a recovery code of its own, exactly one gets in (GHSA-7w99)", async () => {
    const accounts = await registered();
    const { recoveryCodes } = await enrolTotp(accounts, (await accounts.signIn()).session);
    const challenge = await challengeOf(accounts);
    const use = (n: number) =>
      finishWith(accounts, challenge, { kind: "recovery_code", code: recoveryCodes[n % 10] ?? "" });
    const { ok } = tally(await fiftyTimes(use));
    expect(ok).toBe(1);
  });

  test("of fifty that use one recovery code at once exactly one gets in", async () => {
    const accounts = await registered();
    const { recoveryCodes } = await enrolTotp(accounts, (await accounts.signIn()).session);
    const challenges: string[] = [];
    for (let each = 0; each < 50; each++) challenges.push(await challengeOf(accounts));
    const code = recoveryCodes[0] ?? "";
    const use = (n: number) =>
      finishWith(accounts, challenges[n] ?? "", { kind: "recovery_code", code });
    expect(tally(await fiftyTimes(use))).toEqual({ ok: 1, factor_wrong: 49 });
  });

  test("of fifty that send one passkey's answer at once exactly one gets in", async () => {
    const accounts = await registered();
    const { authenticator } = await enrolPasskey(accounts, (await accounts.signIn()).session);
    const alone = authenticator.get(await beginPasskeySignIn(accounts));
    const signIn = () => signInWithPasskey(accounts, { response: alone, client });
    expect(tally(await fiftyTimes(signIn))).toEqual({ ok: 1, factor_wrong: 49 });
    const challenge = await challengeOf(accounts);
    const asked = await passkeyForSignIn(accounts, challenge);
    if (!asked.ok) throw new Error(asked.code);
    const response = authenticator.get(asked.options);
    const finish = () => finishWith(accounts, challenge, { kind: "passkey", response });
    expect(tally(await fiftyTimes(finish))["ok"]).toBe(1);
  });

  test("of fifty that use one refresh token at once exactly one rotates it, and all get that one's tokens (GHSA-392p)", async () => {
    const accounts = await registered();
    const { tokens } = await accounts.signIn({}, "app");
    const answers = await fiftyTimes(() => refreshSession(accounts, tokens.refreshToken));
    expect(tally(answers)).toEqual({ ok: 50 });
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toHaveLength(1);
    const kept = await accounts.db.selectFrom("identity_refresh_token").select("hash").execute();
    expect(kept).toHaveLength(2);
  });

  test("without a grace exactly one of fifty gets new tokens, and then the session ends", async () => {
    const with10s = await registered();
    const sessions = { ...with10s.settings.sessions, refreshGraceMs: 0 };
    const accounts = with10s.with({ sessions });
    const { tokens } = await accounts.signIn({}, "app");
    const answers = await fiftyTimes(() => refreshSession(accounts, tokens.refreshToken));
    expect(tally(answers)).toEqual({ ok: 1, refresh_invalid: 49 });
    const winner = answers.find((answer) => answer.ok);
    const newest = winner?.ok ? winner.tokens.token : "";
    expect(codeOf(await authenticate(accounts, newest))).toBe("session_invalid");
  });

  test("of fifty that use one confirmation code at once exactly one confirms", async () => {
    const accounts = (await registered()).with({
      confirmationCodes: { on: true, validMs: 60_000 },
    });
    const { session } = await accounts.signIn();
    const request = "withdraw";
    const sent = await sendConfirmationCode(accounts, session, { request, channel: "email" });
    if (!sent.ok) throw new Error(sent.code);
    const { code = "" } = (await accounts.notice("confirmation_code")).values;
    const use = () => confirmByCode(accounts, session, { id: sent.id, code, request });
    expect(tally(await fiftyTimes(use))).toEqual({ ok: 1, confirmation_wrong: 49 });
  });

  test("of fifty attempts at once no more are taken than one after another", async () => {
    const accounts = await testAccounts(await fresh());
    const rule = { ...accounts.settings.throttles.passwordByAccount, free: 5 };
    const throttle = await throttleOf(accounts, rule, "alice");
    const answers = await fiftyTimes(() => charge(accounts, throttle));
    expect(tally(answers)).toEqual({ ok: 5, attempts_throttled: 45 });
  });

  test("of sign-ins that run beside a freeze none leaves a session behind", async () => {
    const accounts = await registered();
    const { session } = await accounts.signIn();
    const freeze = freezeAccount(accounts, session);
    const signIn = () => signInWithPassword(accounts, { email: EMAIL, password: PASSWORD, client });
    const answers = await fiftyTimes(signIn);
    expect(await freeze).toEqual({ ok: true });
    for (const answer of answers) {
      if (!answer.ok || answer.status !== "signed_in") continue;
      expect(codeOf(await authenticate(accounts, answer.tokens.token))).toBe("session_invalid");
    }
  });

  test("of sign-ins by the old password that run beside a reset none leaves a session behind (GHSA-2vg6)", async () => {
    const accounts = await registered();
    await requestPasswordReset(accounts, { email: EMAIL, client });
    const { token = "" } = (await accounts.notice("password_reset")).values;
    const signIn = () => signInWithPassword(accounts, { email: EMAIL, password: PASSWORD, client });
    const [reset, answers] = await Promise.all([
      resetPassword(accounts, { token, password: OTHER_PASSWORD, client }),
      fiftyTimes(signIn),
    ]);
    expect(reset).toEqual({ ok: true });
    for (const answer of answers) {
      if (!answer.ok || answer.status !== "signed_in") continue;
      expect(codeOf(await authenticate(accounts, answer.tokens.token))).toBe("session_invalid");
    }
  });
});
