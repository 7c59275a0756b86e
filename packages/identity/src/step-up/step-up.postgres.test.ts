import { describe, expect, test } from "vitest";
import { verifyAuditLog } from "../audit/verify-audit-log.ts";
import { onPostgres } from "../testing/identity-databases.ts";
import { fiftyTimes, testIdentity } from "../testing/test-identity.ts";
import { consumeElevation } from "./step-up.ts";
import { confirmed, describeStepUp } from "./testing/step-up-suite.ts";

await onPostgres((fresh) => {
  describeStepUp("PostgreSQL", fresh);

  describe("one confirmation used fifty times at once", () => {
    test("does one thing (#8067)", async () => {
      const identity = await testIdentity(await fresh());
      const session = { id: "ses_1", user: await identity.user("usr_alice") };
      const operation = { type: "withdrawal", units: "5" };
      const elevation = await confirmed(identity, session, operation);
      const results = await fiftyTimes((n) =>
        identity.db.transaction().execute((tx) =>
          consumeElevation(identity, tx, {
            session,
            elevation,
            operation,
            command: { commandId: `wd-${n}`, kind: "withdraw", body: {} },
          }),
        ),
      );
      expect(results.filter(({ ok }) => ok)).toHaveLength(1);
      expect(
        results.filter((result) => !result.ok && result.code === "elevation_used"),
      ).toHaveLength(49);
      expect(await identity.db.selectFrom("identity_outbox").select("id").execute()).toHaveLength(
        1,
      );
      expect(await verifyAuditLog(identity.db)).toMatchObject({ ok: true, links: 2 });
    });
  });
});
