/** What an account is for. Its kind decides how far its balance may go. */
export type AccountKind =
  | "customer"
  | "custody"
  | "fees"
  | "rounding"
  | "house"
  | "suspense"
  | "rebates"
  | "pending_deposits"
  | "pending_withdrawals";

/**
 * How far a balance may go.
 *
 * - `never_below_zero`: available (balance minus holds) is zero or more.
 * - `never_above_zero`: the balance is zero or less.
 * - `none`: wherever entries take it.
 */
export type AccountBound = "never_below_zero" | "never_above_zero" | "none";

/**
 * What may be done with an account.
 *
 * - `open`: everything that its bound allows.
 * - `frozen`: nothing goes out and nothing new is held. What was held before may be captured or freed, and money may come in.
 * - `closed`: nothing, for ever. Only an empty account is closed.
 */
export type AccountStatus = "open" | "frozen" | "closed";

/** How far the balance of a kind of account may go, and what stands on it. */
export interface ChartRow {
  /** The kind's number in records and snapshots. */
  readonly number: number;
  /** A kind whose bound is `none` leaves it to each account. */
  readonly bound: AccountBound;
  readonly meaning: string;
}

/**
 * The chart of accounts, as data.
 *
 * Balances are credit-positive: what we owe is positive, what we own is negative. So a customer's money is at least
 * zero, the coins and bank money behind it at most zero, and everything in one asset adds up to zero.
 */
export const CHART_OF_ACCOUNTS: Readonly<Record<AccountKind, ChartRow>> = {
  customer: { number: 1, bound: "never_below_zero", meaning: "what we owe a customer" },
  custody: {
    number: 2,
    bound: "never_above_zero",
    meaning: "what we keep for everybody: wallets and banks",
  },
  fees: { number: 3, bound: "never_below_zero", meaning: "fees earned" },
  rounding: { number: 4, bound: "never_below_zero", meaning: "what rounding left over" },
  house: { number: 5, bound: "none", meaning: "our own money; a debit is what we put in" },
  suspense: { number: 6, bound: "none", meaning: "what nobody could be named for yet" },
  rebates: { number: 7, bound: "none", meaning: "what was paid out as rebates, a debit" },
  // Nobody can take back more than was seen coming, nor arrive with more than was sent off.
  pending_deposits: {
    number: 8,
    bound: "never_below_zero",
    meaning: "what was seen coming in and isn't anybody's yet",
  },
  pending_withdrawals: {
    number: 9,
    bound: "never_below_zero",
    meaning: "what was sent off and hasn't arrived yet",
  },
};

/** Whose account, in what, and what for. All but the bound is its name: there is one account of a name. */
export interface AccountOpening {
  /** An opaque id, 1 to 255 characters. Not personal data: it stays in the books for ever. */
  readonly owner: string;
  /** Which of the owner's sub-accounts: up to 64 characters, none by default. */
  readonly sub?: string;
  /** The asset's number, 1 to 2^31 - 1. */
  readonly asset: number;
  readonly kind: AccountKind;
  /** Where custody keeps it: "hot", "cold", "bank", up to 64 characters of yours, none by default. Only custody has a place. */
  readonly place?: string;
  /** That of its kind by default. Only an account of a kind without a bound may have another. */
  readonly bound?: AccountBound;
}

/** An account as the books know it. */
export interface Account extends Required<AccountOpening> {
  /** Counts up from 1 in the order of opening, never used again. */
  readonly account: number;
  readonly status: AccountStatus;
}

/** Every kind, in the order of the chart. */
export const ACCOUNT_KINDS: readonly AccountKind[] = Object.keys(
  CHART_OF_ACCOUNTS,
) as AccountKind[];

/** The bounds by their number in records and snapshots, from 0. */
export const ACCOUNT_BOUNDS: readonly AccountBound[] = [
  "none",
  "never_below_zero",
  "never_above_zero",
];

/** The statuses by their number in records and snapshots, from 0. */
export const ACCOUNT_STATUSES: readonly AccountStatus[] = ["open", "frozen", "closed"];

/** The kind with that number in records. */
export const accountKindOf = (number: number): AccountKind => {
  for (const kind of ACCOUNT_KINDS) if (CHART_OF_ACCOUNTS[kind].number === number) return kind;
  throw new RangeError(`expected the number of a kind of account, was ${number}`);
};

/** The bound with that number in records. */
export const accountBoundOf = (number: number): AccountBound => {
  const bound = ACCOUNT_BOUNDS[number];
  if (bound === undefined) throw new RangeError(`expected a bound's number, was ${number}`);
  return bound;
};

/** The status with that number in records. */
export const accountStatusOf = (number: number): AccountStatus => {
  const status = ACCOUNT_STATUSES[number];
  if (status === undefined) throw new RangeError(`expected a status's number, was ${number}`);
  return status;
};
