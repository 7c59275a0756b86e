import type { Server } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AddressCheck } from "../../address-book/address-entry.ts";
import { enrolPasskey, enrolTotp, totpCode } from "../../testing/factor-helpers.ts";
import type { FreshDatabase } from "../../testing/identity-databases.ts";
import { EMAIL, PASSWORD, type TestAccounts, testAccounts } from "../../testing/test-accounts.ts";
import { addressBookRoutes } from "../address-book-routes.ts";
import { SESSION_COOKIE } from "../cookies.ts";
import { ownDataRoutes } from "../own-data-routes.ts";
import { IdentityClient, serveIdentity } from "./identity-client.ts";

const addresses: AddressCheck = {
  async check(destination) {
    const isOne = destination.address.startsWith("bc1q");
    return isOne ? { ok: true, destination } : { ok: false, code: "address_malformed" };
  },
};

const COLD = {
  network: "bitcoin",
  address: "bc1qcold",
  memo: "",
  label: "cold",
  beneficiary: { kind: "self" },
};

const OTHER_EMAIL = "eve@example.com";

const HOUR = 3_600_000;

/** The address book and one's own data over HTTP. */
export const describeOwnRoutes = (name: string, fresh: FreshDatabase): void => {
  describe(`address book and one's own data over HTTP, on ${name}`, () => {
    let accounts: TestAccounts;
    let server: Server;
    let origin: string;
    let hasMoney = false;
    const errors: unknown[] = [];
    beforeEach(async () => {
      hasMoney = false;
      accounts = await testAccounts(await fresh());
      const judge = async () =>
        hasMoney
          ? ({ ok: false, code: "balance_left", rule: "Money is withdrawn first." } as const)
          : ({ ok: true } as const);
      ({ origin, server } = await serveIdentity(accounts, {
        routes: [
          ...addressBookRoutes({ addresses, coolingOff: () => 24 * HOUR }),
          ...ownDataRoutes({ judge }),
        ],
        onError: (error) => errors.push(error),
      }));
      await accounts.register(EMAIL);
      await accounts.register(OTHER_EMAIL);
    });
    afterEach(() => {
      server.close();
      expect(errors.splice(0)).toEqual([]);
    });

    const withToken = (token: string): IdentityClient => {
      const browser = new IdentityClient(origin);
      browser.cookies.set(SESSION_COOKIE, token);
      return browser;
    };
    /** Somebody with an authenticator app, and its next code. */
    const somebody = async (email = EMAIL) => {
      const { tokens } = await accounts.signIn({}, "browser", email);
      const { secret, token } = await enrolTotp(accounts, await accounts.session(tokens.token));
      const factor = () => {
        accounts.time.advance(30_000);
        return { kind: "totp", code: totpCode(secret, accounts.time.now) };
      };
      return { browser: withToken(token), factor };
    };
    const listed = async (browser: IdentityClient) =>
      (await browser.get("addresses")).json.addresses;

    test("an address is added by a factor, confirmed by mail, cools off, and is removed", async () => {
      const { browser, factor } = await somebody();
      const added = await browser.post("addresses", { ...COLD, factor: factor() });
      expect(added.status).toBe(201);
      expect(await listed(browser)).toMatchObject([{ ...COLD, status: "pending_confirm" }]);
      const { token } = (await accounts.notice("address_confirmation")).values;
      const confirmed = await new IdentityClient(origin).post("addresses/confirm", { token });
      expect(confirmed.json).toEqual({
        id: added.json.id,
        coolingUntil: accounts.time.now + 24 * HOUR,
      });
      expect((await browser.post("addresses/confirm", { token })).json.code).toBe(
        "confirmation_unknown",
      );
      expect(await listed(browser)).toMatchObject([
        { status: "cooling", coolingUntil: confirmed.json.coolingUntil },
      ]);
      expect((await browser.delete(`addresses/${added.json.id}`)).status).toBe(200);
      expect(await listed(browser)).toEqual([]);
    });

    test("an address is confirmed by a passkey that signed this very address", async () => {
      const { tokens } = await accounts.signIn();
      const { authenticator, token } = await enrolPasskey(
        accounts,
        await accounts.session(tokens.token),
      );
      const browser = withToken(token);
      const { options } = (await browser.post("addresses/passkey", COLD)).json;
      const other = {
        ...COLD,
        address: "bc1qthief",
        factor: { kind: "passkey", response: authenticator.get(options) },
      };
      expect((await browser.post("addresses", other)).json.code).toBe("factor_wrong");
      const again = (await browser.post("addresses/passkey", COLD)).json.options;
      const factor = { kind: "passkey", response: authenticator.get(again) };
      expect((await browser.post("addresses", { ...COLD, factor })).status).toBe(201);
    });

    test("nobody sees, removes or names somebody else's address (IDOR)", async () => {
      const alice = await somebody();
      const eve = await somebody(OTHER_EMAIL);
      const { id } = (await alice.browser.post("addresses", { ...COLD, factor: alice.factor() }))
        .json;
      expect(await listed(eve.browser)).toEqual([]);
      expect(await eve.browser.delete(`addresses/${id}`)).toMatchObject({
        status: 404,
        json: { code: "address_unknown" },
      });
      const named = { ...COLD, user: "usr_alice", factor: eve.factor() };
      expect((await eve.browser.post("addresses", named)).json.code).toBe("body_malformed");
      expect(await listed(alice.browser)).toHaveLength(1);
    });

    test("an address is refused without the right factor, in another form, from another site, or when it is none", async () => {
      const { browser, factor } = await somebody();
      const wrong = { ...COLD, factor: { kind: "totp", code: "000000" } };
      expect((await browser.post("addresses", wrong)).json.code).toBe("factor_wrong");
      expect((await browser.post("addresses", COLD)).json).toMatchObject({
        code: "body_malformed",
        field: "factor",
      });
      const body = JSON.stringify({ ...COLD, factor: factor() });
      const form = { "content-type": "text/plain" };
      expect((await browser.send("POST", "addresses", body, form)).status).toBe(415);
      const foreign = { "content-type": "application/json", "sec-fetch-site": "same-site" };
      expect((await browser.send("POST", "addresses", body, foreign)).status).toBe(403);
      const none = { ...COLD, address: "nowhere", factor: factor() };
      expect((await browser.post("addresses", none)).json).toMatchObject({
        code: "address_malformed",
        field: "address",
      });
      expect(await listed(browser)).toEqual([]);
    });

    const exportOf = async (browser: IdentityClient) => {
      const cookie = `${SESSION_COOKIE}=${browser.cookies.get(SESSION_COOKIE)}`;
      const response = await fetch(`${origin}/identity/export`, { headers: { cookie } });
      return { type: response.headers.get("content-type"), text: await response.text() };
    };

    test("all that is known of oneself is a file, of nobody else, soon after a sign-in", async () => {
      const { browser } = await somebody();
      const { type, text } = await exportOf(browser);
      expect(type).toBe("application/x-ndjson");
      expect(text).toContain(EMAIL);
      expect(text).not.toContain(OTHER_EMAIL);
      expect(JSON.parse(text.trim().split("\n").at(-1) ?? "")).toMatchObject({ end: true });
      expect(await accounts.audited("user.exported")).toBe(1);
      accounts.time.advance(11 * 60_000);
      expect((await browser.get("export")).json.code).toBe("reauthentication_needed");
      expect((await new IdentityClient(origin).get("export")).status).toBe(401);
    });

    test("an erasure asks for the factor and the host's word, and then nobody signs in any more", async () => {
      const { browser, factor } = await somebody();
      expect((await browser.post("erasure")).json.code).toBe("factor_wrong");
      hasMoney = true;
      expect((await browser.post("erasure", { factor: factor() })).json.code).toBe("balance_left");
      hasMoney = false;
      const wrong = { factor: { kind: "totp", code: "000000" } };
      expect((await browser.post("erasure", wrong)).json.code).toBe("factor_wrong");
      expect((await browser.get("me")).status).toBe(200);
      const erased = await browser.post("erasure", { factor: factor() });
      expect(erased.json.tables).toContainEqual(
        expect.objectContaining({ table: "identity_session", outcome: "erased" }),
      );
      expect(browser.cookies.has(SESSION_COOKIE)).toBe(false);
      const signIn = { email: EMAIL, password: PASSWORD };
      expect((await browser.post("sign-in", signIn)).json.code).toBe("credentials_wrong");
      const other = { email: OTHER_EMAIL, password: PASSWORD };
      expect((await browser.post("sign-in", other)).status).toBe(200);
    });

    test("who has no factor is erased soon after a sign-in, and not later", async () => {
      const browser = withToken((await accounts.signIn()).tokens.token);
      accounts.time.advance(11 * 60_000);
      expect((await browser.post("erasure")).json.code).toBe("reauthentication_needed");
      expect((await browser.post("reauthenticate", { password: PASSWORD })).status).toBe(200);
      const body = { factor: { kind: "totp", code: "1" }, user: "usr_other" };
      expect((await browser.post("erasure", body)).json.code).toBe("body_malformed");
      expect((await browser.post("erasure")).status).toBe(200);
    });

    test("a frozen account is thawed by a passkey, which signs nothing but the thaw", async () => {
      const { tokens } = await accounts.signIn();
      const { authenticator, token } = await enrolPasskey(
        accounts,
        await accounts.session(tokens.token),
      );
      const browser = withToken(token);
      const elsewhere = (await browser.post("addresses/passkey", COLD)).json.options;
      expect((await browser.post("freeze")).status).toBe(200);
      await browser.post("thaw", { email: EMAIL });
      const link = (await accounts.notice("account_thaw")).values["token"];
      const thaw = { token: link, password: PASSWORD };
      expect((await browser.post("thaw/complete", thaw)).json.code).toBe("factor_wrong");
      const wrong = { kind: "passkey", response: authenticator.get(elsewhere) };
      expect((await browser.post("thaw/complete", { ...thaw, factor: wrong })).json.code).toBe(
        "factor_wrong",
      );
      expect((await browser.post("thaw/passkey", { token: "nothing" })).json.code).toBe(
        "token_invalid",
      );
      const { options } = (await browser.post("thaw/passkey", { token: link })).json;
      const factor = { kind: "passkey", response: authenticator.get(options) };
      expect((await browser.post("thaw/complete", { ...thaw, factor })).status).toBe(200);
      const signIn = { email: EMAIL, password: PASSWORD };
      expect((await browser.post("sign-in", signIn)).json.status).toBe("factor_needed");
    });
  });
};
