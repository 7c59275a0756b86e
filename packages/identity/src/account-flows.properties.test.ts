import fc from "fast-check";
import { describe, test } from "vitest";
import { DEFAULT_ACCOUNT_SETTINGS } from "./account-settings.ts";
import { AccountFlow, flowStep } from "./sign-in/testing/account-flow.ts";
import { onEmptiedPglite } from "./testing/identity-databases.ts";
import { testAccounts } from "./testing/test-accounts.ts";

/** More on purpose: `PINCEX_IDENTITY_FLOWS=500`. */
const RUNS = Number(process.env["PINCEX_IDENTITY_FLOWS"] ?? 15);

const { throttles, sessions } = DEFAULT_ACCOUNT_SETTINGS;

/** Guesses are throttled by a rule with a model of its own; a used refresh token is a thief's at once. */
const settings = {
  sessions: { ...sessions, refreshGraceMs: 0 },
  throttles: Object.fromEntries(
    Object.entries(throttles).map(([name, rule]) => [
      name,
      { ...rule, free: 10_000, most: 20_000 },
    ]),
  ) as unknown as typeof throttles,
};

onEmptiedPglite((fresh) => {
  describe("for any sign-ups, sign-ins, factors, sessions and revocations", () => {
    test("nobody is in who shouldn't be, and nobody with a factor without having proven one", async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(flowStep, { minLength: 5, maxLength: 30 }), async (steps) => {
          const flow = await AccountFlow.begin(await testAccounts(await fresh(), settings));
          for (const step of steps) await flow.take(step);
          await flow.compareAll();
        }),
        { numRuns: RUNS },
      );
    }, 600_000);
  });
});
