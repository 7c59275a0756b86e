import { checkPermission, matches, type RoleBook } from "./role.ts";
import { checkScope, covers, overlaps } from "./scope.ts";

/** A role that somebody holds somewhere. */
export interface RoleAssignment {
  readonly role: string;
  readonly scope: string;
  /** Milliseconds since 1970; undefined for one that doesn't end. */
  readonly until?: number | undefined;
}

/** What somebody wants to do, where, and when. */
export interface Intent {
  readonly permission: string;
  readonly scope: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/**
 * Whether these roles allow it: one of them must, in a scope around the one that is wanted, and none may deny it there or in a part of it.
 * Roles that the book doesn't know allow nothing. Throws a `RangeError` for a malformed permission or scope.
 *
 * @example
 * isAllowed(roleBook(), [{ role: "treasury", scope: "*" }], { permission: "withdrawal.approve", scope: "*", at });
 */
export const isAllowed = (
  book: RoleBook,
  assignments: readonly RoleAssignment[],
  { permission, scope, at }: Intent,
): boolean => {
  checkPermission(permission);
  checkScope(scope);
  let allowed = false;
  for (const { role: name, scope: held, until } of assignments) {
    const role = book.get(name);
    if (role === undefined || (until !== undefined && until <= at)) continue;
    const isMeant = (pattern: string) => matches(pattern, permission);
    if (overlaps(held, scope) && role.denies.some(isMeant)) return false;
    allowed ||= covers(held, scope) && role.allows.some(isMeant);
  }
  return allowed;
};
