import type { Refused } from "../refusal.ts";

/** A sentence that names the rule. */
export type StepUpRefusalCode =
  | "step_up_method_insufficient"
  | "elevation_unknown"
  | "elevation_of_another_operation"
  | "elevation_expired"
  | "elevation_used"
  | "user_not_active"
  | "withdrawals_held";

/** Why a step-up is refused: the rule that each code protects. */
export const STEP_UP_REFUSALS: Readonly<Record<StepUpRefusalCode, string>> = {
  step_up_method_insufficient:
    "An operation is confirmed by an authenticator code or a passkey; codes by e-mail or SMS, passwords and recovery codes don't do.",
  elevation_unknown: "A confirmation is the user's own, from the session that uses it.",
  elevation_of_another_operation: "A confirmation is of exactly one operation.",
  elevation_expired: "A confirmation is used within five minutes.",
  elevation_used: "A confirmation is used once.",
  user_not_active: "Only an active user may do this.",
  withdrawals_held: "After a sensitive change nothing is withdrawn for a time.",
};

/** The confirmation doesn't do, and nothing has changed. */
export const refuseStepUp = (
  code: StepUpRefusalCode,
  retryAt?: number,
): Refused<StepUpRefusalCode> => ({
  ok: false,
  code,
  field: code === "user_not_active" || code === "withdrawals_held" ? "user" : "elevation",
  rule: STEP_UP_REFUSALS[code],
  ...(retryAt === undefined ? {} : { retryAt }),
});
