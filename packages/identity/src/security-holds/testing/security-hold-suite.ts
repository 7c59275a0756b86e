import { describe, expect, test } from "vitest";
import { verifyAuditLog } from "../../audit/verify-audit-log.ts";
import type { FreshDatabase } from "../../testing/identity-databases.ts";
import { testIdentity } from "../../testing/test-identity.ts";
import { findSecurityHold, SECURITY_HOLDS, setSecurityHold } from "../security-hold.ts";

/** What security holds promise on every database. */
export const describeSecurityHolds = (name: string, fresh: FreshDatabase): void => {
  describe(`a security hold on ${name}`, () => {
    const begun = async () => {
      const identity = await testIdentity(await fresh());
      const user = await identity.user("usr_alice");
      const hold = (...rest: [Parameters<typeof setSecurityHold>[3], number?]) =>
        identity.db.transaction().execute((tx) => setSecurityHold(identity, tx, user, ...rest));
      const found = () => findSecurityHold(identity, identity.db, user);
      return { identity, hold, found };
    };

    test("lasts as long as its reason asks, to the millisecond", async () => {
      const { identity, hold, found } = await begun();
      expect(await found()).toBeUndefined();
      const until = await hold("password_changed");
      expect(until).toBe(identity.time.now + SECURITY_HOLDS.password_changed);
      expect(await found()).toEqual({ reason: "password_changed", until });
      identity.time.now = until - 1;
      expect(await found()).toEqual({ reason: "password_changed", until });
      identity.time.now = until;
      expect(await found()).toBeUndefined();
    });

    test("is not ended by a shorter one", async () => {
      const { hold, found } = await begun();
      const until = await hold("recovery_code_used");
      await hold("password_changed", 1_000);
      expect(await found()).toEqual({ reason: "recovery_code_used", until });
    });

    test("is told to the user and to the audit log, in the same transaction", async () => {
      const { identity, hold } = await begun();
      await hold("factor_changed");
      const notices = await identity.db.selectFrom("identity_outbox").select("kind").execute();
      expect(notices).toEqual([{ kind: "security_hold" }]);
      expect(await verifyAuditLog(identity.db)).toMatchObject({ ok: true, links: 1 });
    });

    test("of no time is a mistake in the program", async () => {
      const { hold, found } = await begun();
      for (const milliseconds of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
        await expect(hold("factor_changed", milliseconds)).rejects.toThrow(RangeError);
      }
      expect(await found()).toBeUndefined();
    });
  });
};
