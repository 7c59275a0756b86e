import type { AccountTable } from "./account-table.ts";
import { type EntryType, TRADE } from "./entry-type.ts";
import type { PostingSheet } from "./posting-sheet.ts";
import { type Refusal, refused } from "./refusal.ts";
import { textRefusal } from "./text-rule.ts";

/** The most characters of an entry's kind. */
export const KIND_LIMIT = 64;

/**
 * Who may leave what rounding left over on accounts of kind `rounding`: entries of a type whose rule says so, at most a unit for each of
 * their other postings in the asset. So nobody hides money where nobody looks.
 *
 * What is there may be taken out by any entry, and whoever corrects an entry may take back all of it.
 */
export class RoundingRule {
  readonly #kinds: ReadonlySet<string>;

  /** Throws a `RangeError` for two types of one kind, or a kind that no entry has. */
  constructor(types: readonly EntryType[] = [TRADE]) {
    for (const { kind } of types) assertKind(kind);
    if (new Set(types.map(({ kind }) => kind)).size < types.length) {
      throw new RangeError("expected one type of a kind of entry");
    }
    const kinds = types.filter(({ rounding }) => rounding.dust === "rounding");
    this.#kinds = new Set(kinds.map(({ kind }) => kind));
  }

  /** What is wrong with what an entry leaves on rounding accounts, or undefined. */
  refusal(
    kind: string,
    corrects: number,
    sheet: PostingSheet,
    accounts: AccountTable,
  ): Refusal | undefined {
    // Most books have none.
    if (!accounts.hasRounding || corrects !== 0) return undefined;
    const isOfType = this.#kinds.has(kind);
    for (let index = 0; index < sheet.count; index++) {
      const account = sheet.account(index);
      if (!accounts.isRounding(account)) continue;
      if (!isOfType && !sheet.isDebit(index)) {
        return refused("dust_without_rule", `postings[${index}].account`, { account });
      }
      if (isOfType && !isDust(sheet.slots[index] as number, sheet, accounts)) {
        return refused("dust_above_rounding", `postings[${index}].amount`, { account });
      }
    }
    return undefined;
  }
}

/** Whether it is at most a unit for each of the other postings in the asset. (Who is paid less than a unit gets no posting at all.) */
const isDust = (slot: number, sheet: PostingSheet, accounts: AccountTable): boolean => {
  let dust = 0n;
  let rounded = 0n;
  for (let index = 0; index < sheet.count; index++) {
    if (sheet.slots[index] !== slot) continue;
    if (accounts.isRounding(sheet.account(index))) dust += sheet.amount(index);
    else rounded += 1n;
  }
  return -rounded <= dust && dust <= rounded;
};

/** Throws a `RangeError` for what can't be the kind of an entry. */
export const assertKind = (kind: string): void => {
  if (kind !== "" && textRefusal(kind, KIND_LIMIT, "kind") === undefined) return;
  throw new RangeError(`expected a kind of entry of 1 to ${KIND_LIMIT} characters, was ${kind}`);
};
