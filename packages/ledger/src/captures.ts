import type { AccountTable } from "./account-table.ts";
import { assertAmount } from "./amount.ts";
import { AMOUNT_CELLS, AmountCells } from "./amount-cells.ts";
import { CAPTURES_LIMIT, type Capture, type EntryRequest } from "./entry.ts";
import type { Hold } from "./hold.ts";
import type { HoldTable } from "./hold-table.ts";
import type { PostingSheet } from "./posting-sheet.ts";
import { type Refusal, refused } from "./refusal.ts";

/** What the entry that is judged just now captures of holds, read once from its request. */
export class Captures {
  readonly #accounts: AccountTable;
  readonly #holds: HoldTable;
  readonly #sheet: PostingSheet;

  /** Of the captures that were taken, the first `#count`: where the hold stands, its account, and the amount. */
  #rows: Int32Array = new Int32Array(16);
  #accountsOf: Int32Array = new Int32Array(16);
  readonly #amounts: AmountCells = new AmountCells(16 * AMOUNT_CELLS);
  #count = 0;

  /** What is debited from one account and not captured. */
  readonly #uncaptured: AmountCells = new AmountCells(AMOUNT_CELLS);

  constructor(accounts: AccountTable, holds: HoldTable, sheet: PostingSheet) {
    this.#accounts = accounts;
    this.#holds = holds;
    this.#sheet = sheet;
  }

  /** Takes what is captured out of its holds. On refusal everything is put back. */
  take(captures: readonly Capture[]): Refusal | undefined {
    this.#count = 0;
    // A wrong type throws, so it has to be found before anything is taken.
    for (const { amount } of captures) assertAmount(amount);
    if (captures.length > CAPTURES_LIMIT) return refused("captures_too_many", "captures");
    this.#growTo(captures.length);
    for (const { hold, amount } of captures) {
      const refusal = this.#takeOne(hold, amount);
      if (refusal === undefined) continue;
      this.putBack();
      return refusal;
    }
    return undefined;
  }

  #takeOne(id: number, amount: bigint): Refusal | undefined {
    const index = this.#count;
    const at = index * AMOUNT_CELLS;
    const row = this.#holds.find(id);
    if (row < 0) return refused("hold_unknown", `captures[${index}].hold`);
    const isInRange = this.#amounts.write(at, amount);
    if (isInRange ? !this.#amounts.isPositive(at) : amount < 0n) {
      return refused("amount_must_be_positive", `captures[${index}].amount`);
    }
    const account = this.#holds.account(row);
    const left = this.#holds.leftAt(row);
    if (!isInRange || this.#holds.figures.isLess(left, this.#amounts, at)) {
      const available = this.#holds.left(row);
      const money = { account, needed: amount, available };
      return refused("capture_above_hold", `captures[${index}].amount`, money);
    }
    this.#rows[index] = row;
    this.#accountsOf[index] = account;
    this.#count = index + 1;
    if (!this.#isDebited(account)) {
      this.#count = index;
      const money = { account, ...this.#totalsOf(account, amount) };
      return refused("capture_not_posted", `captures[${index}].amount`, money);
    }
    this.#holds.figures.subtract(left, this.#amounts, at);
    this.#accounts.figures.subtract(this.#accounts.heldAt(account), this.#amounts, at);
    return undefined;
  }

  /** Whether the entry debits from an account at least what it captures from it. */
  #isDebited(account: number): boolean {
    const isInRange = this.#subtractDebits(account);
    return !isInRange || !this.#uncaptured.isNegative(0);
  }

  /** Whether all that the entry debits from an account was taken from its holds. */
  cover(account: number): boolean {
    const isInRange = this.#subtractDebits(account);
    return isInRange && !this.#uncaptured.isPositive(0);
  }

  /** What is debited from an account and not captured; false if it is out of range. */
  #subtractDebits(account: number): boolean {
    const uncaptured = this.#uncaptured;
    uncaptured.clear(0);
    const accountsOf = this.#accountsOf;
    for (let index = 0; index < this.#count; index++) {
      // It is in range: it was held.
      if (accountsOf[index] === account) {
        uncaptured.subtract(0, this.#amounts, index * AMOUNT_CELLS);
      }
    }
    const sheet = this.#sheet;
    const { accounts, count } = sheet;
    for (let index = 0; index < count; index++) {
      if (accounts[index] !== account || !sheet.isDebit(index)) continue;
      if (!uncaptured.subtract(0, sheet.amounts, index * AMOUNT_CELLS)) return false;
    }
    return true;
  }

  /** For people: what is captured from an account with one more amount, and what is debited from it. */
  #totalsOf(account: number, amount: bigint): { needed: bigint; available: bigint } {
    let needed = amount;
    for (let index = 0; index < this.#count; index++) {
      const isSame = this.#accountsOf[index] === account;
      if (isSame) needed += this.#amounts.read(index * AMOUNT_CELLS);
    }
    let available = 0n;
    for (let index = 0; index < this.#sheet.count; index++) {
      const isSame = this.#sheet.account(index) === account && this.#sheet.isDebit(index);
      if (isSame) available -= this.#sheet.amount(index);
    }
    return { needed, available };
  }

  /** Puts back what was taken. */
  putBack(): void {
    for (let index = 0; index < this.#count; index++) {
      const row = this.#rows[index] as number;
      const at = index * AMOUNT_CELLS;
      const held = this.#accounts.heldAt(this.#accountsOf[index] as number);
      this.#holds.figures.add(this.#holds.leftAt(row), this.#amounts, at);
      this.#accounts.figures.add(held, this.#amounts, at);
    }
    this.#count = 0;
  }

  /** Ends the holds of which nothing is left. Until the entry is certain they stay, so that they can be put back. */
  settle(captures: readonly Capture[]): void {
    for (let index = 0; index < this.#count; index++) {
      if (!this.#holds.figures.isZero(this.#holds.leftAt(this.#rows[index] as number))) continue;
      // Rows move when one is removed.
      this.#endEmpty(captures);
      return;
    }
  }

  #endEmpty(captures: readonly Capture[]): void {
    for (const { hold } of captures) {
      const row = this.#holds.find(hold);
      if (row >= 0 && this.#holds.left(row) === 0n) this.#holds.remove(row);
    }
  }

  /** The holds that requests capture from, as they are now. */
  holdsOf(requests: readonly EntryRequest[]): Iterable<Hold> {
    const holds = new Map<number, Hold>();
    for (const { captures = [] } of requests) {
      for (const { hold: id } of captures) {
        const row = this.#holds.find(id);
        if (row >= 0) holds.set(id, this.#holds.get(row));
      }
    }
    return holds.values();
  }

  /** Makes a hold what it was before entries captured from it, whether they have ended it or not. */
  restore(hold: Hold): void {
    const { id, account, amount } = hold;
    const row = this.#holds.find(id);
    const left = row < 0 ? 0n : this.#holds.left(row);
    if (row < 0) this.#holds.add(hold);
    else this.#holds.setLeft(row, amount);
    this.#accounts.setHeld(account, this.#accounts.held(account) + amount - left);
  }

  #growTo(count: number): void {
    if (count <= this.#rows.length) return;
    this.#rows = new Int32Array(2 * count);
    this.#accountsOf = new Int32Array(2 * count);
    this.#amounts.growTo(2 * count * AMOUNT_CELLS);
  }
}
