import { describe, expect, test } from "vitest";
import { DEFAULT_ACCOUNT_SETTINGS } from "../../account-settings.ts";
import { PasswordHasher } from "../../passwords/password-hasher.ts";
import { MINUTE } from "../../testing/durations.ts";
import type { FreshDatabase } from "../../testing/identity-databases.ts";
import {
  ADDRESS,
  codeOf,
  EMAIL,
  PASSWORD,
  type TestAccounts,
  testAccounts,
} from "../../testing/test-accounts.ts";
import type { Client } from "../client.ts";
import { signInWithPassword } from "../password-sign-in.ts";

const attempt = (accounts: TestAccounts, password: string, client: Partial<Client> = {}) =>
  signInWithPassword(accounts, {
    email: EMAIL,
    password,
    client: { address: ADDRESS, ...client },
  });

/** Strangers with an address each, until the account's attempts are used up. */
const hammer = async (accounts: TestAccounts, attempts: number): Promise<string> => {
  let last = "";
  for (let stranger = 0; stranger < attempts; stranger++) {
    const address = `203.0.${stranger >> 8}.${stranger & 255}`;
    last = codeOf(await attempt(accounts, "wrong", { address }));
  }
  return last;
};

/** What signing in by password promises on every database. */
export const describeSignIn = (name: string, fresh: FreshDatabase): void => {
  describe(`signing in on ${name}`, () => {
    test("an unknown address and a wrong password are one answer after as many hashes", async () => {
      const accounts = await testAccounts(await fresh());
      await accounts.register();
      const hashes = async (email: string, password: string) => {
        const before = accounts.passwords.computed;
        const client = { address: ADDRESS };
        const answer = await signInWithPassword(accounts, { email, password, client });
        return { answer, hashes: accounts.passwords.computed - before };
      };
      const wrong = await hashes(EMAIL, "wrong");
      expect(wrong).toEqual({
        hashes: 1,
        answer: {
          ok: false,
          code: "credentials_wrong",
          rule: "The e-mail address and the password belong together.",
        },
      });
      for (const email of ["nobody@example.com", "no address", "", "x".repeat(100_000)]) {
        expect(await hashes(email, "wrong")).toEqual(wrong);
      }
      expect(await hashes(EMAIL, "x".repeat(1_000_000))).toEqual(wrong);
      expect(await accounts.audited("sign_in.refused")).toBe(6);
    });

    test("an address is found however it is written", async () => {
      const accounts = await testAccounts(await fresh());
      await accounts.register();
      for (const email of ["ALICE@EXAMPLE.COM", " alice@example.com ", "ａlice@example.com"]) {
        expect((await accounts.signIn({}, "browser", email)).session.assurance).toBe(1);
      }
    });

    test("a hash with other parameters than today's is renewed by signing in", async () => {
      const accounts = await testAccounts(await fresh());
      await accounts.register();
      const today = await PasswordHasher.create({ memoryKiB: 16, passes: 1 });
      const kept = async () =>
        (await accounts.db.selectFrom("identity_user").select("password_hash").executeTakeFirst())
          ?.password_hash;
      const newer = { ...accounts, passwords: today };
      await attempt(newer, "wrong");
      expect(await kept()).toContain("m=8,");
      expect(codeOf(await attempt(newer, PASSWORD))).toBe("ok");
      expect(await kept()).toContain("m=16,");
      expect(codeOf(await attempt(newer, PASSWORD))).toBe("ok");
    });

    test("wrong passwords from everywhere use up the account for strangers and not for its owner's device", async () => {
      const accounts = await testAccounts(await fresh());
      await accounts.register();
      const { deviceToken } = await accounts.signIn();
      expect(await hammer(accounts, 6)).toBe("attempts_throttled");
      expect(codeOf(await attempt(accounts, PASSWORD, { address: "192.0.2.1" }))).toBe(
        "attempts_throttled",
      );
      expect(codeOf(await attempt(accounts, PASSWORD, { deviceToken }))).toBe("ok");
      // The owner's sign-in gives the strangers nothing back.
      expect(codeOf(await attempt(accounts, PASSWORD, { address: "192.0.2.1" }))).toBe(
        "attempts_throttled",
      );
    });

    test("so many wrong passwords in a row end it for strangers, however slowly they come", async () => {
      // SP 800-63B-4 3.2.2 allows a hundred.
      const { throttles } = DEFAULT_ACCOUNT_SETTINGS;
      expect(throttles.passwordByAccount.most).toBeLessThanOrEqual(100);
      const passwordByAccount = { ...throttles.passwordByAccount, most: 12 };
      const accounts = await testAccounts(await fresh(), {
        throttles: { ...throttles, passwordByAccount },
      });
      await accounts.register();
      const { deviceToken } = await accounts.signIn();
      for (let wrong = 0; wrong < 12; wrong++) {
        accounts.time.advance(15 * MINUTE);
        const address = `203.0.113.${wrong}`;
        expect(codeOf(await attempt(accounts, "wrong", { address }))).toBe("credentials_wrong");
      }
      accounts.time.advance(15 * MINUTE);
      expect(codeOf(await attempt(accounts, PASSWORD, { address: "192.0.2.1" }))).toBe(
        "attempts_exhausted",
      );
      expect(codeOf(await attempt(accounts, PASSWORD, { deviceToken }))).toBe("ok");
    });

    test("a device is known to its own user only, and a wrong one is a stranger's", async () => {
      const accounts = await testAccounts(await fresh());
      await accounts.register();
      await accounts.register("mallory@example.com");
      const mallory = await accounts.signIn({}, "browser", "mallory@example.com");
      await hammer(accounts, 6);
      for (const deviceToken of [mallory.deviceToken, "pxd_x", "", undefined]) {
        expect(
          codeOf(await attempt(accounts, PASSWORD, { deviceToken, address: "192.0.2.1" })),
        ).toBe("attempts_throttled");
      }
    });

    test("a device that guesses too often is a stranger like any other", async () => {
      const accounts = await testAccounts(await fresh());
      await accounts.register();
      const { deviceToken } = await accounts.signIn();
      let wrong = 0;
      while (wrong < 20) {
        if (codeOf(await attempt(accounts, "wrong", { deviceToken })) === "credentials_wrong")
          wrong++;
        accounts.time.advance(MINUTE);
      }
      await hammer(accounts, 6);
      expect(codeOf(await attempt(accounts, PASSWORD, { deviceToken, address: "192.0.2.1" }))).toBe(
        "attempts_throttled",
      );
    });

    test("a network that guesses at many accounts has to wait, also from another address of its /64 (CVE-2026-45364)", async () => {
      const accounts = await testAccounts(await fresh());
      const guess = (account: number, address: string) =>
        signInWithPassword(accounts, {
          email: `user${account}@example.com`,
          password: "wrong",
          client: { address },
        });
      for (let account = 0; account < 30; account++) {
        const answer = await guess(account, `2001:db8::${account.toString(16)}`);
        expect(codeOf(answer)).toBe("credentials_wrong");
      }
      expect(codeOf(await guess(31, "2001:0db8:0000:0000:ffff::1"))).toBe("attempts_throttled");
      expect(codeOf(await guess(31, "2001:db8:0:1::1"))).toBe("credentials_wrong");
    });

    test("signing in to an account of one's own doesn't wash off guesses at others'", async () => {
      const accounts = await testAccounts(await fresh());
      await accounts.register("mallory@example.com");
      let refused = "";
      for (let account = 0; account < 40 && refused !== "attempts_throttled"; account++) {
        refused = codeOf(
          await signInWithPassword(accounts, {
            email: `user${account}@example.com`,
            password: "wrong",
            client: { address: ADDRESS },
          }),
        );
        if (account % 10 === 5) await accounts.signIn({}, "browser", "mallory@example.com");
      }
      expect(refused).toBe("attempts_throttled");
    });

    test("a new device is told of, the first one and a known one are not", async () => {
      const accounts = await testAccounts(await fresh());
      await accounts.register();
      const told = async () =>
        (await accounts.notices()).filter(({ kind }) => kind === "new_device").length;
      const first = await accounts.signIn({ name: "Firefox" });
      await accounts.signIn(
        first.deviceToken === undefined ? {} : { deviceToken: first.deviceToken },
      );
      expect(await told()).toBe(0);
      const second = await accounts.signIn({ name: "curl\u0000\u202E" });
      expect(await told()).toBe(1);
      expect((await accounts.notice("new_device")).values).toEqual({
        device: "curl",
        address: ADDRESS,
      });
      expect(second.deviceToken).not.toBe(first.deviceToken);
    });

    test("under too much load nobody's password is hashed, and everybody is told so", async () => {
      const accounts = await testAccounts(await fresh());
      await accounts.register();
      const busy = await PasswordHasher.create({
        memoryKiB: 8,
        passes: 1,
        atOnce: 1,
        longestQueue: 0,
      });
      const running = busy.hash("something");
      expect(codeOf(await attempt({ ...accounts, passwords: busy }, PASSWORD))).toBe("server_busy");
      await running;
      expect(codeOf(await attempt({ ...accounts, passwords: busy }, PASSWORD))).toBe("ok");
    });
  });
};
