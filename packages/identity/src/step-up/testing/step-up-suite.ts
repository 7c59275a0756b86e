import { describe, expect, test } from "vitest";
import type { Operation } from "../../operation.ts";
import { setSecurityHold } from "../../security-holds/security-hold.ts";
import type { FreshDatabase } from "../../testing/identity-databases.ts";
import { type TestIdentity, testIdentity } from "../../testing/test-identity.ts";
import {
  type ActingSession,
  consumeElevation,
  type ElevationUse,
  elevate,
  type FactorCheck,
  type ProofMethod,
} from "../step-up.ts";

const WITHDRAWAL: Operation = {
  type: "withdrawal",
  asset: "BTC",
  network: "bitcoin",
  units: "150000",
  address: "bc1qalice",
};

/** Factors that the user has proved. */
const provedBy = (...methods: ProofMethod[]): FactorCheck<never> => ({
  prove: async () => ({ ok: true, methods }),
});

/** Confirms an operation by a passkey and answers the elevation. */
export const confirmed = async (
  identity: TestIdentity,
  session: ActingSession,
  operation: Operation,
): Promise<string> => {
  const elevation = await elevate(identity, { session, operation, factors: provedBy("passkey") });
  if (!elevation.ok) throw new Error(elevation.code);
  return elevation.elevation;
};

/** What step-up promises on every database. */
export const describeStepUp = (name: string, fresh: FreshDatabase): void => {
  describe(`step-up on ${name}`, () => {
    const begun = async () => {
      const identity = await testIdentity(await fresh());
      const session = { id: "ses_1", user: await identity.user("usr_alice") };
      const use = (part: Partial<ElevationUse> & { elevation: string }) =>
        identity.db
          .transaction()
          .execute((tx) =>
            consumeElevation(identity, tx, { session, operation: WITHDRAWAL, ...part }),
          );
      return { identity, session, use };
    };

    test("what was confirmed is done once, with a command that is safe to repeat", async () => {
      const { identity, session, use } = await begun();
      const elevation = await confirmed(identity, session, WITHDRAWAL);
      const command = { commandId: "wd-1", kind: "withdraw", body: { units: "150000" } };
      expect(await use({ elevation, command })).toEqual({ ok: true });
      expect(await use({ elevation, command })).toMatchObject({ code: "elevation_used" });
      const queued = await identity.db.selectFrom("identity_outbox").select("id").execute();
      expect(queued).toEqual([{ id: "wd-1" }]);
    });

    test.each([
      ["the amount", { ...WITHDRAWAL, units: "150001" }],
      ["the address", { ...WITHDRAWAL, address: "bc1qmallory" }],
      ["the asset", { ...WITHDRAWAL, asset: "ETH" }],
      ["a field more", { ...WITHDRAWAL, memo: "" }],
      ["the type", { ...WITHDRAWAL, type: "api_key_creation" }],
    ])("approving withdrawal A can't be used for B: %s is another", async (_, operation) => {
      const { identity, session, use } = await begun();
      const elevation = await confirmed(identity, session, WITHDRAWAL);
      const code = "elevation_of_another_operation";
      expect(await use({ elevation, operation })).toMatchObject({ ok: false, code });
      expect(await use({ elevation })).toEqual({ ok: true });
    });

    test("a confirmation is of one user and one session: an id alone is worth nothing (CVE-2025-61928)", async () => {
      const { identity, session, use } = await begun();
      await identity.user("usr_mallory");
      const elevation = await confirmed(identity, session, WITHDRAWAL);
      for (const thief of [
        { id: "ses_1", user: "usr_mallory" },
        { id: "ses_2", user: "usr_alice" },
      ]) {
        const used = await use({ elevation, session: thief });
        expect(used).toMatchObject({ ok: false, code: "elevation_unknown" });
      }
      expect(await use({ elevation })).toEqual({ ok: true });
    });

    test("ends after five minutes", async () => {
      const { identity, session, use } = await begun();
      const elevation = await confirmed(identity, session, WITHDRAWAL);
      identity.time.advance(300_000);
      expect(await use({ elevation })).toMatchObject({ code: "elevation_expired" });
    });

    test.each<[string, ProofMethod[]]>([
      ["nothing", []],
      ["an e-mail code", ["email_code"]],
      ["an SMS code", ["sms_code"]],
      ["both", ["email_code", "sms_code"]],
      ["a password and a code by SMS", ["password", "sms_code"]],
      ["a recovery code", ["recovery_code"]],
    ])("%s is never sufficient", async (_, methods) => {
      const { identity, session } = await begun();
      const factors = provedBy(...methods);
      const refused = await elevate(identity, { session, operation: WITHDRAWAL, factors });
      expect(refused).toMatchObject({ ok: false, code: "step_up_method_insufficient" });
      expect(await identity.db.selectFrom("identity_elevation").select("id").execute()).toEqual([]);
    });

    test("a proof that the factors refuse is refused with their code, and its attempt is kept", async () => {
      const { identity, session } = await begun();
      const factors: FactorCheck<"code_wrong"> = {
        async prove(transaction) {
          await transaction.updateTable("identity_user").set({ status: "frozen" }).execute();
          return { ok: false, code: "code_wrong", rule: "The code is the current one." };
        },
      };
      const refused = await elevate(identity, { session, operation: WITHDRAWAL, factors });
      expect(refused).toMatchObject({ ok: false, code: "code_wrong" });
      const counted = await identity.db.selectFrom("identity_user").select("status").execute();
      expect(counted).toEqual([{ status: "frozen" }]);
    });

    test("a confirmed withdrawal waits for a security hold, other operations don't", async () => {
      const { identity, session, use } = await begun();
      const elevation = await confirmed(identity, session, WITHDRAWAL);
      const until = await identity.db
        .transaction()
        .execute((tx) => setSecurityHold(identity, tx, session.user, "password_changed", 60_000));
      const held = { ok: false, code: "withdrawals_held", retryAt: until };
      expect(await use({ elevation })).toMatchObject(held);
      const operation = { type: "api_key_creation", label: "bot" };
      const other = await confirmed(identity, session, operation);
      expect(await use({ elevation: other, operation })).toEqual({ ok: true });
      identity.time.now = until;
      expect(await use({ elevation })).toEqual({ ok: true });
    });

    test.each(["pending", "frozen", "erased"] as const)(
      "nothing is done for a user who is %s (GHSA-2vg6)",
      async (status) => {
        const { identity, session, use } = await begun();
        const elevation = await confirmed(identity, session, WITHDRAWAL);
        await identity.db.updateTable("identity_user").set({ status }).execute();
        expect(await use({ elevation })).toMatchObject({ ok: false, code: "user_not_active" });
      },
    );

    test("a confirmation is there again if the host's transaction fails", async () => {
      const { identity, session, use } = await begun();
      const elevation = await confirmed(identity, session, WITHDRAWAL);
      const failed = identity.db.transaction().execute(async (tx) => {
        await consumeElevation(identity, tx, { session, elevation, operation: WITHDRAWAL });
        throw new Error("the ledger said no");
      });
      await expect(failed).rejects.toThrow("the ledger said no");
      expect(await use({ elevation })).toEqual({ ok: true });
    });
  });
};
