import { describe, expect, test } from "vitest";
import { PasswordHasher } from "../../passwords/password-hasher.ts";
import type { FreshDatabase } from "../../testing/identity-databases.ts";
import { ADDRESS, EMAIL, type TestAccounts, testAccounts } from "../../testing/test-accounts.ts";
import { requestPasswordReset } from "../../users/password-reset.ts";
import { requestRegistration } from "../../users/registration.ts";
import { signInWithPassword } from "../password-sign-in.ts";

const PAIRS = 25;

const client = { address: ADDRESS };

const milliseconds = async (work: () => Promise<unknown>): Promise<number> => {
  const started = performance.now();
  await work();
  return performance.now() - started;
};

const median = (times: readonly number[]): number =>
  times.toSorted((one, other) => one - other)[times.length >> 1] ?? Number.NaN;

/** Both in turns, so that whatever else the machine does meets both alike. */
const medians = async (
  one: () => Promise<unknown>,
  other: () => Promise<unknown>,
): Promise<readonly [number, number]> => {
  const ones: number[] = [];
  const others: number[] = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    ones.push(await milliseconds(one));
    others.push(await milliseconds(other));
  }
  return [median(ones), median(others)];
};

const registered = async (fresh: FreshDatabase): Promise<TestAccounts> => {
  const accounts = await testAccounts(await fresh());
  await accounts.register();
  const { throttles } = accounts.settings;
  const free = Object.entries(throttles).map(([name, rule]) => [name, { ...rule, free: 1_000 }]);
  return accounts.with({ throttles: Object.fromEntries(free) });
};

/** How long answers take tells nobody who exists. */
export const describeTiming = (name: string, fresh: FreshDatabase): void => {
  describe(`the time of an answer on ${name}`, () => {
    test("is the same for an unknown address and a wrong password", async () => {
      // The default cost: without the hash for nobody the unknown would be answered in a third of the time.
      const accounts = { ...(await registered(fresh)), passwords: await PasswordHasher.create() };
      await accounts.db
        .updateTable("identity_user")
        .set({ password_hash: await accounts.passwords.hash("something else entirely") })
        .execute();
      const signIn = (email: string) => () =>
        signInWithPassword(accounts, { email, password: "wrong", client });
      const [unknown, wrong] = await medians(signIn("nobody@example.com"), signIn(EMAIL));
      expect(unknown / wrong).toBeGreaterThan(0.7);
      expect(unknown / wrong).toBeLessThan(1.4);
    });

    test("comes in whole steps where there is nothing to hash", async () => {
      const accounts = (await registered(fresh)).with({ evenAnswerMs: 100 });
      for (const ask of [requestRegistration, requestPasswordReset]) {
        for (const email of [EMAIL, "nobody@example.com"]) {
          const took = await milliseconds(() => ask(accounts, { email, client }));
          // Timers of Node.js may fire a millisecond early.
          expect(took).toBeGreaterThanOrEqual(98);
        }
      }
    });
  });
};
