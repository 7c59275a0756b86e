import type { AccountTable } from "./account-table.ts";
import { AMOUNT_CELLS, AmountCells } from "./amount-cells.ts";
import type { PostingSheet } from "./posting-sheet.ts";
import { type Refusal, refused } from "./refusal.ts";

/** The rule that makes books of it: the postings of an entry add up to zero in every asset. */
export class ZeroSum {
  readonly #accounts: AccountTable;
  /** One for each asset slot. All zero between calls, because an entry that balances leaves zeros behind. */
  readonly #sums: AmountCells = new AmountCells(0);

  constructor(accounts: AccountTable) {
    this.#accounts = accounts;
  }

  /** Why the postings don't balance, or undefined. */
  refusal(sheet: PostingSheet): Refusal | undefined {
    this.#sums.growTo(this.#accounts.assets.length * AMOUNT_CELLS);
    const { slots, count } = sheet;
    for (let index = 0; index < count; index++) {
      const sum = (slots[index] as number) * AMOUNT_CELLS;
      // Otherwise postings of 2^126 would add up to zero after four.
      if (!this.#sums.add(sum, sheet.amounts, index * AMOUNT_CELLS)) {
        this.#sums.cells.fill(0n);
        const account = sheet.account(index);
        return refused("amount_out_of_range", `postings[${index}].amount`, { account });
      }
    }
    for (let index = 0; index < count; index++) {
      if (this.#sums.isZero((slots[index] as number) * AMOUNT_CELLS)) continue;
      this.#sums.cells.fill(0n);
      return refused("entry_does_not_balance", "postings");
    }
    return undefined;
  }
}
