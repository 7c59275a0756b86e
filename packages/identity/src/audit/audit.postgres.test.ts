import { describe, expect, test } from "vitest";
import { onPostgres } from "../testing/identity-databases.ts";
import { fiftyTimes, testIdentity } from "../testing/test-identity.ts";
import { describeAudit } from "./testing/audit-suite.ts";
import { verifyAuditLog } from "./verify-audit-log.ts";

await onPostgres((fresh) => {
  describeAudit("PostgreSQL", fresh);

  describe("the audit log under fifty writers", () => {
    test("is one unbroken chain, whatever order they lock their rows in", async () => {
      const { audit, db, user } = await testIdentity(await fresh());
      const [one, other] = [await user("usr_one"), await user("usr_other")];
      const event = { actor: "system", action: "user.touched", outcome: "done" } as const;
      await fiftyTimes((n) =>
        db.transaction().execute(async (tx) => {
          // One writes to the log before it waits for a user's row, the next after: with a lock at the insert they would wait in a circle.
          if (n % 2 === 0) await audit.record(tx, { ...event, target: `${n}` });
          await tx
            .selectFrom("identity_user")
            .select("id")
            .where("id", "=", n % 3 === 0 ? one : other)
            .forUpdate()
            .execute();
          await audit.record(tx, { ...event, target: `${n}`, details: { n: `${n}` } });
        }),
      );
      expect(await verifyAuditLog(db)).toEqual({ ok: true, links: 75, findings: [] });
    });
  });
});
