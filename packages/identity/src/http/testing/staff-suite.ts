import type { Server } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { voteOnApproval } from "../../roles/approval.ts";
import { appointFirstAdmin, grantRole, requestRole } from "../../roles/grant-role.ts";
import { roleBook } from "../../roles/role.ts";
import { signInAs } from "../../testing/factor-helpers.ts";
import type { FreshDatabase } from "../../testing/identity-databases.ts";
import { EMAIL, PASSWORD, type TestAccounts, testAccounts } from "../../testing/test-accounts.ts";
import { SESSION_COOKIE } from "../cookies.ts";
import { staffRoutes } from "../staff-routes.ts";
import { IdentityClient, serveIdentity } from "./identity-client.ts";

const roles = roleBook();

/** What staff do over HTTP, and what nobody else does. */
export const describeStaff = (name: string, fresh: FreshDatabase): void => {
  describe(`staff over HTTP, on ${name}`, () => {
    let accounts: TestAccounts;
    let server: Server;
    let origin: string;
    const errors: unknown[] = [];
    /** People by what they may do; `customer` may nothing. */
    const users: Record<string, string> = {};
    beforeEach(async () => {
      accounts = await testAccounts(await fresh());
      ({ origin, server } = await serveIdentity(accounts, {
        routes: staffRoutes(roles),
        onError: (error) => errors.push(error),
      }));
      for (const who of ["root", "second", "support", "compliance", "customer"]) {
        users[who] = await accounts.register(who === "customer" ? EMAIL : `${who}@example.com`);
      }
      const context = { ...accounts, roles };
      await accounts.db.transaction().execute(async (tx) => {
        await appointFirstAdmin(context, tx, idOf("root"));
      });
      await give("second", "admin", "root", undefined);
      for (const role of ["support", "compliance"]) await give(role, role, "root", "second");
    });
    afterEach(() => {
      server.close();
      expect(errors.splice(0)).toEqual([]);
    });

    const idOf = (who: string): string => users[who] ?? "";
    /** By two admins; where there is one alone, the second role is written as a set-up would. */
    const give = (who: string, role: string, granter: string, approver: string | undefined) =>
      accounts.db.transaction().execute(async (tx) => {
        const context = { ...accounts, roles };
        const grant = { granter: idOf(granter), user: idOf(who), role, scope: "*" };
        const asked = await requestRole(context, tx, grant);
        if (!asked.ok) throw new Error(asked.code);
        const { approval } = asked;
        if (approver === undefined) {
          await tx
            .updateTable("identity_approval")
            .set({ status: "approved", approvers: 1 })
            .where("id", "=", approval)
            .execute();
        } else {
          const vote = { approver: idOf(approver), approval, verdict: "approve" } as const;
          expect((await voteOnApproval(context, tx, vote)).ok).toBe(true);
        }
        expect((await grantRole(context, tx, { ...grant, approval })).ok).toBe(true);
      });
    /** Signed in with a second factor unless told otherwise. */
    const browserOf = async (who: string, factors: 1 | 2 = 2): Promise<IdentityClient> => {
      const browser = new IdentityClient(origin);
      const email = who === "customer" ? EMAIL : `${who}@example.com`;
      browser.cookies.set(SESSION_COOKIE, await signInAs(accounts, email, factors));
      return browser;
    };

    test("a role is asked for by one, approved by another, granted, listed and taken away", async () => {
      const [root, second] = [await browserOf("root"), await browserOf("second")];
      const grant = { user: idOf("customer"), role: "treasury", scope: "desk/eu" };
      const asked = await root.post("staff/roles/request", grant);
      expect(asked.status).toBe(202);
      const { approval } = asked.json;
      expect((await second.get("staff/approvals")).json.approvals).toMatchObject([
        { id: approval, requestedBy: idOf("root"), operation: { ...grant, until: "never" } },
      ]);
      expect(await root.post("staff/roles/grant", { ...grant, approval })).toMatchObject({
        json: { code: "approval_not_given" },
      });
      const vote = await second.post(`staff/approvals/${approval}`, { verdict: "approve" });
      expect(vote.json).toEqual({ status: "approved" });
      const wider = { ...grant, scope: "*", approval };
      expect(await root.post("staff/roles/grant", wider)).toMatchObject({
        json: { code: "approval_of_another_operation" },
      });
      expect((await root.post("staff/roles/grant", { ...grant, approval })).status).toBe(200);
      const listed = await second.get(`staff/users/${idOf("customer")}/roles`);
      expect(listed.json.roles).toMatchObject([
        { role: "treasury", scope: "desk/eu", grantedBy: idOf("root"), until: null },
      ]);
      expect((await second.post("staff/roles/revoke", grant)).status).toBe(200);
      expect(await second.post("staff/roles/revoke", grant)).toMatchObject({
        status: 404,
        json: { code: "role_not_held" },
      });
    });

    test("nobody approves what they asked for or would gain by, and a refused one is over", async () => {
      const [root, second] = [await browserOf("root"), await browserOf("second")];
      const grant = { user: idOf("second"), role: "treasury", scope: "*" };
      const { approval } = (await root.post("staff/roles/request", grant)).json;
      const yes = { verdict: "approve" };
      expect(await root.post(`staff/approvals/${approval}`, yes)).toMatchObject({
        status: 403,
        json: { code: "approval_by_requester" },
      });
      expect(await second.post(`staff/approvals/${approval}`, yes)).toMatchObject({
        status: 403,
        json: { code: "approval_for_oneself" },
      });
      expect(
        await root.post("staff/roles/request", { ...grant, user: idOf("root") }),
      ).toMatchObject({ status: 403, json: { code: "role_for_oneself" } });
      const other = await root.post("staff/roles/request", { ...grant, user: idOf("customer") });
      const path = `staff/approvals/${other.json.approval}`;
      expect((await second.post(path, { verdict: "reject" })).json).toEqual({ status: "rejected" });
      expect((await second.post(path, yes)).json.code).toBe("approval_not_pending");
      expect((await second.post("staff/approvals/apr_none", yes)).status).toBe(404);
      const nobody = { ...grant, user: "usr_none" };
      expect(await root.post("staff/roles/request", nobody)).toMatchObject({
        status: 404,
        json: { code: "user_unknown" },
      });
    });

    test("what staff freeze its owner can't thaw; taken back, the owner gets the link", async () => {
      const [support, compliance] = [await browserOf("support"), await browserOf("compliance")];
      const customer = await browserOf("customer", 1);
      expect((await support.post(`staff/users/${idOf("customer")}/freeze`)).status).toBe(200);
      expect((await customer.get("me")).status).toBe(401);
      expect((await accounts.notice("account_frozen_by_staff")).user).toBe(idOf("customer"));
      expect((await customer.post("thaw", { email: EMAIL })).status).toBe(202);
      const sent = async () =>
        (await accounts.notices()).filter(({ kind }) => kind === "account_thaw").length;
      expect(await sent()).toBe(0);
      // Support may freeze and not unfreeze.
      const unfreeze = `staff/users/${idOf("customer")}/unfreeze`;
      expect((await support.post(unfreeze)).json.code).toBe("permission_missing");
      expect((await compliance.post(unfreeze)).status).toBe(200);
      expect((await compliance.post(unfreeze)).json.code).toBe("user_not_frozen_by_staff");
      const signIn = { email: EMAIL, password: PASSWORD };
      expect((await customer.post("sign-in", signIn)).json.code).toBe("account_frozen");
      const { token } = (await accounts.notice("account_thaw")).values;
      expect((await customer.post("thaw/complete", { token, password: PASSWORD })).status).toBe(
        200,
      );
      expect((await customer.post("sign-in", signIn)).status).toBe(200);
    });

    test("a thaw that was begun before staff froze the account opens nothing", async () => {
      const customer = await browserOf("customer", 1);
      await customer.post("freeze");
      await customer.post("thaw", { email: EMAIL });
      const { token } = (await accounts.notice("account_thaw")).values;
      await (await browserOf("support")).post(`staff/users/${idOf("customer")}/freeze`);
      expect(await customer.post("thaw/complete", { token, password: PASSWORD })).toMatchObject({
        json: { code: "token_invalid" },
      });
    });

    test("staff end somebody's sessions and read what happened; that they read it is kept", async () => {
      const [support, compliance] = [await browserOf("support"), await browserOf("compliance")];
      const customer = await browserOf("customer", 1);
      const ended = await support.delete(`staff/users/${idOf("customer")}/sessions`);
      expect(ended.json.ended).toBeGreaterThan(0);
      expect((await customer.get("me")).status).toBe(401);
      const path = `staff/users/${idOf("customer")}/audit`;
      expect((await support.get(path)).json.code).toBe("permission_missing");
      const { events } = (await compliance.get(path)).json;
      expect(events.at(-1)).toMatchObject({
        actor: idOf("support"),
        action: "session.ended_by_staff",
        subject: idOf("customer"),
      });
      expect(events.some((event: { address?: string }) => event.address !== undefined)).toBe(true);
      expect(await accounts.audited("audit.read")).toBe(1);
    });

    const CUSTOMER_TRIES: readonly (readonly ["GET" | "POST" | "DELETE", string, object])[] = [
      ["GET", "staff/users/:customer/roles", {}],
      ["GET", "staff/users/:root/audit", {}],
      ["GET", "staff/users/:customer/audit", {}],
      ["POST", "staff/users/:root/freeze", {}],
      ["POST", "staff/users/:customer/unfreeze", {}],
      ["POST", "staff/users/usr_none/freeze", {}],
      ["DELETE", "staff/users/:root/sessions", {}],
      ["POST", "staff/roles/request", { user: ":root", role: "treasury", scope: "*" }],
      ["POST", "staff/roles/revoke", { user: ":root", role: "admin", scope: "*" }],
    ];
    test.each(CUSTOMER_TRIES)(
      "%s %s is refused for whoever lacks the permission, and changes nothing",
      async (method, path, body) => {
        const customer = await browserOf("customer");
        const named = (text: string) =>
          text.replace(/:(root|customer)/, (_, who: string) => idOf(who));
        const json = method === "POST" ? named(JSON.stringify(body)) : "";
        const headers = { "content-type": "application/json" };
        expect(await customer.send(method, named(path), json, headers)).toMatchObject({
          status: 403,
          json: { code: "permission_missing" },
        });
        const row = await accounts.db
          .selectFrom("identity_user")
          .select("status")
          .where("id", "=", idOf("root"))
          .executeTakeFirst();
        expect(row?.status).toBe("active");
        expect((await customer.get("staff/approvals")).json).toEqual({ approvals: [] });
      },
    );

    test("a password alone is not enough for staff, nor a sign-in of long ago, nor a form, nor another site", async () => {
      const path = `staff/users/${idOf("customer")}/freeze`;
      const weak = await browserOf("support", 1);
      expect(await weak.post(path)).toMatchObject({
        status: 403,
        json: { code: "second_factor_needed" },
      });
      const support = await browserOf("support");
      const form = { "content-type": "application/x-www-form-urlencoded" };
      expect((await support.send("POST", path, "{}", form)).status).toBe(415);
      const foreign = { "content-type": "application/json", "sec-fetch-site": "cross-site" };
      expect((await support.send("POST", path, "{}", foreign)).json.code).toBe("origin_foreign");
      expect((await new IdentityClient(origin).post(path)).status).toBe(401);
      accounts.time.advance(11 * 60_000);
      expect((await support.post(path)).json.code).toBe("reauthentication_needed");
      expect(await accounts.audited("account.frozen_by_staff")).toBe(0);
    });
  });
};
