import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { IdentityContext } from "../../identity-context.ts";
import type { FreshDatabase } from "../../testing/identity-databases.ts";
import { testIdentity } from "../../testing/test-identity.ts";
import {
  charge,
  clear,
  forgetThrottles,
  giveBack,
  type Throttle,
  type ThrottleRule,
  throttleOf,
} from "../throttle.ts";
import { SlowThrottle } from "./slow-throttle.ts";

const RULE: ThrottleRule = {
  name: "test",
  free: 3,
  firstWaitMs: 1_000,
  longestWaitMs: 8_000,
  most: 7,
  forgottenAfterMs: 60_000,
};

/** One step of the real throttle, answered as the slow one does. */
const take = async (
  context: IdentityContext,
  throttle: Throttle,
  step: "charge" | "giveBack" | "clear",
): Promise<string | undefined> => {
  if (step === "clear") await clear(context, throttle);
  if (step === "giveBack") await giveBack(context, throttle);
  if (step !== "charge") return undefined;
  const answer = await charge(context, throttle);
  return answer.ok ? "taken" : answer.code;
};

/** What throttling promises on every database. */
export const describeThrottle = (name: string, fresh: FreshDatabase): void => {
  describe(`throttling on ${name}`, () => {
    test("lets three through, then waits twice as long each time, up to the longest, up to the most", async () => {
      const context = await testIdentity(await fresh());
      const throttle = await throttleOf(context, RULE, "alice");
      const waits: number[] = [];
      for (let attempt = 1; attempt <= RULE.most; attempt++) {
        expect(await charge(context, throttle)).toEqual({ ok: true });
        const next = await charge(context, throttle);
        if (next.ok) {
          waits.push(0);
          await giveBack(context, throttle);
          continue;
        }
        waits.push((next.retryAt ?? Number.NaN) - context.time.now);
        context.time.now = next.retryAt ?? context.time.now + 8_000;
      }
      expect(waits.slice(0, 6)).toEqual([0, 0, 1_000, 2_000, 4_000, 8_000]);
      expect(await charge(context, throttle)).toMatchObject({ code: "attempts_exhausted" });
    });

    test("counts for each bucket and rule by itself, and keeps no address in clear", async () => {
      const context = await testIdentity(await fresh());
      const of = (rule: string, text: string) => throttleOf(context, { ...RULE, name: rule }, text);
      const buckets = [await of("a", "x"), await of("b", "x"), await of("a", "y")];
      expect(new Set(buckets.map(({ bucket }) => Buffer.from(bucket).toString("hex"))).size).toBe(
        3,
      );
      for (const throttle of buckets) await charge(context, throttle);
      const rows = await context.db.selectFrom("identity_throttle").selectAll().execute();
      expect(rows.map(({ failures }) => failures)).toEqual([1, 1, 1]);
    });

    test("forgets what nobody has touched for long", async () => {
      const context = await testIdentity(await fresh());
      await charge(context, await throttleOf(context, RULE, "alice"));
      context.time.advance(5_000);
      await charge(context, await throttleOf(context, RULE, "bob"));
      expect(await forgetThrottles(context, 5_000)).toBe(1);
      expect(await forgetThrottles(context, 5_000)).toBe(0);
    });

    test("for any attempts / does what the rule in plain steps does", async () => {
      const context = await testIdentity(await fresh());
      let runs = 0;
      const step = fc.oneof(
        { weight: 6, arbitrary: fc.constant("charge" as const) },
        { weight: 1, arbitrary: fc.constantFrom("giveBack" as const, "clear" as const) },
        { weight: 5, arbitrary: fc.constantFrom(0, 500, 1_000, 2_000, 8_000, 60_000) },
      );
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
          const throttle = await throttleOf(context, RULE, `run ${++runs}`);
          const slow = new SlowThrottle(RULE);
          for (const each of steps) {
            const { now } = context.time;
            if (typeof each === "number") context.time.advance(each);
            else expect(await take(context, throttle, each)).toBe(slow[each](now));
          }
        }),
        { numRuns: 40 },
      );
    });
  });
};
