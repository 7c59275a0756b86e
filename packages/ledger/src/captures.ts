import type { AccountTable } from "./account-table.ts";
import { assertAmount } from "./amount.ts";
import { CAPTURES_LIMIT, type Capture, type EntryRequest, type PostingRequest } from "./entry.ts";
import type { Hold } from "./hold.ts";
import type { HoldTable } from "./hold-table.ts";
import { type Refusal, refused } from "./refusal.ts";

/** How entries spend holds. */
export class Captures {
  readonly #accounts: AccountTable;
  readonly #holds: HoldTable;

  constructor(accounts: AccountTable, holds: HoldTable) {
    this.#accounts = accounts;
    this.#holds = holds;
  }

  /** Takes what is captured out of its holds. On refusal everything is put back. */
  take(captures: readonly Capture[], postings: readonly PostingRequest[]): Refusal | undefined {
    // A wrong type throws, so it has to be found before anything is taken.
    for (const { amount } of captures) assertAmount(amount);
    if (captures.length > CAPTURES_LIMIT) return refused("captures_too_many", "captures");
    for (let index = 0; index < captures.length; index++) {
      const refusal = this.#takeOne(captures, index, postings);
      if (refusal === undefined) continue;
      this.#putBack(captures, index);
      return refusal;
    }
    return undefined;
  }

  #takeOne(
    captures: readonly Capture[],
    index: number,
    postings: readonly PostingRequest[],
  ): Refusal | undefined {
    const { hold: id, amount } = captures[index] as Capture;
    const row = this.#holds.find(id);
    if (row < 0) return refused("hold_unknown", `captures[${index}].hold`);
    if (amount <= 0n) return refused("amount_must_be_positive", `captures[${index}].amount`);
    const account = this.#holds.account(row);
    const left = this.#holds.left(row);
    if (amount > left) {
      return refused("capture_above_hold", `captures[${index}].amount`, {
        account,
        needed: amount,
        available: left,
      });
    }
    const captured = amount + this.#capturedOf(account, captures, index);
    const debited = debitsOf(account, postings);
    if (captured > debited) {
      return refused("capture_not_posted", `captures[${index}].amount`, {
        account,
        needed: captured,
        available: debited,
      });
    }
    this.#holds.setLeft(row, left - amount);
    this.#accounts.setHeld(account, this.#accounts.held(account) - amount);
    return undefined;
  }

  /** What the first so many captures take from an account. */
  #capturedOf(account: number, captures: readonly Capture[], count: number): bigint {
    let captured = 0n;
    for (let index = 0; index < count; index++) {
      const { hold, amount } = captures[index] as Capture;
      if (this.#holds.account(this.#holds.find(hold)) === account) captured += amount;
    }
    return captured;
  }

  /** Whether all that is debited from an account was taken from its holds. */
  cover(
    account: number,
    captures: readonly Capture[],
    postings: readonly PostingRequest[],
  ): boolean {
    const captured = this.#capturedOf(account, captures, captures.length);
    return captured >= debitsOf(account, postings);
  }

  /** Puts back what was taken. */
  putBack(captures: readonly Capture[]): void {
    this.#putBack(captures, captures.length);
  }

  #putBack(captures: readonly Capture[], count: number): void {
    for (let index = 0; index < count; index++) {
      const { hold, amount } = captures[index] as Capture;
      const row = this.#holds.find(hold);
      const account = this.#holds.account(row);
      this.#holds.setLeft(row, this.#holds.left(row) + amount);
      this.#accounts.setHeld(account, this.#accounts.held(account) + amount);
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

  /** Ends the holds of which nothing is left. Until the entry is certain they stay, so that they can be put back. */
  settle(captures: readonly Capture[]): void {
    for (const { hold } of captures) {
      const row = this.#holds.find(hold);
      if (row >= 0 && this.#holds.left(row) === 0n) this.#holds.remove(row);
    }
  }
}

const debitsOf = (account: number, postings: readonly PostingRequest[]): bigint => {
  let debits = 0n;
  for (const posting of postings) {
    if (posting.account === account && posting.amount < 0n) debits -= posting.amount;
  }
  return debits;
};
