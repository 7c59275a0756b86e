import type { Refused } from "../refusal.ts";

/** A sentence that names the rule. */
export type RoleRefusalCode =
  | "permission_missing"
  | "user_unknown"
  | "user_not_frozen_by_staff"
  | "second_factor_needed"
  | "role_unknown"
  | "role_not_held"
  | "role_for_oneself"
  | "scope_malformed"
  | "until_in_the_past"
  | "admin_already_there"
  | "approval_unknown"
  | "approval_of_another_operation"
  | "approval_by_requester"
  | "approval_for_oneself"
  | "approval_already_voted"
  | "approval_not_pending"
  | "approval_not_given"
  | "approval_expired";

/** Why a role or an approval is refused: the rule that each code protects. */
export const ROLE_REFUSALS: Readonly<Record<RoleRefusalCode, string>> = {
  permission_missing:
    "It is done by whoever holds a role that allows it there, and none that denies it.",
  user_unknown: "The user is registered, and not erased.",
  user_not_frozen_by_staff:
    "Staff take back what staff have frozen; an owner thaws their own account.",
  second_factor_needed: "Staff act in sessions that a second factor has proven.",
  role_unknown: "A role is built in or one of the host's own.",
  role_not_held: "A role that is taken away was held.",
  role_for_oneself: "Nobody gives a role to themselves.",
  scope_malformed: "A scope is * or a path of names, 200 characters at most.",
  until_in_the_past: "A role ends in the future.",
  admin_already_there: "The first admin is appointed once; others are granted the role.",
  approval_unknown: "An approval must have been asked for.",
  approval_of_another_operation: "An approval is of exactly one operation.",
  approval_by_requester: "Who asks may not approve.",
  approval_for_oneself: "Who would gain by it may not approve.",
  approval_already_voted: "Everybody has one vote.",
  approval_not_pending: "A vote is given before the approval is decided.",
  approval_not_given: "It is done after as many have approved as are needed, once.",
  approval_expired: "An approval is given and used before it expires.",
};

export const refuseRole = (code: RoleRefusalCode, field?: string): Refused<RoleRefusalCode> => ({
  ok: false,
  code,
  rule: ROLE_REFUSALS[code],
  ...(field === undefined ? {} : { field }),
});
