import type { AccountTable } from "./account-table.ts";
import { assertAmount, isAmountInRange } from "./amount.ts";
import type { Captures } from "./captures.ts";
import { type Capture, POSTINGS_LIMIT, type Posting, type PostingRequest } from "./entry.ts";
import { type Refusal, refused } from "./refusal.ts";

/** What is wrong with postings, each for itself. */
export const postingsRefusal = (
  postings: readonly PostingRequest[],
  accounts: AccountTable,
): Refusal | undefined => {
  if (postings.length < 2) return refused("postings_too_few", "postings");
  if (postings.length > POSTINGS_LIMIT) return refused("postings_too_many", "postings");
  let index = 0;
  for (const { account, amount } of postings) {
    assertAmount(amount);
    if (!accounts.has(account)) {
      return refused("account_unknown", `postings[${index}].account`, { account });
    }
    if (accounts.isClosed(account)) {
      return refused("account_closed", `postings[${index}].account`, { account });
    }
    if (amount === 0n) return refused("amount_must_not_be_zero", `postings[${index}].amount`);
    if (!isAmountInRange(amount)) {
      return refused("amount_out_of_range", `postings[${index}].amount`);
    }
    index += 1;
  }
  return undefined;
};

/**
 * What is wrong with the balances that postings have led to. Only debits can break a floor and only credits a ceiling.
 *
 * Captures have been taken from what is held, and their holds are still there.
 */
export const balancesRefusal = (
  posted: readonly Posting[],
  captures: Captures,
  captured: readonly Capture[],
  accounts: AccountTable,
): Refusal | undefined => {
  /** Money leaves a wallet or a bank by a credit, all else by a debit; and what was held isn't there any more. */
  const leaves = (account: number, amount: bigint): boolean =>
    accounts.isNeverAboveZero(account)
      ? amount > 0n
      : amount < 0n && !captures.cover(account, captured, posted);
  let index = 0;
  for (const { account, amount, balanceAfter } of posted) {
    if (!isAmountInRange(balanceAfter)) {
      return refused("amount_out_of_range", `postings[${index}].amount`, { account });
    }
    if (accounts.isFrozen(account) && leaves(account, amount)) {
      return refused("account_frozen", `postings[${index}].account`, { account });
    }
    const refusal = boundRefusal(account, amount, index, accounts);
    if (refusal !== undefined) return refusal;
    index += 1;
  }
  return undefined;
};

const boundRefusal = (
  account: number,
  amount: bigint,
  index: number,
  accounts: AccountTable,
): Refusal | undefined =>
  amount < 0n
    ? floorRefusal(account, -amount, index, accounts)
    : ceilingRefusal(account, amount, index, accounts);

const floorRefusal = (
  account: number,
  debit: bigint,
  index: number,
  accounts: AccountTable,
): Refusal | undefined => {
  if (!accounts.isNeverBelowZero(account)) return undefined;
  const available = accounts.balance(account) - accounts.held(account);
  if (available >= 0n) return undefined;
  return refused("balance_below_floor", `postings[${index}].amount`, {
    account,
    needed: debit,
    available: available + debit,
  });
};

const ceilingRefusal = (
  account: number,
  credit: bigint,
  index: number,
  accounts: AccountTable,
): Refusal | undefined => {
  if (!accounts.isNeverAboveZero(account)) return undefined;
  const balance = accounts.balance(account);
  if (balance <= 0n) return undefined;
  return refused("balance_above_ceiling", `postings[${index}].amount`, {
    account,
    needed: credit,
    available: credit - balance,
  });
};
