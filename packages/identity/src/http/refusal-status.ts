import type { Refused } from "../refusal.ts";
import { refusedAnswer } from "./answer.ts";
import type { IdentityResponse } from "./identity-request.ts";

/** Where the status says more than that a rule was broken (422). */
const STATUS_OF: Readonly<Record<string, number | undefined>> = {
  session_invalid: 401,
  credentials_wrong: 401,
  factor_wrong: 401,
  challenge_invalid: 401,
  refresh_invalid: 401,
  reauthentication_needed: 403,
  account_frozen: 403,
  step_up_needed: 403,
  permission_missing: 403,
  second_factor_needed: 403,
  role_for_oneself: 403,
  approval_by_requester: 403,
  approval_for_oneself: 403,
  factor_unknown: 404,
  user_unknown: 404,
  address_unknown: 404,
  approval_unknown: 404,
  role_not_held: 404,
  session_unknown: 404,
  api_key_unknown: 404,
  step_up_method_insufficient: 422,
  attempts_throttled: 429,
  attempts_exhausted: 429,
  server_busy: 503,
};

const UNPROCESSABLE = 422;

/** What a use case refused. `more` is what the reader needs besides. */
export const refusalResponse = (
  refused: Refused,
  more: Readonly<Record<string, unknown>> = {},
): IdentityResponse =>
  refusedAnswer(STATUS_OF[refused.code] ?? UNPROCESSABLE, { ...refused, ...more });
