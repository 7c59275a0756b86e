/**
 * What may be done, as `area.action`: `withdrawal.approve`. A pattern may have a star for either part or for both: `withdrawal.*`,
 * `*.read`, `*`.
 */
export interface Role {
  /** Lower-case words with hyphens. */
  readonly name: string;
  readonly allows: readonly string[];
  /** What a holder may not do, whatever else allows it: this rule wins. */
  readonly denies: readonly string[];
}

/** The roles of a venue. A host adds its own with `roleBook`. */
export const BUILT_IN_ROLES: readonly Role[] = [
  {
    name: "trader",
    allows: [
      "account.read",
      "order.*",
      "withdrawal.read",
      "withdrawal.request",
      "api-key.*",
      "address-book.*",
    ],
    denies: [],
  },
  {
    name: "read-only",
    // What a trader has, to look at: not what is known of other people, which an auditor reads.
    allows: ["account.read", "order.read", "withdrawal.read", "api-key.read", "address-book.read"],
    denies: [],
  },
  {
    name: "support",
    allows: ["user.read", "user.freeze", "session.read", "session.end", "security-hold.set"],
    denies: ["order.place", "withdrawal.request", "withdrawal.approve"],
  },
  {
    name: "compliance",
    allows: [
      "user.read",
      "user.freeze",
      "user.unfreeze",
      "account.read",
      "withdrawal.read",
      "withdrawal.review",
      "security-hold.*",
      "case.*",
      "report.*",
      "audit.read",
    ],
    denies: ["order.place", "withdrawal.request", "withdrawal.approve"],
  },
  {
    name: "treasury",
    allows: ["account.read", "withdrawal.read", "withdrawal.approve", "wallet.*"],
    denies: ["role.*", "order.place"],
  },
  {
    name: "operator",
    allows: ["market.*", "fee.*", "venue.*", "order.read", "order.cancel"],
    denies: ["withdrawal.request", "withdrawal.approve", "order.place"],
  },
  {
    name: "admin",
    allows: ["user.*", "role.*", "session.*", "setting.*", "audit.read"],
    denies: ["order.place", "withdrawal.request", "withdrawal.approve", "wallet.*"],
  },
  { name: "auditor", allows: ["*.read", "audit.verify"], denies: ["role.grant", "role.revoke"] },
];

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const PERMISSION = /^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/;
const PATTERN = /^(\*|[a-z][a-z0-9-]*)\.(\*|[a-z][a-z0-9-]*)$/;

/** The roles there are, by name. */
export type RoleBook = ReadonlyMap<string, Role>;

/**
 * The built-in roles and a host's own. Throws a `RangeError` for a name that is taken or malformed, or for a malformed pattern: a rule that was
 * misspelt must not be ignored.
 *
 * @example
 * const roles = roleBook([{ name: "market-maker-desk", allows: ["order.*"], denies: ["withdrawal.*"] }]);
 */
export const roleBook = (own: readonly Role[] = []): RoleBook => {
  const roles = [...BUILT_IN_ROLES, ...own];
  for (const { name, allows, denies } of roles) {
    if (!NAME.test(name)) throw new RangeError(`expected a role's name, was ${name}`);
    const malformed = [...allows, ...denies].find((pattern) => !isPattern(pattern));
    if (malformed !== undefined) {
      throw new RangeError(`expected patterns like area.action in ${name}, was ${malformed}`);
    }
  }
  const book = new Map(roles.map((role) => [role.name, role]));
  if (book.size !== roles.length) throw new RangeError("expected every role once");
  return book;
};

const isPattern = (pattern: string): boolean => pattern === "*" || PATTERN.test(pattern);

/** Throws a `RangeError` for what is no permission: a check that was misspelt must not let anybody through. */
export const checkPermission = (permission: string): void => {
  if (PERMISSION.test(permission)) return;
  throw new RangeError(`expected a permission like area.action, was ${permission}`);
};

/** Whether a permission is one of those that a pattern means. */
export const matches = (pattern: string, permission: string): boolean => {
  if (pattern === "*") return true;
  const [area, action] = pattern.split(".");
  const [wantedArea, wantedAction] = permission.split(".");
  return (area === "*" || area === wantedArea) && (action === "*" || action === wantedAction);
};
