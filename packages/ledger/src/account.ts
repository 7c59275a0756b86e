/** What an account is for. Its kind decides how far its balance may go. */
export type AccountKind = "customer" | "custody" | "fees" | "rounding" | "house" | "suspense";

/** How far the balance of a kind of account may go, and what stands on it. */
export interface ChartRow {
  /** The kind's number in records and snapshots. */
  readonly number: number;
  /** Available never falls below it. Absent: no bound. */
  readonly floor?: bigint;
  /** The balance never rises above it. Absent: no bound. */
  readonly ceiling?: bigint;
  readonly meaning: string;
}

/**
 * The chart of accounts, as data.
 *
 * Balances are credit-positive: what we owe is positive, what we own is negative. So a customer's money is at least
 * zero, the coins and bank money behind it at most zero, and everything in one asset adds up to zero.
 */
export const CHART_OF_ACCOUNTS: Readonly<Record<AccountKind, ChartRow>> = {
  customer: { number: 1, floor: 0n, meaning: "what we owe a customer" },
  custody: { number: 2, ceiling: 0n, meaning: "what we keep for everybody: wallets and banks" },
  fees: { number: 3, floor: 0n, meaning: "fees earned" },
  rounding: { number: 4, floor: 0n, meaning: "what rounding left over" },
  house: { number: 5, meaning: "our own money; a debit is what we put in" },
  suspense: { number: 6, meaning: "what nobody could be named for yet" },
};

/** Whose account, in what, and what for. The three together are its name: there is one open account of a name. */
export interface AccountOpening {
  /** An opaque id, 1 to 255 characters. Not personal data: it stays in the books for ever. */
  readonly owner: string;
  /** The asset's number, 1 to 2^31 - 1. */
  readonly asset: number;
  readonly kind: AccountKind;
}

/** An account as the books know it. */
export interface Account extends AccountOpening {
  /** Counts up from 1 in the order of opening, never used again. */
  readonly account: number;
}

/** Every kind, in the order of the chart. */
export const ACCOUNT_KINDS: readonly AccountKind[] = Object.keys(
  CHART_OF_ACCOUNTS,
) as AccountKind[];

/** The kind with that number in records. */
export const accountKindOf = (number: number): AccountKind => {
  for (const kind of ACCOUNT_KINDS) if (CHART_OF_ACCOUNTS[kind].number === number) return kind;
  throw new RangeError(`expected the number of a kind of account, was ${number}`);
};
