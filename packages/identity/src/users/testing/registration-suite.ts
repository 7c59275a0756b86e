import { describe, expect, test } from "vitest";
import { authenticate } from "../../sessions/authenticate.ts";
import { signInWithPassword } from "../../sign-in/password-sign-in.ts";
import { DAY, HOUR } from "../../testing/durations.ts";
import type { FreshDatabase } from "../../testing/identity-databases.ts";
import {
  ADDRESS,
  codeOf,
  EMAIL,
  OTHER_PASSWORD,
  PASSWORD,
  testAccounts,
} from "../../testing/test-accounts.ts";
import { changeProfile, readProfile } from "../profile.ts";
import { completeRegistration, requestRegistration } from "../registration.ts";

const client = { address: ADDRESS };

/** What registration promises on every database. */
export const describeRegistration = (name: string, fresh: FreshDatabase): void => {
  describe(`registration on ${name}`, () => {
    test("ends with the link from the e-mail and a password, and then the user can sign in", async () => {
      const accounts = await testAccounts(await fresh());
      const request = { email: "Alice@Example.com", language: "de-at", client };
      expect(await requestRegistration(accounts, request)).toEqual({ ok: true });
      const { token = "" } = (await accounts.notice("email_verification")).values;
      const made = await completeRegistration(accounts, {
        token,
        password: PASSWORD,
        displayName: "Alice",
        client,
      });
      expect(made).toMatchObject({ ok: true });
      const { session, tokens } = await accounts.signIn();
      expect(session).toMatchObject({ assurance: 1, methods: ["password"], kind: "browser" });
      expect(await readProfile(accounts, await accounts.session(tokens.token))).toEqual({
        user: session.user,
        email: "Alice@example.com",
        phone: undefined,
        displayName: "Alice",
        language: "de-AT",
        createdAt: accounts.time.now,
        passwordSetAt: accounts.time.now,
      });
      expect(await accounts.audited("registration.completed")).toBe(1);
    });

    test("says the same whether somebody has the address or nobody, and tells its owner", async () => {
      const accounts = await testAccounts(await fresh());
      await accounts.register();
      const known = await requestRegistration(accounts, { email: EMAIL, client });
      const unknown = await requestRegistration(accounts, { email: "bob@example.com", client });
      expect(known).toEqual(unknown);
      const kinds = (await accounts.notices()).map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind === "already_registered")).toHaveLength(1);
      expect(kinds.filter((kind) => kind === "email_verification")).toHaveLength(2);
    });

    test("never takes a credential that was set before the address was proven (GHSA-qq9h-g4jm-xgf3)", async () => {
      const accounts = await testAccounts(await fresh());
      // A stranger begins with the victim's address. All that comes of it is an e-mail to the victim; there is no place for a password.
      const stranger = { email: EMAIL, password: OTHER_PASSWORD, client };
      await requestRegistration(accounts, stranger);
      const pending = await accounts.db
        .selectFrom("identity_user")
        .select(["id", "status", "password_hash"])
        .executeTakeFirstOrThrow();
      expect(pending).toMatchObject({ status: "pending", password_hash: null });
      const early = { email: EMAIL, password: OTHER_PASSWORD, client };
      expect(codeOf(await signInWithPassword(accounts, early))).toBe("credentials_wrong");
      await expect(
        accounts.db.updateTable("identity_user").set({ password_hash: "set early" }).execute(),
      ).rejects.toThrow("identity_user_pending_has_no_password");
      await accounts.register();
      expect(codeOf(await signInWithPassword(accounts, early))).toBe("credentials_wrong");
      expect((await accounts.signIn()).session.user).toBe(pending.id);
    });

    test("a link works once, a day long, and the owner's isn't voided by a stranger's asking again", async () => {
      const accounts = await testAccounts(await fresh());
      await requestRegistration(accounts, { email: EMAIL, client });
      const { token = "" } = (await accounts.notice("email_verification")).values;
      accounts.time.advance(HOUR);
      await requestRegistration(accounts, { email: EMAIL, client });
      const second = (await accounts.notice("email_verification")).values["token"] ?? "";
      const complete = (used: string) =>
        completeRegistration(accounts, { token: used, password: PASSWORD, client });
      accounts.time.advance(DAY - HOUR - 1);
      expect(codeOf(await complete(token))).toBe("ok");
      expect(codeOf(await complete(token))).toBe("token_invalid");
      expect(codeOf(await complete(second))).toBe("token_invalid");
      await requestRegistration(accounts, { email: "bob@example.com", client });
      const late = (await accounts.notice("email_verification")).values["token"] ?? "";
      accounts.time.advance(DAY);
      expect(codeOf(await complete(late))).toBe("token_invalid");
    });

    test("a password that is refused leaves the link as it was", async () => {
      const accounts = await testAccounts(await fresh());
      await requestRegistration(accounts, { email: EMAIL, client });
      const { token = "" } = (await accounts.notice("email_verification")).values;
      const complete = (password: string, displayName?: string) =>
        completeRegistration(accounts, { token, password, displayName, client });
      expect(await complete("short")).toMatchObject({
        code: "password_too_short",
        field: "password",
        rule: expect.stringContaining("at least"),
      });
      expect(codeOf(await complete("alice@example.com"))).toBe("password_easy_to_guess");
      expect(codeOf(await complete(PASSWORD, "\u202Eecila"))).toBe("name_malformed");
      expect(codeOf(await complete(PASSWORD))).toBe("ok");
    });

    test("nobody can have an address mailed to over and over, and the answer doesn't tell", async () => {
      const accounts = await testAccounts(await fresh());
      for (let asked = 0; asked < 6; asked++) {
        expect(await requestRegistration(accounts, { email: EMAIL, client })).toEqual({ ok: true });
      }
      expect(await accounts.notices()).toHaveLength(3);
    });

    test("what is no address is refused", async () => {
      const accounts = await testAccounts(await fresh());
      expect(await requestRegistration(accounts, { email: "alice", client })).toMatchObject({
        code: "email_malformed",
        field: "email",
      });
    });

    test("neither address nor token stands in the database in clear", async () => {
      const accounts = await testAccounts(await fresh());
      await accounts.register();
      const { tokens } = await accounts.signIn({ name: "Alice's phone" });
      for (const table of [
        "identity_user",
        "identity_session",
        "identity_device",
        "identity_outbox",
        "identity_audit_event",
      ] as const) {
        const rows = await accounts.db.selectFrom(table).selectAll().execute();
        const text = JSON.stringify(rows, (_, value) =>
          value?.type === "Buffer" ? Buffer.from(value.data).toString("latin1") : value,
        );
        for (const secret of ["alice", "Alice", ADDRESS, tokens.token, PASSWORD]) {
          expect(text).not.toContain(secret);
        }
      }
    });

    test("a user's name and language are changed by their session and by nothing a client sends (CVE-2025-61928)", async () => {
      const accounts = await testAccounts(await fresh());
      await accounts.register();
      await accounts.register("bob@example.com");
      const alice = (await accounts.signIn()).session;
      const bob = (await accounts.signIn({}, "browser", "bob@example.com")).session;
      const sent = { displayName: "Mallory", user: bob.user, id: bob.user, user_id: bob.user };
      expect(codeOf(await changeProfile(accounts, alice, sent))).toBe("ok");
      expect((await readProfile(accounts, alice))?.displayName).toBe("Mallory");
      expect((await readProfile(accounts, bob))?.displayName).toBeUndefined();
      expect(codeOf(await changeProfile(accounts, bob, { displayName: "" }))).toBe(
        "name_malformed",
      );
      await changeProfile(accounts, alice, { displayName: null, language: "not a tag" });
      expect(await readProfile(accounts, alice)).toMatchObject({
        displayName: undefined,
        language: undefined,
      });
    });

    test("joins the host's transaction: what is rolled back was never there", async () => {
      const accounts = await testAccounts(await fresh());
      await requestRegistration(accounts, { email: EMAIL, client });
      const { token = "" } = (await accounts.notice("email_verification")).values;
      const host = accounts.db.transaction().execute(async (transaction) => {
        const joined = { ...accounts, db: transaction };
        await completeRegistration(joined, { token, password: PASSWORD, client });
        throw new Error("the host changed its mind");
      });
      await expect(host).rejects.toThrow("changed its mind");
      expect(await accounts.audited("registration.completed")).toBe(0);
      const again = await completeRegistration(accounts, { token, password: PASSWORD, client });
      expect(codeOf(again)).toBe("ok");
      expect(codeOf(await authenticate(accounts, token))).toBe("session_invalid");
    });
  });
};
