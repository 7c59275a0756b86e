import { describe, expect, test } from "vitest";
import { findSecurityHold } from "../../security-holds/security-hold.ts";
import { authenticate } from "../../sessions/authenticate.ts";
import type { Session } from "../../sessions/session.ts";
import { passkeyForSignIn } from "../../sign-in/finish-sign-in.ts";
import { beginPasskeySignIn, signInWithPasskey } from "../../sign-in/passkey-sign-in.ts";
import { signInWithPassword } from "../../sign-in/password-sign-in.ts";
import { passkeyForSession, reauthenticate } from "../../sign-in/reauthentication.ts";
import { HOUR, MINUTE } from "../../testing/durations.ts";
import {
  challengeOf,
  enrolPasskey,
  enrolTotp,
  finishWith,
  totpCode,
} from "../../testing/factor-helpers.ts";
import type { FreshDatabase } from "../../testing/identity-databases.ts";
import { SoftwareAuthenticator } from "../../testing/software-authenticator.ts";
import {
  ADDRESS,
  codeOf,
  EMAIL,
  PASSWORD,
  type TestAccounts,
  testAccounts,
} from "../../testing/test-accounts.ts";
import {
  beginPasskeyEnrolment,
  confirmPasskeyEnrolment,
  listPasskeys,
  removePasskey,
} from "../passkeys.ts";
import { renewRecoveryCodes } from "../recovery-codes.ts";
import { beginTotpEnrolment, confirmTotpEnrolment, removeTotp } from "../totp-factor.ts";

const client = { address: ADDRESS };

const signedIn = async (
  fresh: FreshDatabase,
): Promise<{ accounts: TestAccounts; session: Session; token: string }> => {
  const accounts = await testAccounts(await fresh());
  await accounts.register();
  const { tokens, session } = await accounts.signIn();
  return { accounts, session, token: tokens.token };
};

const withTotp = async (fresh: FreshDatabase) => {
  const { accounts, session, token } = await signedIn(fresh);
  const totp = await enrolTotp(accounts, session);
  const code = () => ({ kind: "totp", code: totpCode(totp.secret, accounts.time.now) }) as const;
  return { accounts, session, oldToken: token, ...totp, code };
};

