import { describe, expect, test } from "vitest";
import { signInWithPassword } from "../../sign-in/password-sign-in.ts";
import type { FreshDatabase } from "../../testing/identity-databases.ts";
import {
  ADDRESS,
  codeOf,
  EMAIL,
  PASSWORD,
  type TestAccounts,
  testAccounts,
} from "../../testing/test-accounts.ts";
import { eraseSubject, finishErasures } from "../erase-subject.ts";
import { exportSubject } from "../export-subject.ts";

const DAY = 86_400_000;

const signInOf = (accounts: TestAccounts, password = PASSWORD) =>
  signInWithPassword(accounts, { email: EMAIL, password, client: { address: ADDRESS } });

const exportOf = async (accounts: TestAccounts, user: string): Promise<string> => {
  let text = "";
  for await (const line of exportSubject(accounts, user)) text += line;
  return text;
};

/** What erasing somebody who signs in means. */
export const describePersonErasure = (name: string, fresh: FreshDatabase): void => {
  describe(`somebody who is erased, on ${name}`, () => {
    test("was given their address, sessions and devices, and no hash of anything", async () => {
      const accounts = await testAccounts(await fresh());
      const user = await accounts.register();
      const { tokens } = await accounts.signIn({ name: "Ada's phone" });
      const text = await exportOf(accounts, user);
      for (const known of [EMAIL, "Ada's phone", ADDRESS]) expect(text).toContain(known);
      for (const secret of ["argon2", tokens.token]) expect(text).not.toContain(secret);
    });

    test("is signed out and signs in no more (GHSA-2vg6); their address may be anybody's again", async () => {
      const accounts = await testAccounts(await fresh());
      const user = await accounts.register();
      const { tokens } = await accounts.signIn();
      expect(await eraseSubject(accounts, { actor: user, user })).toMatchObject({ ok: true });
      await expect(accounts.session(tokens.token)).rejects.toThrow("session_invalid");
      expect(codeOf(await signInOf(accounts))).toBe("credentials_wrong");
      expect(await exportOf(accounts, user)).not.toContain(EMAIL);
      expect(await accounts.register()).not.toBe(user);
    });

    test("keeps the address for as long as the law wants it, and still can't sign in", async () => {
      const accounts = await testAccounts(await fresh());
      const user = await accounts.register();
      const retention = { until: accounts.time.now + DAY, reason: "records" };
      await eraseSubject(accounts, { actor: user, user, retention });
      expect(codeOf(await signInOf(accounts))).toBe("credentials_wrong");
      expect(await exportOf(accounts, user)).toContain(EMAIL);
      accounts.time.advance(DAY);
      expect(await finishErasures(accounts)).toBe(1);
      expect(await exportOf(accounts, user)).not.toContain(EMAIL);
      expect(await accounts.register()).not.toBe(user);
    });
  });
};
