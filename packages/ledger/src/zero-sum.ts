import type { AccountTable } from "./account-table.ts";
import { isAmountInRange } from "./amount.ts";
import { readCell, writeCell } from "./amount-cell.ts";
import type { PostingRequest } from "./entry.ts";
import { type Refusal, refused } from "./refusal.ts";

/** The rule that makes books of it: the postings of an entry add up to zero in every asset. */
export class ZeroSum {
  readonly #accounts: AccountTable;
  /** A cell for each asset slot. All zero between calls, because an entry that balances leaves zeros behind. */
  #sums: BigInt64Array = new BigInt64Array(0);

  constructor(accounts: AccountTable) {
    this.#accounts = accounts;
  }

  /** Why the postings of open accounts don't balance, or undefined. */
  refusal(postings: readonly PostingRequest[]): Refusal | undefined {
    this.#grow();
    let index = 0;
    for (const { account, amount } of postings) {
      const cell = 2 * this.#accounts.assetSlot(account);
      const sum = readCell(this.#sums, cell) + amount;
      // A cell keeps 128 bits: without this, postings of 2^126 would add up to zero after four.
      if (!isAmountInRange(sum)) {
        this.#sums.fill(0n);
        return refused("amount_out_of_range", `postings[${index}].amount`, { account });
      }
      writeCell(this.#sums, cell, sum);
      index += 1;
    }
    for (const { account } of postings) {
      const cell = 2 * this.#accounts.assetSlot(account);
      if (this.#sums[cell] === 0n && this.#sums[cell + 1] === 0n) continue;
      this.#sums.fill(0n);
      return refused("entry_does_not_balance", "postings");
    }
    return undefined;
  }

  #grow(): void {
    const cells = 2 * this.#accounts.assets.length;
    if (cells > this.#sums.length) this.#sums = new BigInt64Array(cells);
  }
}
