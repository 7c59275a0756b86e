import { describe, expect, test } from "vitest";
import { verifyAuditLog } from "../../audit/verify-audit-log.ts";
import type { IdentityTransaction } from "../../identity-database.ts";
import type { FreshDatabase } from "../../testing/identity-databases.ts";
import { testIdentity } from "../../testing/test-identity.ts";
import { consumeApproval, requestApproval, voteOnApproval } from "../approval.ts";
import { appointFirstAdmin, grantRole, requestRole, revokeRole } from "../grant-role.ts";
import { readRoles, refusePermission } from "../permissions.ts";
import { roleBook } from "../role.ts";

const WITHDRAWAL = { type: "withdrawal", units: "900", asset: "BTC" };

/** A venue with an admin, two treasurers and a trader. */
export const staffed = async (fresh: FreshDatabase) => {
  const identity = { ...(await testIdentity(await fresh())), roles: roleBook() };
  const inOne = <Result>(act: (tx: IdentityTransaction) => Promise<Result>) =>
    identity.db.transaction().execute(act);
  const holders = {
    usr_ada: "admin",
    usr_abe: "admin",
    usr_tom: "treasury",
    usr_tia: "treasury",
    usr_eve: "trader",
  };
  for (const [user, role] of Object.entries(holders)) {
    await identity.user(user);
    await identity.db
      .insertInto("identity_role_assignment")
      .values({
        user_id: user,
        role,
        scope: "*",
        granted_by: "system",
        granted_at: identity.at(0),
        until: null,
      })
      .execute();
  }
  const ask = (requester: string, approvers = 1) =>
    inOne((tx) =>
      requestApproval(identity, tx, {
        requester,
        operation: WITHDRAWAL,
        permission: "withdrawal.approve",
        scope: "*",
        approvers,
      }),
    );
  const vote = (approver: string, approval: string, verdict: "approve" | "reject" = "approve") =>
    inOne((tx) => voteOnApproval(identity, tx, { approver, approval, verdict }));
  const use = (approval: string, operation = WITHDRAWAL) =>
    inOne((tx) => consumeApproval(identity, tx, { approval, operation }));
  return { identity, inOne, ask, vote, use };
};

