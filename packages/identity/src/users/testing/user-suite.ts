import { describe, expect, test } from "vitest";
import { confirmByCode, sendConfirmationCode } from "../../factors/confirmation-codes.ts";
import { forgetExpired } from "../../forget-expired.ts";
import { findSecurityHold } from "../../security-holds/security-hold.ts";
import { authenticate } from "../../sessions/authenticate.ts";
import type { Session } from "../../sessions/session.ts";
import { signInWithPassword } from "../../sign-in/password-sign-in.ts";
import { reauthenticate } from "../../sign-in/reauthentication.ts";
import { DAY, HOUR, MINUTE } from "../../testing/durations.ts";
import { challengeOf, enrolTotp, finishWith, totpCode } from "../../testing/factor-helpers.ts";
import type { FreshDatabase } from "../../testing/identity-databases.ts";
import {
  ADDRESS,
  codeOf,
  EMAIL,
  OTHER_PASSWORD,
  PASSWORD,
  type TestAccounts,
  testAccounts,
} from "../../testing/test-accounts.ts";
import { confirmContactChange, confirmPhone, requestContactChange } from "../contact-change.ts";
import { freezeAccount, requestThaw, thawAccount } from "../freeze.ts";
import { changePassword } from "../password-change.ts";
import { requestPasswordReset, resetPassword } from "../password-reset.ts";
import { readProfile } from "../profile.ts";

const client = { address: ADDRESS };

const signedIn = async (fresh: FreshDatabase) => {
  const accounts = await testAccounts(await fresh());
  const user = await accounts.register();
  const { tokens, session, deviceToken } = await accounts.signIn();
  return { accounts, user, session, token: tokens.token, deviceToken };
};

const resetToken = async (accounts: TestAccounts): Promise<string> => {
  await requestPasswordReset(accounts, { email: EMAIL, client });
  return (await accounts.notice("password_reset")).values["token"] ?? "";
};

const signInBy = (accounts: TestAccounts, password: string, email = EMAIL) =>
  signInWithPassword(accounts, { email, password, client });