/** What second factors promise on every database. */
export const describeFactors = (name: string, fresh: FreshDatabase): void => {
  describe(`an authenticator app on ${name}`, () => {
    test("counts from its first right code, gives recovery codes, new tokens, and a notice", async () => {
      const { accounts, session, token } = await signedIn(fresh);
      const begun = await beginTotpEnrolment(accounts, session);
      if (!begun.ok) throw new Error(begun.code);
      // Pending: the password alone still signs in.
      expect((await accounts.signIn()).session.assurance).toBe(1);
      const confirm = (code: string) =>
        confirmTotpEnrolment(accounts, session, { id: begun.id, code });
      expect(codeOf(await confirm("000000"))).toBe("factor_wrong");
      const added = await confirm(totpCode(begun.secret, accounts.time.now));
      if (!added.ok) throw new Error(added.code);
      expect(new Set(added.recoveryCodes)).toHaveLength(10);
      expect(added.recoveryCodes?.[0]).toMatch(/^([0-9a-z]{4}-){5}[0-9a-z]{4}$/);
      expect(codeOf(await authenticate(accounts, token))).toBe("session_invalid");
      expect(await accounts.session(added.tokens.token)).toMatchObject({
        id: session.id,
        assurance: 2,
        methods: ["password", "totp"],
      });
      expect((await accounts.notice("factor_added")).values).toEqual({ factor: "totp" });
      expect(codeOf(await confirm(totpCode(begun.secret, accounts.time.now)))).toBe(
        "factor_pending_invalid",
      );
    });

    test("ends every other session, which had only a password", async () => {
      const { accounts, session } = await signedIn(fresh);
      const other = await accounts.signIn();
      await enrolTotp(accounts, session);
      expect(codeOf(await authenticate(accounts, other.tokens.token))).toBe("session_invalid");
    });

    test("is void unless confirmed in time, by its own user, with the newest secret", async () => {
      const { accounts, session } = await signedIn(fresh);
      const first = await beginTotpEnrolment(accounts, session);
      const second = await beginTotpEnrolment(accounts, session);
      if (!first.ok || !second.ok) throw new Error("not begun");
      const confirm = (by: Session, { id, secret }: { id: string; secret: string }) =>
        confirmTotpEnrolment(accounts, by, { id, code: totpCode(secret, accounts.time.now) });
      expect(codeOf(await confirm(session, first))).toBe("factor_pending_invalid");
      await accounts.register("mallory@example.com");
      const mallory = (await accounts.signIn({}, "browser", "mallory@example.com")).session;
      expect(codeOf(await confirm(mallory, second))).toBe("factor_pending_invalid");
      const slow = accounts.with({
        sessions: { ...accounts.settings.sessions, recentMs: HOUR },
      });
      accounts.time.advance(15 * MINUTE);
      const late = { id: second.id, code: totpCode(second.secret, accounts.time.now) };
      expect(codeOf(await confirmTotpEnrolment(slow, session, late))).toBe(
        "factor_pending_invalid",
      );
    });

    test("that is missing stops a sign-in, of which its user hears once: somebody knows the password", async () => {
      const { accounts } = await withTotp(fresh);
      const answer = await signInWithPassword(accounts, {
        email: EMAIL,
        password: PASSWORD,
        client: { ...client, name: "a stranger's browser" },
      });
      const challenge = answer.ok && answer.status === "factor_needed" ? answer.challenge : "";
      for (let times = 0; times < 3; times++) {
        expect(
          codeOf(await finishWith(accounts, challenge, { kind: "totp", code: "000000" })),
        ).toBe("factor_wrong");
      }
      const told = (await accounts.notices()).filter(
        ({ kind }) => kind === "sign_in_stopped_at_factor",
      );
      expect(told).toMatchObject([{ values: { address: client.address } }]);
    });

    test("is asked for after the password; a pending sign-in is no session (GHSA-xg6x-h9c9-2m83)", async () => {
      const { accounts, code } = await withTotp(fresh);
      const before = await accounts.db.selectFrom("identity_session").select("id").execute();
      const answer = await signInWithPassword(accounts, {
        email: EMAIL,
        password: PASSWORD,
        client,
      });
      expect(answer).toMatchObject({
        status: "factor_needed",
        factors: ["totp", "recovery_code"],
        expiresAt: accounts.time.now + 10 * MINUTE,
      });
      expect(Object.keys(answer)).not.toContain("tokens");
      expect(Object.keys(answer)).not.toContain("deviceToken");
      const challenge = answer.ok && answer.status === "factor_needed" ? answer.challenge : "";
      for (const token of [challenge, challenge.replace("pxc_", "pxs_")]) {
        expect(codeOf(await authenticate(accounts, token))).toBe("session_invalid");
      }
      expect(await accounts.db.selectFrom("identity_session").select("id").execute()).toEqual(
        before,
      );
      const finished = await finishWith(accounts, challenge, code());
      if (!finished.ok) throw new Error(finished.code);
      expect(await accounts.session(finished.tokens.token)).toMatchObject({
        assurance: 2,
        methods: ["password", "totp"],
      });
    });

    test("takes a code once, and none older than one it took", async () => {
      const { accounts, code } = await withTotp(fresh);
      const now = code();
      accounts.time.advance(30_000);
      const next = code();
      expect(codeOf(await finishWith(accounts, await challengeOf(accounts), next))).toBe("ok");
      for (const used of [next, now]) {
        const answer = await finishWith(accounts, await challengeOf(accounts), used);
        expect(codeOf(answer)).toBe("factor_wrong");
      }
      accounts.time.advance(30_000);
      expect(codeOf(await finishWith(accounts, await challengeOf(accounts), code()))).toBe("ok");
    });

    test("a code that enrolled it signs nobody in", async () => {
      const { accounts, session } = await signedIn(fresh);
      const { secret } = await enrolTotp(accounts, session);
      const code = totpCode(secret, accounts.time.now - 30_000);
      const answer = await finishWith(accounts, await challengeOf(accounts), {
        kind: "totp",
        code,
      });
      expect(codeOf(answer)).toBe("factor_wrong");
    });

    test("gives a sign-in five attempts, ten minutes and one success", async () => {
      const { accounts, code } = await withTotp(fresh);
      const wrong = { kind: "totp", code: "000000" } as const;
      const challenge = await challengeOf(accounts);
      for (let attempt = 0; attempt < 4; attempt++) {
        expect(codeOf(await finishWith(accounts, challenge, wrong))).toBe("factor_wrong");
      }
      expect(codeOf(await finishWith(accounts, challenge, code()))).toBe("ok");
      accounts.time.advance(30_000);
      expect(codeOf(await finishWith(accounts, challenge, code()))).toBe("challenge_invalid");
      const spent = await challengeOf(accounts);
      await accounts.db.updateTable("identity_sign_in_challenge").set({ attempts: 5 }).execute();
      expect(codeOf(await finishWith(accounts, spent, code()))).toBe("challenge_invalid");
      const late = await challengeOf(accounts);
      accounts.time.advance(10 * MINUTE);
      expect(codeOf(await finishWith(accounts, late, code()))).toBe("challenge_invalid");
    });

    test("slows down guesses across sign-ins, and not the owner's own device", async () => {
      const { accounts, code } = await withTotp(fresh);
      const owner = await finishWith(accounts, await challengeOf(accounts), code());
      if (!owner.ok) throw new Error(owner.code);
      const { deviceToken } = owner;
      accounts.time.advance(30_000);
      let last = "";
      for (let guess = 0; guess < 6; guess++) {
        const wrong = { kind: "totp", code: "000000" } as const;
        last = codeOf(await finishWith(accounts, await challengeOf(accounts), wrong));
      }
      expect(last).toBe("attempts_throttled");
      const known = await challengeOf(accounts, { deviceToken });
      expect(codeOf(await finishWith(accounts, known, code(), { deviceToken }))).toBe("ok");
    });

    test("is replaced by a newer one, and taken away only by whoever proved a moment ago who they are", async () => {
      const { accounts, token, secret } = await withTotp(fresh);
      const session = await accounts.session(token);
      const second = await enrolTotp(accounts, session);
      expect(second.recoveryCodes).toEqual([]);
      // Whoever replaces a factor gets no money out at once.
      expect(await findSecurityHold(accounts, accounts.db, session.user)).toMatchObject({
        reason: "factor_changed",
      });
      const old = { kind: "totp", code: totpCode(secret, accounts.time.now) } as const;
      expect(codeOf(await finishWith(accounts, await challengeOf(accounts), old))).toBe(
        "factor_wrong",
      );
      accounts.time.advance(11 * MINUTE);
      expect(codeOf(await removeTotp(accounts, session))).toBe("reauthentication_needed");
      const factor = { kind: "totp", code: totpCode(second.secret, accounts.time.now) } as const;
      const proof = { password: PASSWORD, factor, client };
      expect(codeOf(await reauthenticate(accounts, session, proof))).toBe("ok");
      expect(codeOf(await removeTotp(accounts, session))).toBe("ok");
      expect(codeOf(await removeTotp(accounts, session))).toBe("factor_unknown");
      expect((await accounts.signIn()).session.assurance).toBe(1);
      expect(await findSecurityHold(accounts, accounts.db, session.user)).toMatchObject({
        reason: "factor_changed",
      });
    });

    test("its secret is sealed", async () => {
      const { accounts, secret } = await withTotp(fresh);
      const row = await accounts.db
        .selectFrom("identity_totp")
        .select("secret")
        .executeTakeFirstOrThrow();
      expect(Buffer.from(row.secret).toString("latin1")).not.toContain(secret);
    });
  });

  describe(`recovery codes on ${name}`, () => {
    test("stand in for a lost factor once each, tell the user and hold withdrawals", async () => {
      const { accounts, session, recoveryCodes } = await withTotp(fresh);
      const [first = "", second = ""] = recoveryCodes;
      const typed = first
        .toUpperCase()
        .replaceAll("-", " ")
        .replaceAll("0", "O")
        .replaceAll("1", "l");
      const use = async (code: string) =>
        finishWith(accounts, await challengeOf(accounts), { kind: "recovery_code", code });
      expect(await use(typed)).toMatchObject({
        ok: true,
        session: { assurance: 2, methods: ["password", "recovery_code"] },
      });
      expect(codeOf(await use(first))).toBe("factor_wrong");
      expect(codeOf(await use(second))).toBe("ok");
      for (const wrong of ["", "x", first.slice(1), "u".repeat(24), "0".repeat(1_000_000)]) {
        accounts.time.advance(HOUR);
        expect(codeOf(await use(wrong))).toBe("factor_wrong");
      }
      expect((await accounts.notice("recovery_code_used")).values).toEqual({ left: "8" });
      expect(await findSecurityHold(accounts, accounts.db, session.user)).toMatchObject({
        reason: "recovery_code_used",
      });
    });

    test("are void once there are new ones, and nobody else's", async () => {
      const { accounts, token, recoveryCodes } = await withTotp(fresh);
      const session = await accounts.session(token);
      const renewed = await renewRecoveryCodes(accounts, session);
      if (!renewed.ok) throw new Error(renewed.code);
      const use = async (code = "") =>
        codeOf(
          await finishWith(accounts, await challengeOf(accounts), { kind: "recovery_code", code }),
        );
      expect(await use(recoveryCodes[0])).toBe("factor_wrong");
      await accounts.register("mallory@example.com");
      const mallory = (await accounts.signIn({}, "browser", "mallory@example.com")).session;
      const others = await enrolTotp(accounts, mallory);
      expect(await use(others.recoveryCodes[0])).toBe("factor_wrong");
      expect(await use(renewed.codes[0])).toBe("ok");
    });

    test("are for those who have a factor", async () => {
      const { accounts, session } = await signedIn(fresh);
      expect(codeOf(await renewRecoveryCodes(accounts, session))).toBe("factor_unknown");
    });
  });

  describe(`a passkey on ${name}`, () => {
    test("is a second factor after the password", async () => {
      const { accounts, session } = await signedIn(fresh);
      const { authenticator, token } = await enrolPasskey(accounts, session);
      expect((await accounts.session(token)).methods).toEqual(["password", "passkey"]);
      const challenge = await challengeOf(accounts);
      const asked = await passkeyForSignIn(accounts, challenge);
      if (!asked.ok) throw new Error(asked.code);
      expect(asked.options.allowCredentials).toMatchObject([{ id: authenticator.id }]);
      const response = authenticator.get(asked.options);
      expect(await finishWith(accounts, challenge, { kind: "passkey", response })).toMatchObject({
        ok: true,
        session: { assurance: 2, methods: ["password", "passkey"] },
      });
      // Not even with another sign-in: what was signed was for this one.
      const again = await finishWith(accounts, await challengeOf(accounts), {
        kind: "passkey",
        response,
      });
      expect(codeOf(again)).toBe("factor_wrong");
    });

    test("signs in alone, and is two factors", async () => {
      const { accounts, session } = await signedIn(fresh);
      const { authenticator } = await enrolPasskey(accounts, session);
      const response = authenticator.get(await beginPasskeySignIn(accounts));
      const answer = await signInWithPasskey(accounts, { response, client });
      expect(answer).toMatchObject({
        ok: true,
        session: { user: session.user, assurance: 2, methods: ["passkey"] },
      });
      expect(codeOf(await signInWithPasskey(accounts, { response, client }))).toBe("factor_wrong");
    });

    test.each([
      ["another origin", { origin: "https://evil.example" }],
      ["another relying party", { relyingParty: "evil.example" }],
      ["a challenge that isn't ours", { challenge: "AAAA" }],
      ["no PIN or fingerprint", { unverified: true }],
    ])("with %s is refused, at enrolment and at sign-in", async (_, wrong) => {
      const { accounts, session } = await signedIn(fresh);
      const begun = await beginPasskeyEnrolment(accounts, session);
      if (!begun.ok) throw new Error(begun.code);
      const bad = new SoftwareAuthenticator().create(begun.options, wrong);
      const enrolled = await confirmPasskeyEnrolment(accounts, session, {
        response: bad,
        name: "x",
      });
      expect(codeOf(enrolled)).toBe("factor_pending_invalid");
      const { authenticator } = await enrolPasskey(accounts, session);
      const response = authenticator.get(await beginPasskeySignIn(accounts), wrong);
      expect(codeOf(await signInWithPasskey(accounts, { response, client }))).toBe("factor_wrong");
    });

    test("whose counter falls behind is a copy, and is refused (a cloned authenticator)", async () => {
      const { accounts, session } = await signedIn(fresh);
      const { authenticator } = await enrolPasskey(accounts, session);
      const use = async (counter: number) => {
        const response = authenticator.get(await beginPasskeySignIn(accounts), { counter });
        return codeOf(await signInWithPasskey(accounts, { response, client }));
      };
      expect(await use(5)).toBe("ok");
      expect(await use(5)).toBe("factor_wrong");
      expect(await use(4)).toBe("factor_wrong");
      expect(await use(0)).toBe("factor_wrong");
      expect(await use(6)).toBe("ok");
    });

    test("is enrolled once, for the user of the session that asked, whoever sends the answer (GHSA-g38m)", async () => {
      const { accounts, session } = await signedIn(fresh);
      await accounts.register("mallory@example.com");
      const mallory = (await accounts.signIn({}, "browser", "mallory@example.com")).session;
      const begun = await beginPasskeyEnrolment(accounts, session);
      if (!begun.ok) throw new Error(begun.code);
      const authenticator = new SoftwareAuthenticator();
      const response = authenticator.create(begun.options);
      const confirm = (by: Session) =>
        confirmPasskeyEnrolment(accounts, by, { response, name: "key" });
      expect(codeOf(await confirm(mallory))).toBe("factor_pending_invalid");
      // Her attempt has used the challenge of nobody.
      expect(codeOf(await confirm(session))).toBe("ok");
      expect(codeOf(await confirm(session))).toBe("factor_pending_invalid");
      // The same passkey is nobody else's.
      const hers = await beginPasskeyEnrolment(accounts, mallory);
      if (!hers.ok) throw new Error(hers.code);
      const twice = { response: authenticator.create(hers.options), name: "key" };
      expect(codeOf(await confirmPasskeyEnrolment(accounts, mallory, twice))).toBe(
        "factor_pending_invalid",
      );
    });

    test("is taken away by its owner and by nobody else (GHSA-4vcf)", async () => {
      const { accounts, session } = await signedIn(fresh);
      const { authenticator, token } = await enrolPasskey(accounts, session, "my laptop");
      await accounts.register("mallory@example.com");
      const mallory = (await accounts.signIn({}, "browser", "mallory@example.com")).session;
      expect(codeOf(await removePasskey(accounts, mallory, authenticator.id))).toBe(
        "factor_unknown",
      );
      const own = await accounts.session(token);
      expect(await listPasskeys(accounts, own)).toMatchObject([
        { id: authenticator.id, name: "my laptop", lastUsedAt: undefined },
      ]);
      expect(await listPasskeys(accounts, mallory)).toEqual([]);
      expect(codeOf(await removePasskey(accounts, own, authenticator.id))).toBe("ok");
      const response = authenticator.get(await beginPasskeySignIn(accounts));
      expect(codeOf(await signInWithPasskey(accounts, { response, client }))).toBe("factor_wrong");
    });

    test("of somebody else proves nothing, neither in a sign-in nor in a session", async () => {
      const { accounts, session } = await signedIn(fresh);
      const { token } = await enrolPasskey(accounts, session);
      await accounts.register("mallory@example.com");
      const mallory = (await accounts.signIn({}, "browser", "mallory@example.com")).session;
      const hers = await enrolPasskey(accounts, mallory);
      const challenge = await challengeOf(accounts);
      const asked = await passkeyForSignIn(accounts, challenge);
      if (!asked.ok) throw new Error(asked.code);
      const response = hers.authenticator.get(asked.options);
      expect(codeOf(await finishWith(accounts, challenge, { kind: "passkey", response }))).toBe(
        "factor_wrong",
      );
      const own = await accounts.session(token);
      const forSession = await passkeyForSession(accounts, own);
      if (!forSession.ok) throw new Error(forSession.code);
      const factor = {
        kind: "passkey",
        response: hers.authenticator.get(forSession.options),
      } as const;
      expect(codeOf(await reauthenticate(accounts, own, { factor, client }))).toBe("factor_wrong");
    });

    test("proves again, alone, who acts in a session", async () => {
      const { accounts, session } = await signedIn(fresh);
      const { authenticator, token } = await enrolPasskey(accounts, session);
      accounts.time.advance(20 * MINUTE);
      const own = await accounts.session(token);
      expect(codeOf(await removeTotp(accounts, own))).toBe("reauthentication_needed");
      const asked = await passkeyForSession(accounts, own);
      if (!asked.ok) throw new Error(asked.code);
      const factor = { kind: "passkey", response: authenticator.get(asked.options) } as const;
      const answer = await reauthenticate(accounts, own, { factor, client });
      if (!answer.ok) throw new Error(answer.code);
      expect((await accounts.session(answer.tokens.token)).authenticatedAt).toBe(accounts.time.now);
      expect(codeOf(await authenticate(accounts, token))).toBe("session_invalid");
    });

    test("responses that are no responses are refused and throw nothing", async () => {
      const { accounts, session } = await signedIn(fresh);
      await enrolPasskey(accounts, session);
      for (const response of [{}, { id: 1 }, { id: "x", response: {} }, { id: "\u0000" }]) {
        const sent = { response: response as never, client };
        expect(codeOf(await signInWithPasskey(accounts, sent))).toBe("factor_wrong");
      }
    });
  });

  describe(`proving again who acts on ${name}`, () => {
    test("asks for all that a sign-in asks for", async () => {
      const { accounts, token, code } = await withTotp(fresh);
      const session = await accounts.session(token);
      const prove = async (proof: Partial<Parameters<typeof reauthenticate>[2]>) =>
        codeOf(await reauthenticate(accounts, session, { client, ...proof }));
      expect(await prove({})).toBe("credentials_wrong");
      expect(await prove({ factor: code() })).toBe("credentials_wrong");
      expect(await prove({ password: "wrong", factor: code() })).toBe("credentials_wrong");
      expect(await prove({ password: PASSWORD })).toBe("factor_wrong");
      const wrong = { kind: "totp", code: "000000" } as const;
      expect(await prove({ password: PASSWORD, factor: wrong })).toBe("factor_wrong");
      expect(await prove({ password: PASSWORD, factor: code() })).toBe("ok");
    });
  });
};
