import type { Server } from "node:http";
import { generateSync } from "otplib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { FreshDatabase } from "../../testing/identity-databases.ts";
import {
  EMAIL,
  OTHER_PASSWORD,
  PASSWORD,
  type TestAccounts,
  testAccounts,
} from "../../testing/test-accounts.ts";
import { DEVICE_COOKIE, SESSION_COOKIE } from "../cookies.ts";
import { IdentityClient, serveIdentity } from "./identity-client.ts";

/** What accounts over HTTP promise on every database. */
export const describeHttp = (name: string, fresh: FreshDatabase): void => {
  describe(`accounts over HTTP, on ${name}`, () => {
    let accounts: TestAccounts;
    let server: Server;
    let origin: string;
    let browser: IdentityClient;
    const errors: unknown[] = [];
    beforeEach(async () => {
      accounts = await testAccounts(await fresh());
      ({ origin, server } = await serveIdentity(accounts, {
        onError: (error) => errors.push(error),
      }));
      browser = new IdentityClient(origin);
    });
    afterEach(() => {
      server.close();
      expect(errors.splice(0)).toEqual([]);
    });

    const signUp = async (email = EMAIL): Promise<void> => {
      expect((await browser.post("register", { email })).status).toBe(202);
      const { token } = (await accounts.notice("email_verification")).values;
      const completed = await browser.post("register/complete", { token, password: PASSWORD });
      expect(completed.status).toBe(200);
    };
    const signIn = (password = PASSWORD, from = browser) =>
      from.post("sign-in", { email: EMAIL, password });
    const codeOf = (secret: string): string =>
      generateSync({ secret, epoch: accounts.time.now / 1_000 });

    test("somebody signs up by the link of an e-mail, signs in, is known, and signs out", async () => {
      await signUp();
      expect((await browser.get("me")).json).toMatchObject({
        status: 401,
        code: "session_invalid",
      });
      const signedIn = await signIn();
      expect(signedIn.json).toEqual({ status: "signed_in" });
      const me = await browser.get("me");
      expect(me.json).toMatchObject({ email: EMAIL, factors: [], securityHoldUntil: null });
      expect((await browser.post("profile", { displayName: "Ada" })).status).toBe(200);
      expect((await browser.get("me")).json.displayName).toBe("Ada");
      const token = browser.cookies.get(SESSION_COOKIE) ?? "";
      expect((await browser.post("sign-out")).status).toBe(200);
      expect(browser.cookies.has(SESSION_COOKIE)).toBe(false);
      // Whoever kept the cookie has nothing.
      browser.cookies.set(SESSION_COOKIE, token);
      expect((await browser.get("me")).status).toBe(401);
    });

    test("cookies are for this host over https alone, and no script reads them", async () => {
      await signUp();
      const { cookies } = await signIn();
      expect(cookies).toHaveLength(2);
      for (const line of cookies) {
        expect(line).toMatch(
          /^__Host-pincex-(session|device)=[\w-]+; Path=\/; Secure; HttpOnly; SameSite=Lax/,
        );
      }
      expect(cookies.find((line) => line.startsWith(SESSION_COOKIE))).not.toContain("Max-Age");
      expect(cookies.find((line) => line.startsWith(DEVICE_COOKIE))).toContain("Max-Age=34560000");
      // The next sign-in of this device makes it no new one.
      expect((await signIn()).cookies).toHaveLength(1);
    });

    test("one answer of a sign-in sets one session cookie, and none before the second factor (GHSA-xg6x-h9c9-2m83)", async () => {
      await signUp();
      await signIn();
      const { secret, id } = (await browser.post("totp")).json;
      const confirmed = await browser.post("totp/confirm", { id, code: codeOf(secret) });
      expect(confirmed.json.recoveryCodes).toHaveLength(10);
      const other = new IdentityClient(origin);
      accounts.time.advance(60_000);
      const asked = await signIn(PASSWORD, other);
      expect(asked.json).toMatchObject({
        status: "factor_needed",
        factors: ["totp", "recovery_code"],
      });
      expect(asked.cookies).toEqual([]);
      expect((await other.get("me")).status).toBe(401);
      const { challenge } = asked.json;
      const wrong = await other.post("sign-in/factor", {
        challenge,
        factor: { kind: "totp", code: "000000" },
      });
      expect(wrong).toMatchObject({ status: 401, json: { code: "factor_wrong" }, cookies: [] });
      const right = await other.post("sign-in/factor", {
        challenge,
        factor: { kind: "totp", code: codeOf(secret) },
      });
      expect(right.json).toEqual({ status: "signed_in" });
      expect(right.cookies.filter((line) => line.startsWith(SESSION_COOKIE))).toHaveLength(1);
      expect((await other.get("me")).json.session).toMatchObject({
        methods: ["password", "totp"],
        assurance: 2,
      });
    });

    test("what protects the account asks for a proof that is recent, and tells by what", async () => {
      await signUp();
      await signIn();
      accounts.time.advance(11 * 60_000);
      const refused = await browser.post("totp");
      expect(refused).toMatchObject({
        status: 403,
        json: { code: "reauthentication_needed", factors: [] },
      });
      expect(await browser.post("reauthenticate", { password: OTHER_PASSWORD })).toMatchObject({
        status: 401,
        json: { code: "credentials_wrong" },
      });
      const before = browser.cookies.get(SESSION_COOKIE);
      expect((await browser.post("reauthenticate", { password: PASSWORD })).status).toBe(200);
      expect(browser.cookies.get(SESSION_COOKIE)).not.toBe(before);
      expect((await browser.post("totp")).status).toBe(200);
    });

    test("sessions are listed and ended, one's own alone", async () => {
      await signUp();
      await signIn();
      const [phone, stranger] = [new IdentityClient(origin), new IdentityClient(origin)];
      await signIn(PASSWORD, phone);
      const { sessions } = (await browser.get("sessions")).json;
      expect(sessions.map(({ current }: { current: boolean }) => current).sort()).toEqual([
        false,
        true,
      ]);
      const other = sessions.find(({ current }: { current: boolean }) => !current).id;
      expect((await stranger.delete(`sessions/${other}`)).status).toBe(401);
      expect((await browser.delete(`sessions/${other}`)).status).toBe(200);
      expect((await phone.get("me")).status).toBe(401);
      expect((await browser.delete(`sessions/${other}`)).json.code).toBe("session_unknown");
      await signIn(PASSWORD, phone);
      expect((await browser.delete("sessions")).json).toEqual({ ended: 1 });
      expect((await phone.get("me")).status).toBe(401);
      expect((await browser.get("me")).status).toBe(200);
    });

    test("a password is changed, and reset by a mail; an account is frozen and thawed", async () => {
      await signUp();
      await signIn();
      expect((await browser.post("password", { password: OTHER_PASSWORD })).status).toBe(200);
      expect((await signIn(OTHER_PASSWORD)).status).toBe(200);
      expect((await browser.post("password-reset", { email: EMAIL })).status).toBe(202);
      const reset = (await accounts.notice("password_reset")).values["token"];
      const again = { token: reset, password: PASSWORD };
      expect((await browser.post("password-reset/complete", again)).status).toBe(200);
      expect((await browser.post("password-reset/complete", again)).json.code).toBe(
        "token_invalid",
      );
      expect((await browser.get("me")).status).toBe(401);
      await signIn();
      expect((await browser.post("freeze")).status).toBe(200);
      expect(await signIn()).toMatchObject({ status: 403, json: { code: "account_frozen" } });
      expect((await browser.post("thaw", { email: EMAIL })).status).toBe(202);
      const { token } = (await accounts.notice("account_thaw")).values;
      const thawed = await browser.post("thaw/complete", { token, password: PASSWORD });
      expect(thawed.status).toBe(200);
      expect((await signIn()).status).toBe(200);
    });

    test("an address changes when the old and the new one have confirmed it", async () => {
      await signUp();
      await signIn();
      expect((await browser.post("email", { email: "ada@new.example" })).status).toBe(202);
      const notices = await accounts.notices();
      const tokens = ["contact_change_old", "contact_change_new"].map(
        (kind) => notices.find((notice) => notice.kind === kind)?.values["token"],
      );
      expect((await browser.post("contact", { token: tokens[0] })).json).toEqual({
        changed: false,
      });
      expect((await browser.post("contact", { token: tokens[1] })).json).toEqual({ changed: true });
      const credentials = { email: "ada@new.example", password: PASSWORD };
      expect((await browser.post("sign-in", credentials)).status).toBe(200);
    });

    test("keys and the phrase of one's mails are confirmed by a second factor", async () => {
      await signUp();
      await signIn();
      const wish = { label: "bot", permissions: ["trade"], networks: [] };
      const { secret, id } = (await browser.post("totp")).json;
      await browser.post("totp/confirm", { id, code: codeOf(secret) });
      const proof = () => {
        accounts.time.advance(30_000);
        return { kind: "totp", code: codeOf(secret) };
      };
      const made = await browser.post("api-keys", { ...wish, factor: proof() });
      expect(made).toMatchObject({ status: 201, json: { secret: expect.any(String) } });
      const { apiKeys } = (await browser.get("api-keys")).json;
      expect(apiKeys).toMatchObject([{ apiKey: made.json.apiKey, label: "bot", kind: "hmac" }]);
      expect((await browser.delete(`api-keys/${made.json.apiKey}`)).status).toBe(200);
      expect((await browser.get("api-keys")).json).toEqual({ apiKeys: [] });
      const wrong = { ...wish, factor: { kind: "totp", code: "000000" } };
      expect(await browser.post("api-keys", wrong)).toMatchObject({
        json: { code: "factor_wrong" },
      });
      const phrase = { phrase: "seven green herons", factor: proof() };
      expect((await browser.post("anti-phishing-phrase", phrase)).status).toBe(200);
      expect((await browser.get("me")).json.hasPhrase).toBe(true);
    });

    test.each([
      ["another site", { "sec-fetch-site": "cross-site" }],
      ["another host of this site", { "sec-fetch-site": "same-site" }],
      ["another origin, in an old browser", { origin: "https://elsewhere.example" }],
      ["an origin that hides itself", { origin: "null" }],
    ])("a change that %s asks for is refused (cross-site request forgery)", async (_, headers) => {
      await signUp();
      await signIn();
      const body = JSON.stringify({ displayName: "Eve" });
      const json = { "content-type": "application/json" };
      const forged = await browser.send("POST", "profile", body, { ...json, ...headers });
      expect(forged).toMatchObject({ status: 403, json: { code: "origin_foreign" } });
      expect((await browser.send("DELETE", "sessions", "", headers)).status).toBe(403);
      expect((await browser.get("me")).json.displayName).toBe(null);
    });

    test.each([
      ["a form", "text/plain", '{"email":"a@b.example"}', 415, "content_type_not_json", null],
      ["half of JSON", "application/json", '{"email":', 400, "body_not_json", null],
      ["no UTF-8", "application/json", "\xff", 400, "body_malformed", null],
      ["an array", "application/json", "[]", 400, "body_malformed", null],
      ["a number", "application/json", '{"email":1}', 400, "body_malformed", "email"],
      ["too much", "application/json", `"${"x".repeat(70_000)}"`, 413, "body_too_large", null],
      [
        "somebody else's id (CVE-2025-61928)",
        "application/json",
        '{"email":"a@b.example","user":"usr_1"}',
        400,
        "body_malformed",
        null,
      ],
    ])("%s is refused with a code and the field", async (_, type, body, status, code, field) => {
      const given = body === "\xff" ? '"\\ud800"' : body;
      const refused = await browser.send("POST", "register", given, { "content-type": type });
      expect(refused).toMatchObject({ status, json: { status, code, field } });
      expect(JSON.stringify(refused.json)).not.toContain("a@b.example");
    });

    test("an address that is none has nothing, whatever the method", async () => {
      for (const [method, path] of [
        ["GET", "nothing"],
        ["GET", "sign-in"],
        ["PUT", "me"],
        ["DELETE", "sessions/a%2fb"],
        ["GET", ""],
      ] as const) {
        expect((await browser.send(method, path)).json).toMatchObject({
          status: 404,
          code: "route_unknown",
        });
      }
    });

    test("wrong attempts have to wait, and the answer says until when", async () => {
      await signUp();
      const answers = [];
      for (let times = 0; times < 8; times++) answers.push(await signIn(OTHER_PASSWORD));
      const throttled = answers.find(({ status }) => status === 429);
      expect(throttled?.json).toMatchObject({ code: "attempts_throttled" });
      expect(throttled?.json.retryAt).toBeGreaterThan(accounts.time.now);
    });

    test("nothing of it is kept by a browser or a proxy, or read as anything but JSON", async () => {
      const response = await fetch(`${origin}/identity/me`);
      expect(response.headers.get("cache-control")).toBe("no-store");
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
      expect(response.headers.get("content-type")).toBe("application/problem+json");
      expect(response.headers.get("access-control-allow-origin")).toBe(null);
    });
  });
};
