import type { AccountTable } from "./account-table.ts";
import { assertAmount } from "./amount.ts";
import { AMOUNT_CELLS, AmountCells } from "./amount-cells.ts";
import { POSTINGS_LIMIT, type Posting, type PostingRequest } from "./entry.ts";
import { type Refusal, refused } from "./refusal.ts";

/**
 * The postings of the entry that is judged just now, read once from its request: every rule after that asks here.
 *
 * One sheet serves all entries, so a posting costs no memory of its own until its entry is posted.
 */
export class PostingSheet {
  /** Of the postings that are there, the first `count`. */
  accounts: Int32Array = new Int32Array(16);
  /** The slot of the account's asset. */
  slots: Int32Array = new Int32Array(16);
  count = 0;
  /** Two cells for each posting, as in `after`. */
  readonly amounts: AmountCells = new AmountCells(16 * AMOUNT_CELLS);
  /** The balance of the posting's account after it. */
  readonly after: AmountCells = new AmountCells(16 * AMOUNT_CELLS);

  /** Reads the postings of a request, unless one of them is wrong in itself. */
  read(postings: readonly PostingRequest[], accounts: AccountTable): Refusal | undefined {
    if (postings.length < 2) return refused("postings_too_few", "postings");
    if (postings.length > POSTINGS_LIMIT) return refused("postings_too_many", "postings");
    this.#growTo(postings.length);
    this.count = 0;
    for (const { account, amount } of postings) {
      const index = this.count;
      assertAmount(amount);
      if (!accounts.has(account)) {
        return refused("account_unknown", `postings[${index}].account`, { account });
      }
      if (accounts.isClosed(account)) {
        return refused("account_closed", `postings[${index}].account`, { account });
      }
      if (!this.amounts.write(index * AMOUNT_CELLS, amount)) {
        return refused("amount_out_of_range", `postings[${index}].amount`);
      }
      if (this.amounts.isZero(index * AMOUNT_CELLS)) {
        return refused("amount_must_not_be_zero", `postings[${index}].amount`);
      }
      this.accounts[index] = account;
      this.slots[index] = accounts.assetSlot(account);
      this.count = index + 1;
    }
    return undefined;
  }

  account(index: number): number {
    return this.accounts[index] as number;
  }

  /** Whether the posting debits its account. */
  isDebit(index: number): boolean {
    return this.amounts.isNegative(index * AMOUNT_CELLS);
  }

  amount(index: number): bigint {
    return this.amounts.read(index * AMOUNT_CELLS);
  }

  /** Moves all balances. If one of them would be out of range, none, and that is the refusal. */
  move(accounts: AccountTable): Refusal | undefined {
    const { figures } = accounts;
    for (let index = 0; index < this.count; index++) {
      const account = this.account(index);
      const balance = accounts.balanceAt(account);
      if (!figures.add(balance, this.amounts, index * AMOUNT_CELLS)) {
        this.#moveBack(accounts, index);
        return refused("amount_out_of_range", `postings[${index}].amount`, { account });
      }
      this.after.copy(index * AMOUNT_CELLS, figures, balance);
    }
    return undefined;
  }

  moveBack(accounts: AccountTable): void {
    this.#moveBack(accounts, this.count);
  }

  #moveBack(accounts: AccountTable, count: number): void {
    // The last one first: so every balance on the way is one that there was.
    for (let index = count - 1; index >= 0; index--) {
      const balance = accounts.balanceAt(this.account(index));
      accounts.figures.subtract(balance, this.amounts, index * AMOUNT_CELLS);
    }
  }

  /** The postings as their entry tells them, once it is certain. */
  posted(postings: readonly PostingRequest[]): Posting[] {
    const posted: Posting[] = [];
    for (const { account, amount } of postings) {
      const balanceAfter = this.after.read(posted.length * AMOUNT_CELLS);
      posted.push({ account, amount, balanceAfter });
    }
    return posted;
  }

  #growTo(count: number): void {
    if (count <= this.accounts.length) return;
    this.accounts = new Int32Array(2 * count);
    this.slots = new Int32Array(2 * count);
    this.amounts.growTo(2 * count * AMOUNT_CELLS);
    this.after.growTo(2 * count * AMOUNT_CELLS);
  }
}