/** What roles and approvals promise on every database. */
export const describeRoles = (name: string, fresh: FreshDatabase): void => {
  describe(`maker-checker on ${name}`, () => {
    test("what one asks for another approves, and it is done once", async () => {
      const { ask, vote, use } = await staffed(fresh);
      const approval = await ask("usr_tom");
      expect(await use(approval)).toMatchObject({ code: "approval_not_given" });
      expect(await vote("usr_tia", approval)).toEqual({ ok: true, status: "approved" });
      expect(await use(approval)).toEqual({ ok: true, requester: "usr_tom" });
      expect(await use(approval)).toMatchObject({ code: "approval_not_given" });
    });

    test("who asks may not approve, nor may who lacks the permission, nor anybody twice", async () => {
      const { ask, vote } = await staffed(fresh);
      const approval = await ask("usr_tom", 2);
      expect(await vote("usr_tom", approval)).toMatchObject({ code: "approval_by_requester" });
      expect(await vote("usr_eve", approval)).toMatchObject({ code: "permission_missing" });
      expect(await vote("usr_ada", approval)).toMatchObject({ code: "permission_missing" });
      expect(await vote("usr_tia", approval)).toEqual({ ok: true, status: "pending" });
      expect(await vote("usr_tia", approval)).toMatchObject({ code: "approval_already_voted" });
    });

    test("one rejection decides, and what is decided stays so", async () => {
      const { ask, vote, use } = await staffed(fresh);
      const approval = await ask("usr_eve", 2);
      expect(await vote("usr_tom", approval, "reject")).toEqual({ ok: true, status: "rejected" });
      expect(await vote("usr_tia", approval)).toMatchObject({ code: "approval_not_pending" });
      expect(await use(approval)).toMatchObject({ code: "approval_not_given" });
    });

    test("an approval's id can't be used for another operation (GHSA-fmh4), and expires", async () => {
      const { identity, ask, vote, use } = await staffed(fresh);
      const approval = await ask("usr_tom");
      await vote("usr_tia", approval);
      const other = { ...WITHDRAWAL, units: "901" };
      expect(await use(approval, other)).toMatchObject({ code: "approval_of_another_operation" });
      expect(await use("apr_guessed")).toMatchObject({ code: "approval_unknown" });
      identity.time.advance(3 * 86_400_000);
      expect(await use(approval)).toMatchObject({ code: "approval_expired" });
    });

    test("an approver who is frozen approves nothing (GHSA-2vg6)", async () => {
      const { identity, ask, vote } = await staffed(fresh);
      const approval = await ask("usr_tom");
      await identity.db
        .updateTable("identity_user")
        .set({ status: "frozen" })
        .where("id", "=", "usr_tia")
        .execute();
      expect(await vote("usr_tia", approval)).toMatchObject({ code: "permission_missing" });
    });
  });

  describe(`roles on ${name}`, () => {
    const GRANT = { granter: "usr_ada", user: "usr_eve", role: "support", scope: "desk/eu" };

    test("are granted by two admins, in a scope, for a time", async () => {
      const { identity, inOne, vote } = await staffed(fresh);
      const grant = { ...GRANT, until: identity.time.now + 1_000 };
      const asked = await inOne((tx) => requestRole(identity, tx, grant));
      if (!asked.ok) throw new Error(asked.code);
      const { approval } = asked;
      await vote("usr_abe", approval);
      const longer = { ...grant, until: grant.until + 1, approval };
      const other = await inOne((tx) => grantRole(identity, tx, longer));
      expect(other).toMatchObject({ code: "approval_of_another_operation" });
      expect(await inOne((tx) => grantRole(identity, tx, { ...grant, approval }))).toEqual({
        ok: true,
      });
      const refuse = (scope: string) =>
        refusePermission(identity, identity.db, "usr_eve", "session.end", scope);
      expect(await refuse("desk/eu/1")).toBeUndefined();
      expect(await refuse("desk/us")).toMatchObject({ code: "permission_missing" });
      // The support role denies what the trader role allows, where it is held.
      const trades = (scope: string) =>
        refusePermission(identity, identity.db, "usr_eve", "order.place", scope);
      expect(await trades("desk/eu")).toMatchObject({ code: "permission_missing" });
      expect(await trades("desk/us")).toBeUndefined();
      identity.time.now = grant.until;
      expect(await refuse("desk/eu/1")).toMatchObject({ code: "permission_missing" });
      expect((await verifyAuditLog(identity.db)).ok).toBe(true);
    });

    test.each([
      ["oneself", { granter: "usr_ada", user: "usr_ada" }, "role_for_oneself"],
      ["others, by whoever may not", { granter: "usr_eve", user: "usr_tom" }, "permission_missing"],
      ["others, by a stranger", { granter: "usr_nobody" }, "permission_missing"],
      ["an unknown role", { role: "god" }, "role_unknown"],
      ["a malformed scope", { scope: "desk//eu" }, "scope_malformed"],
      ["a time that is over", { until: 1 }, "until_in_the_past"],
    ])("are not granted to %s", async (_, part, code) => {
      const { identity, inOne } = await staffed(fresh);
      const grant = { ...GRANT, ...part };
      expect(await inOne((tx) => requestRole(identity, tx, grant))).toMatchObject({ code });
      const granted = await inOne((tx) => grantRole(identity, tx, { ...grant, approval: "apr_1" }));
      expect(granted).toMatchObject({ code });
    });

    test("are not approved by whoever would get them", async () => {
      const { identity, inOne, vote } = await staffed(fresh);
      const grant = { ...GRANT, user: "usr_abe", role: "treasury" };
      const asked = await inOne((tx) => requestRole(identity, tx, grant));
      if (!asked.ok) throw new Error(asked.code);
      expect(await vote("usr_abe", asked.approval)).toMatchObject({ code: "approval_for_oneself" });
    });

    test("are taken away at once by one admin, and nobody else", async () => {
      const { identity, inOne } = await staffed(fresh);
      const revoke = (granter: string) =>
        inOne((tx) =>
          revokeRole(identity, tx, { granter, user: "usr_tom", role: "treasury", scope: "*" }),
        );
      expect(await revoke("usr_eve")).toMatchObject({ code: "permission_missing" });
      expect(await readRoles(identity, identity.db, "usr_tom")).toHaveLength(1);
      expect(await revoke("usr_ada")).toEqual({ ok: true });
      expect(await readRoles(identity, identity.db, "usr_tom")).toEqual([]);
      expect(await revoke("usr_ada")).toMatchObject({ code: "role_not_held" });
    });

    test("begin with one admin, appointed once", async () => {
      const identity = { ...(await testIdentity(await fresh())), roles: roleBook() };
      const users = [await identity.user("usr_ada"), await identity.user("usr_abe")];
      const appointed = await Promise.all(
        users.map((user) =>
          identity.db.transaction().execute((tx) => appointFirstAdmin(identity, tx, user)),
        ),
      );
      expect(appointed.filter(({ ok }) => ok)).toHaveLength(1);
      const refused = appointed.find(({ ok }) => !ok);
      expect(refused).toMatchObject({ code: "admin_already_there" });
    });
  });
};
