import type { AccountTable } from "./account-table.ts";
import { assertAmount, isAmountInRange } from "./amount.ts";
import { POSTINGS_LIMIT, type Posting, type PostingRequest } from "./entry.ts";
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
    if (!accounts.isOpen(account)) {
      return refused("account_unknown", `postings[${index}].account`, { account });
    }
    if (amount === 0n) return refused("amount_must_not_be_zero", `postings[${index}].amount`);
    if (!isAmountInRange(amount)) {
      return refused("amount_out_of_range", `postings[${index}].amount`);
    }
    index += 1;
  }
  return undefined;
};

/** What is wrong with the balances that postings have led to. Only debits can break a floor and only credits a ceiling. */
export const boundsRefusal = (
  posted: readonly Posting[],
  accounts: AccountTable,
): Refusal | undefined => {
  let index = 0;
  for (const { account, amount, balanceAfter } of posted) {
    if (!isAmountInRange(balanceAfter)) {
      return refused("amount_out_of_range", `postings[${index}].amount`, { account });
    }
    const refusal =
      amount < 0n
        ? floorRefusal(account, -amount, index, accounts)
        : ceilingRefusal(account, amount, index, accounts);
    if (refusal !== undefined) return refusal;
    index += 1;
  }
  return undefined;
};

const floorRefusal = (
  account: number,
  debit: bigint,
  index: number,
  accounts: AccountTable,
): Refusal | undefined => {
  const floor = accounts.floor(account);
  if (floor === undefined) return undefined;
  const available = accounts.balance(account) - accounts.held(account);
  if (available >= floor) return undefined;
  return refused("balance_below_floor", `postings[${index}].amount`, {
    account,
    needed: debit,
    available: available - floor + debit,
  });
};

const ceilingRefusal = (
  account: number,
  credit: bigint,
  index: number,
  accounts: AccountTable,
): Refusal | undefined => {
  const ceiling = accounts.ceiling(account);
  if (ceiling === undefined) return undefined;
  const balance = accounts.balance(account);
  if (balance <= ceiling) return undefined;
  return refused("balance_above_ceiling", `postings[${index}].amount`, {
    account,
    needed: credit,
    available: ceiling - balance + credit,
  });
};
