import type { AccountTable } from "./account-table.ts";
import type { Captures } from "./captures.ts";
import type { PostingSheet } from "./posting-sheet.ts";
import { type Refusal, refused } from "./refusal.ts";

/**
 * What is wrong with what postings have led to. Only debits can break a floor and only credits a ceiling.
 *
 * Balances have moved; captures have been taken from what is held, and their holds are still there.
 */
export const balancesRefusal = (
  sheet: PostingSheet,
  captures: Captures,
  accounts: AccountTable,
): Refusal | undefined => {
  for (let index = 0; index < sheet.count; index++) {
    const account = sheet.account(index);
    const isDebit = sheet.isDebit(index);
    if (accounts.isFrozen(account) && leaves(account, isDebit, captures, accounts)) {
      return refused("account_frozen", `postings[${index}].account`, { account });
    }
    if (isDebit && accounts.isNeverBelowZero(account) && accounts.isOverdrawn(account)) {
      return belowFloor(account, index, sheet, accounts);
    }
    if (!isDebit && accounts.isNeverAboveZero(account) && accounts.isAboveZero(account)) {
      return aboveCeiling(account, index, sheet, accounts);
    }
  }
  return undefined;
};

/** Money leaves a wallet or a bank by a credit, all else by a debit; and what was held before may leave. */
const leaves = (
  account: number,
  isDebit: boolean,
  captures: Captures,
  accounts: AccountTable,
): boolean => (accounts.isNeverAboveZero(account) ? !isDebit : isDebit && !captures.cover(account));

const belowFloor = (
  account: number,
  index: number,
  sheet: PostingSheet,
  accounts: AccountTable,
): Refusal => {
  const needed = -sheet.amount(index);
  const available = accounts.balance(account) - accounts.held(account) + needed;
  return refused("balance_below_floor", `postings[${index}].amount`, {
    account,
    needed,
    available,
  });
};

const aboveCeiling = (
  account: number,
  index: number,
  sheet: PostingSheet,
  accounts: AccountTable,
): Refusal => {
  const needed = sheet.amount(index);
  const available = needed - accounts.balance(account);
  return refused("balance_above_ceiling", `postings[${index}].amount`, {
    account,
    needed,
    available,
  });
};
