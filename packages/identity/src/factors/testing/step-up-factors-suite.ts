import { describe, expect, test } from "vitest";
import { signOut } from "../../sessions/end-sessions.ts";
import { consumeElevation, elevate } from "../../step-up/step-up.ts";
import { enrolPasskey, enrolTotp, totpCode } from "../../testing/factor-helpers.ts";
import type { FreshDatabase } from "../../testing/identity-databases.ts";
import { ADDRESS, codeOf, testAccounts } from "../../testing/test-accounts.ts";
import type { FactorProof } from "../prove-factor.ts";
import { passkeyForOperation, stepUpFactors } from "../step-up-factors.ts";

const client = { address: ADDRESS };

const WITHDRAWAL = { type: "withdrawal", asset: "BTC", units: "150000", address: "bc1qa" };
const OTHER = { ...WITHDRAWAL, address: "bc1qb" };

/** What confirming an operation by second factors promises on every database. */
export const describeStepUpFactors = (name: string, fresh: FreshDatabase): void => {
  describe(`confirming an operation on ${name}`, () => {
    const begin = async () => {
      const accounts = await testAccounts(await fresh());
      await accounts.register();
      const { session } = await accounts.signIn();
      const confirm = (factor: FactorProof, operation = WITHDRAWAL) =>
        elevate(accounts, {
          session,
          operation,
          factors: stepUpFactors(accounts, session, { factor, client }),
        });
      return { accounts, session, confirm };
    };

    test("takes an authenticator's code once, for exactly this operation", async () => {
      const { accounts, session, confirm } = await begin();
      const { secret } = await enrolTotp(accounts, session);
      const factor = { kind: "totp", code: totpCode(secret, accounts.time.now) } as const;
      const confirmed = await confirm(factor);
      if (!confirmed.ok) throw new Error(confirmed.code);
      expect(codeOf(await confirm(factor))).toBe("factor_wrong");
      const { elevation } = confirmed;
      const use = (operation: typeof WITHDRAWAL) =>
        accounts.db
          .transaction()
          .execute((transaction) =>
            consumeElevation(accounts, transaction, { session, elevation, operation }),
          );
      expect(codeOf(await use(OTHER))).toBe("elevation_of_another_operation");
      expect(codeOf(await use(WITHDRAWAL))).toBe("ok");
      expect(codeOf(await use(WITHDRAWAL))).toBe("elevation_used");
    });

    test("takes a passkey's answer only for the operation that it signed", async () => {
      const { accounts, session, confirm } = await begin();
      const { authenticator } = await enrolPasskey(accounts, session);
      const asked = await passkeyForOperation(accounts, session, WITHDRAWAL);
      if (!asked.ok) throw new Error(asked.code);
      const factor = { kind: "passkey", response: authenticator.get(asked.options) } as const;
      expect(codeOf(await confirm(factor, OTHER))).toBe("factor_wrong");
      expect(codeOf(await confirm(factor))).toBe("ok");
      expect(codeOf(await confirm(factor))).toBe("factor_wrong");
    });

    test("is not done by a recovery code, nor without a second factor, nor in a session that is over", async () => {
      const { accounts, session, confirm } = await begin();
      const nothing = { kind: "totp", code: "000000" } as const;
      expect(codeOf(await confirm(nothing))).toBe("factor_wrong");
      expect(codeOf(await passkeyForOperation(accounts, session, WITHDRAWAL))).toBe(
        "factor_unknown",
      );
      const { secret, recoveryCodes } = await enrolTotp(accounts, session);
      const recovery = { kind: "recovery_code", code: recoveryCodes[0] ?? "" } as const;
      expect(codeOf(await confirm(recovery))).toBe("step_up_method_insufficient");
      await signOut(accounts, session);
      const code = { kind: "totp", code: totpCode(secret, accounts.time.now) } as const;
      expect(codeOf(await confirm(code))).toBe("session_invalid");
    });

    test("counts wrong codes, although each is refused", async () => {
      const { accounts, session, confirm } = await begin();
      await enrolTotp(accounts, session);
      const answers = [];
      for (let guess = 0; guess < 6; guess++) {
        answers.push(codeOf(await confirm({ kind: "totp", code: "000000" })));
      }
      expect(answers).toEqual([...Array(5).fill("factor_wrong"), "attempts_throttled"]);
    });
  });
};
