import { describe, expect, test } from "vitest";
import { onPostgres } from "../testing/identity-databases.ts";
import { fiftyTimes } from "../testing/test-identity.ts";
import { describeRoles, staffed } from "./testing/role-suite.ts";

await onPostgres((fresh) => {
  describeRoles("PostgreSQL", fresh);

  describe("fifty times at once", () => {
    test("an approver has one vote, and an approval is used once", async () => {
      const { ask, vote, use } = await staffed(fresh);
      const two = await ask("usr_eve", 2);
      const votes = await fiftyTimes(() => vote("usr_tom", two));
      expect(votes.filter(({ ok }) => ok)).toEqual([{ ok: true, status: "pending" }]);
      await vote("usr_tia", two);
      const uses = await fiftyTimes(() => use(two));
      expect(uses.filter(({ ok }) => ok)).toHaveLength(1);
    });
  });
});