/** What password, address, number and freeze promise on every database. */
export const describeUsers = (name: string, fresh: FreshDatabase): void => {
  describe(`a password on ${name}`, () => {
    test("is changed by whoever has just signed in; every other session ends (GHSA-2vg6)", async () => {
      const { accounts, session, token } = await signedIn(fresh);
      const other = await accounts.signIn();
      expect(codeOf(await changePassword(accounts, session, "short"))).toBe("password_too_short");
      const changed = await changePassword(accounts, session, OTHER_PASSWORD);
      if (!changed.ok) throw new Error(changed.code);
      for (const ended of [token, other.tokens.token]) {
        expect(codeOf(await authenticate(accounts, ended))).toBe("session_invalid");
      }
      expect((await accounts.session(changed.tokens.token)).id).toBe(session.id);
      expect(codeOf(await signInBy(accounts, PASSWORD))).toBe("credentials_wrong");
      expect(codeOf(await signInBy(accounts, OTHER_PASSWORD))).toBe("ok");
      expect(await findSecurityHold(accounts, accounts.db, session.user)).toMatchObject({
        reason: "password_changed",
      });
      await accounts.notice("password_changed");
    });

    test("isn't changed by a session that is old or over", async () => {
      const { accounts, session } = await signedIn(fresh);
      accounts.time.advance(10 * MINUTE + 1);
      const change = () => changePassword(accounts, session, OTHER_PASSWORD);
      expect(codeOf(await change())).toBe("reauthentication_needed");
      expect(codeOf(await reauthenticate(accounts, session, { password: PASSWORD, client }))).toBe(
        "ok",
      );
      await freezeAccount(accounts, session);
      expect(codeOf(await change())).toBe("session_invalid");
    });

    test("is reset by the link, once, within an hour; the request tells nobody who exists", async () => {
      const { accounts, token: before } = await signedIn(fresh);
      const known = await requestPasswordReset(accounts, { email: EMAIL, client });
      const unknown = await requestPasswordReset(accounts, { email: "bob@example.com", client });
      expect(known).toEqual(unknown);
      const token = await resetToken(accounts);
      const reset = (used: string, password = OTHER_PASSWORD) =>
        resetPassword(accounts, { token: used, password, client });
      expect(codeOf(await reset(token, "short"))).toBe("password_too_short");
      const answer = await reset(token);
      expect(answer).toEqual({ ok: true });
      expect(codeOf(await reset(token))).toBe("token_invalid");
      expect(codeOf(await authenticate(accounts, before))).toBe("session_invalid");
      expect(codeOf(await signInBy(accounts, OTHER_PASSWORD))).toBe("ok");
      const late = await resetToken(accounts);
      accounts.time.advance(HOUR);
      for (const wrong of [late, "", "pxp_", token])
        expect(codeOf(await reset(wrong))).toBe("token_invalid");
    });

    test("that is reset gets nobody past the second factor (ASVS 6.4.3)", async () => {
      const { accounts, session } = await signedIn(fresh);
      const { secret } = await enrolTotp(accounts, session);
      const pending = await challengeOf(accounts);
      const answer = await resetPassword(accounts, {
        token: await resetToken(accounts),
        password: OTHER_PASSWORD,
        client,
      });
      expect(answer).toEqual({ ok: true });
      const code = { kind: "totp", code: totpCode(secret, accounts.time.now) } as const;
      // A sign-in that began by the old password ends with it.
      expect(codeOf(await finishWith(accounts, pending, code))).toBe("challenge_invalid");
      const again = await signInBy(accounts, OTHER_PASSWORD);
      expect(again).toMatchObject({ status: "factor_needed", factors: ["totp", "recovery_code"] });
      const challenge = again.ok && again.status === "factor_needed" ? again.challenge : "";
      expect(codeOf(await finishWith(accounts, challenge, code))).toBe("ok");
      expect(await findSecurityHold(accounts, accounts.db, session.user)).toMatchObject({
        reason: "password_reset",
      });
    });

    test("that is reset opens the account again to its owner's new devices", async () => {
      const { accounts } = await signedIn(fresh);
      for (let guess = 0; guess < 6; guess++) await signInBy(accounts, "wrong");
      expect(codeOf(await signInBy(accounts, PASSWORD))).toBe("attempts_throttled");
      const token = await resetToken(accounts);
      await resetPassword(accounts, { token, password: OTHER_PASSWORD, client });
      expect(codeOf(await signInBy(accounts, OTHER_PASSWORD))).toBe("ok");
    });
  });

  describe(`an address or number on ${name}`, () => {
    const tokens = async (accounts: TestAccounts) => {
      const old = (await accounts.notice("contact_change_old")).values["token"] ?? "";
      const fresh = await accounts.notice("contact_change_new");
      return { old, fresh: fresh.values["token"] ?? fresh.values["code"] ?? "", to: fresh.to };
    };
    const change = (accounts: TestAccounts, session: Session, value = "alice@new.example") =>
      requestContactChange(accounts, session, { field: "email", value });

    test.each(["the old one first", "the new one first"])(
      "an e-mail address changes when the old one and the new one have confirmed it: %s",
      async (order) => {
        const { accounts, session, token } = await signedIn(fresh);
        expect(codeOf(await change(accounts, session))).toBe("ok");
        const { old, fresh: proof, to } = await tokens(accounts);
        expect(to).toBe("alice@new.example");
        const [first, second] = order.startsWith("the old") ? [old, proof] : [proof, old];
        expect(await confirmContactChange(accounts, first)).toEqual({ ok: true, changed: false });
        expect(codeOf(await confirmContactChange(accounts, first))).toBe("token_invalid");
        expect(codeOf(await signInBy(accounts, PASSWORD))).toBe("ok");
        expect(await confirmContactChange(accounts, second)).toEqual({ ok: true, changed: true });
        expect(codeOf(await authenticate(accounts, token))).toBe("session_invalid");
        expect(codeOf(await signInBy(accounts, PASSWORD))).toBe("credentials_wrong");
        expect(codeOf(await signInBy(accounts, PASSWORD, "alice@new.example"))).toBe("ok");
        expect((await accounts.notice("contact_changed")).to).toBe(EMAIL);
        expect(await findSecurityHold(accounts, accounts.db, session.user)).toMatchObject({
          reason: "email_changed",
        });
      },
    );

    test("an address that somebody has is never another's, and the answer doesn't tell (GHSA-g38m)", async () => {
      const { accounts, session } = await signedIn(fresh);
      await accounts.register("bob@example.com");
      const answer = await change(accounts, session, "BOB@example.com");
      expect(codeOf(answer)).toBe("ok");
      const kinds = (await accounts.notices()).map(({ kind }) => kind);
      expect(kinds).not.toContain("contact_change_new");
      // Nor one that somebody gets in the meantime.
      await change(accounts, session, "carol@example.com");
      const { old, fresh: proof } = await tokens(accounts);
      await accounts.register("carol@example.com");
      await confirmContactChange(accounts, old);
      expect(codeOf(await confirmContactChange(accounts, proof))).toBe("token_invalid");
    });

    test("what is malformed, the same or asked for by an old session is refused", async () => {
      const { accounts, session } = await signedIn(fresh);
      expect(codeOf(await change(accounts, session, "nobody"))).toBe("email_malformed");
      expect(codeOf(await change(accounts, session, EMAIL))).toBe("contact_unchanged");
      const phone = { field: "phone", value: "123" } as const;
      expect(codeOf(await requestContactChange(accounts, session, phone))).toBe("phone_malformed");
      accounts.time.advance(11 * MINUTE);
      expect(codeOf(await change(accounts, session))).toBe("reauthentication_needed");
    });

    test("links end after a day, and with a newer change", async () => {
      const { accounts, session } = await signedIn(fresh);
      await change(accounts, session);
      const first = await tokens(accounts);
      await change(accounts, session, "alice@newer.example");
      expect(codeOf(await confirmContactChange(accounts, first.old))).toBe("token_invalid");
      const second = await tokens(accounts);
      accounts.time.advance(DAY);
      for (const token of [second.old, second.fresh, "", "pxm_x"]) {
        expect(codeOf(await confirmContactChange(accounts, token))).toBe("token_invalid");
      }
    });

    test("a phone number changes by its digits and the e-mail's link, in five attempts", async () => {
      const { accounts, session } = await signedIn(fresh);
      const ask = () =>
        requestContactChange(accounts, session, { field: "phone", value: "+43 664 1234567" });
      const spent = await ask();
      if (!spent.ok) throw new Error(spent.code);
      const wrong = (id: string) => confirmPhone(accounts, session, { id, code: "00000000" });
      for (let attempt = 0; attempt < 5; attempt++) {
        expect(codeOf(await wrong(spent.id))).toBe("token_invalid");
      }
      const right = async (id: string) =>
        confirmPhone(accounts, session, { id, code: (await tokens(accounts)).fresh });
      expect(codeOf(await right(spent.id))).toBe("token_invalid");
      const begun = await ask();
      if (!begun.ok) throw new Error(begun.code);
      expect((await tokens(accounts)).to).toBe("+436641234567");
      expect(await right(begun.id)).toEqual({ ok: true, changed: false });
      expect((await readProfile(accounts, session))?.phone).toBeUndefined();
      const { old } = await tokens(accounts);
      expect(await confirmContactChange(accounts, old)).toEqual({ ok: true, changed: true });
      const again = (await accounts.signIn()).session;
      expect((await readProfile(accounts, again))?.phone).toBe("+436641234567");
    });
  });

  describe(`an account frozen by its owner on ${name}`, () => {
    test("lets nobody in, and says so only to who has the password", async () => {
      const { accounts, session, token } = await signedIn(fresh);
      accounts.time.advance(20 * MINUTE);
      expect(codeOf(await freezeAccount(accounts, session))).toBe("ok");
      expect(codeOf(await authenticate(accounts, token))).toBe("session_invalid");
      expect(codeOf(await signInBy(accounts, PASSWORD))).toBe("account_frozen");
      expect(codeOf(await signInBy(accounts, "wrong"))).toBe("credentials_wrong");
      expect(codeOf(await freezeAccount(accounts, session))).toBe("session_invalid");
      await requestPasswordReset(accounts, { email: EMAIL, client });
      await expect(accounts.notice("password_reset")).rejects.toThrow("no notice");
    });

    test("is thawed by mailbox, password and second factor together", async () => {
      const { accounts, session } = await signedIn(fresh);
      const { secret, token: newer } = await enrolTotp(accounts, session);
      await freezeAccount(accounts, await accounts.session(newer));
      expect(await requestThaw(accounts, { email: "bob@example.com", client })).toEqual({
        ok: true,
      });
      await requestThaw(accounts, { email: EMAIL, client });
      const { token = "" } = (await accounts.notice("account_thaw")).values;
      const code = () => ({ kind: "totp", code: totpCode(secret, accounts.time.now) }) as const;
      const thaw = async (changes: Partial<Parameters<typeof thawAccount>[1]>) =>
        codeOf(
          await thawAccount(accounts, {
            token,
            password: PASSWORD,
            factor: code(),
            client,
            ...changes,
          }),
        );
      expect(await thaw({ token: "pxt_x" })).toBe("token_invalid");
      expect(await thaw({ password: "wrong" })).toBe("credentials_wrong");
      expect(await thaw({ factor: undefined })).toBe("factor_wrong");
      expect(await thaw({ factor: { kind: "totp", code: "000000" } })).toBe("factor_wrong");
      expect(await thaw({})).toBe("ok");
      accounts.time.advance(30_000);
      expect(await thaw({})).toBe("token_invalid");
      expect(codeOf(await finishWith(accounts, await challengeOf(accounts), code()))).toBe("ok");
    });
  });

  describe(`codes by e-mail or SMS on ${name}`, () => {
    const request = "withdraw 1.5 BTC to bc1q";

    test("are off unless the host turns them on", async () => {
      const { accounts, session } = await signedIn(fresh);
      const sent = await sendConfirmationCode(accounts, session, { request, channel: "email" });
      expect(codeOf(sent)).toBe("confirmation_codes_off");
      const tried = await confirmByCode(accounts, session, { id: "cnf_x", code: "1", request });
      expect(codeOf(tried)).toBe("confirmation_codes_off");
    });

    test("confirm one request, once, for ten minutes, in five attempts, and are no factor", async () => {
      const { accounts: off, session, token } = await signedIn(fresh);
      const accounts = off.with({ confirmationCodes: { on: true, validMs: 10 * MINUTE } });
      const send = async () => {
        const sent = await sendConfirmationCode(accounts, session, { request, channel: "email" });
        if (!sent.ok) throw new Error(sent.code);
        const { code = "" } = (await accounts.notice("confirmation_code")).values;
        return { id: sent.id, code, request };
      };
      const confirm = async (proof: { id: string; code: string; request: string }) =>
        codeOf(await confirmByCode(accounts, session, proof));
      const first = await send();
      expect(first.code).toMatch(/^\d{8}$/);
      expect(await confirm({ ...first, request: `${request}x` })).toBe("confirmation_wrong");
      expect(await confirm({ ...first, id: "\u0000" })).toBe("confirmation_wrong");
      expect(await confirmByCode(accounts, session, first)).toEqual({
        ok: true,
        method: "email_code",
      });
      expect(await confirm(first)).toBe("confirmation_wrong");
      accounts.time.advance(1);
      const spent = await send();
      for (let attempt = 0; attempt < 5; attempt++) await confirm({ ...spent, code: "00000000" });
      expect(await confirm(spent)).toBe("confirmation_wrong");
      accounts.time.advance(1);
      const late = await send();
      accounts.time.advance(10 * MINUTE);
      expect(await confirm(late)).toBe("confirmation_wrong");
      const sms = await sendConfirmationCode(accounts, session, { request, channel: "sms" });
      expect(codeOf(sms)).toBe("confirmation_channel_missing");
      // Who has the mailbox hasn't a factor: the session is what it was.
      expect(await accounts.session(token)).toMatchObject({ assurance: 1, methods: ["password"] });
    });
  });

  test(`what has expired is forgotten, and nothing else, on ${name}`, async () => {
    const { accounts, session } = await signedIn(fresh);
    await enrolTotp(accounts, session);
    await challengeOf(accounts);
    await resetToken(accounts);
    const none = Object.values(await forgetExpired(accounts)).reduce((sum, rows) => sum + rows, 0);
    expect(none).toBe(0);
    accounts.time.advance(30 * DAY);
    expect(await forgetExpired(accounts)).toMatchObject({
      identity_mail_token: 1,
      identity_sign_in_challenge: 1,
      identity_session: 1,
      identity_totp: 0,
    });
    expect(codeOf(await signInBy(accounts, PASSWORD))).toBe("ok");
  });
};
