import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isAllowed, type RoleAssignment } from "./is-allowed.ts";
import { BUILT_IN_ROLES, type Role, roleBook } from "./role.ts";

const AREAS = ["order", "withdrawal", "role"];
const ACTIONS = ["read", "place", "grant"];
const PLACES = ["*", "a", "a/b", "a/b/c", "ab", "d"];

const permission = fc
  .tuple(fc.constantFrom(...AREAS), fc.constantFrom(...ACTIONS))
  .map((parts) => parts.join("."));
const pattern = fc.oneof(
  fc.constant("*"),
  fc
    .tuple(fc.constantFrom("*", ...AREAS), fc.constantFrom("*", ...ACTIONS))
    .map((parts) => parts.join(".")),
);
const scope = fc.constantFrom(...PLACES);
const roles = fc
  .array(fc.record({ allows: fc.array(pattern), denies: fc.array(pattern, { maxLength: 1 }) }), {
    minLength: 1,
    maxLength: 4,
  })
  .map((rules) => rules.map((rule, n): Role => ({ name: `own-${n}`, ...rule })));
const assignments = fc.array(
  fc.record({
    role: fc.constantFrom("own-0", "own-1", "own-2", "nobody-knows"),
    scope,
    until: fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined }),
  }),
  { maxLength: 5 },
);

/** Every permission that a pattern means, written out. */
const meant = (text: string): Set<string> => {
  const [area, action] = text === "*" ? ["*", "*"] : text.split(".");
  const areas = area === "*" ? AREAS : [area];
  const actions = action === "*" ? ACTIONS : [action];
  return new Set(areas.flatMap((one) => actions.map((other) => `${one}.${other}`)));
};

/** Every place at or below one, written out. */
const placesIn = (place: string): Set<string> =>
  new Set(
    PLACES.filter((other) => {
      if (place === "*") return true;
      const [path, wanted] = [place.split("/"), other.split("/")];
      return path.every((step, n) => step === wanted[n]);
    }),
  );

/** The slow, obvious decision: all rules as a table of who may do what where. */
const naiveDecision = (
  own: readonly Role[],
  held: readonly RoleAssignment[],
  wanted: string,
  where: string,
  at: number,
): boolean => {
  const alive = held.filter(({ until = Number.POSITIVE_INFINITY }) => at < until);
  const rulesOf = (name: string, side: "allows" | "denies") =>
    own.filter((role) => role.name === name).flatMap((role) => role[side]);
  const isDenied = alive.some(
    ({ role, scope: place }) =>
      [...placesIn(where)].some((part) => placesIn(place).has(part)) &&
      rulesOf(role, "denies").some((rule) => meant(rule).has(wanted)),
  );
  const isGranted = alive.some(
    ({ role, scope: place }) =>
      placesIn(place).has(where) && rulesOf(role, "allows").some((rule) => meant(rule).has(wanted)),
  );
  return isGranted && !isDenied;
};

describe("for any roles and assignments", () => {
  test("the decision is the one of the slow, obvious table", () => {
    fc.assert(
      fc.property(
        roles,
        assignments,
        permission,
        scope,
        fc.integer({ min: 0, max: 9 }),
        (own, held, wanted, where, at) => {
          const decision = isAllowed(roleBook(own), held, { permission: wanted, scope: where, at });
          expect(decision).toBe(naiveDecision(own, held, wanted, where, at));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test("another role never takes a denial away, and nothing is allowed without a role", () => {
    fc.assert(
      fc.property(roles, assignments, assignments, permission, (own, held, more, wanted) => {
        const book = roleBook([...own, { name: "denier", allows: ["*"], denies: [wanted] }]);
        const intent = { permission: wanted, scope: "a", at: 0 };
        const denied = { role: "denier", scope: "*" };
        expect(isAllowed(book, [...held, denied, ...more], intent)).toBe(false);
        expect(isAllowed(book, [], intent)).toBe(false);
      }),
    );
  });
});

describe("the built-in roles", () => {
  const may = (role: string, wanted: string): boolean =>
    isAllowed(roleBook(), [{ role, scope: "*" }], { permission: wanted, scope: "*", at: 0 });

  test.each([
    ["trader", "order.place", true],
    ["trader", "withdrawal.request", true],
    ["trader", "withdrawal.approve", false],
    ["trader", "user.read", false],
    ["read-only", "order.read", true],
    ["read-only", "order.place", false],
    ["read-only", "audit.read", false],
    ["read-only", "role.read", false],
    ["read-only", "user.read", false],
    ["read-only", "session.read", false],
    ["support", "user.freeze", true],
    ["support", "user.unfreeze", false],
    ["support", "withdrawal.approve", false],
    ["compliance", "withdrawal.review", true],
    ["compliance", "withdrawal.approve", false],
    ["treasury", "withdrawal.approve", true],
    ["treasury", "withdrawal.request", false],
    ["treasury", "role.grant", false],
    ["operator", "market.halt", true],
    ["operator", "order.place", false],
    ["admin", "role.grant", true],
    ["admin", "withdrawal.approve", false],
    ["auditor", "audit.read", true],
    ["auditor", "audit.verify", true],
    ["auditor", "user.freeze", false],
  ])("%s, %s: %s", (role, wanted, expected) => {
    expect(may(role, wanted)).toBe(expected);
  });

  test("none may both ask for a withdrawal and approve it", () => {
    const both = BUILT_IN_ROLES.filter(
      ({ name }) => may(name, "withdrawal.request") && may(name, "withdrawal.approve"),
    );
    expect(both).toEqual([]);
  });

  test("a misspelt rule or question is an error, never a no or a yes", () => {
    const wrong = ["", "order", "order.", "Order.place", "order.place.now", "order.*x"];
    for (const text of wrong) {
      expect(() => roleBook([{ name: "own", allows: [text], denies: [] }])).toThrow(RangeError);
      expect(() => may("admin", text)).toThrow(RangeError);
    }
    expect(() => may("admin", "order.*")).toThrow(RangeError);
    expect(() => roleBook([{ name: "admin", allows: [], denies: [] }])).toThrow(RangeError);
    expect(() => roleBook([{ name: "No Name", allows: [], denies: [] }])).toThrow(RangeError);
    const intent = { permission: "order.read", at: 0 };
    for (const where of ["", "/", "a/", "a//b", "a b"]) {
      expect(() => isAllowed(roleBook(), [], { ...intent, scope: where })).toThrow(RangeError);
    }
  });
});
