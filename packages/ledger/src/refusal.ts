/** A sentence that names the rule. `LEDGER_REFUSALS` has it in full. */
export type LedgerRefusalCode =
  | "text_missing"
  | "text_too_long"
  | "text_malformed"
  | "account_unknown"
  | "account_already_open"
  | "account_place_not_custody"
  | "account_bound_of_kind"
  | "account_frozen"
  | "account_closed"
  | "account_not_empty"
  | "entries_too_few"
  | "entries_too_many"
  | "postings_too_few"
  | "postings_too_many"
  | "amount_must_not_be_zero"
  | "amount_must_be_positive"
  | "amount_out_of_range"
  | "entry_does_not_balance"
  | "entry_corrected_unknown"
  | "dust_without_rule"
  | "dust_above_rounding"
  | "key_used_for_another_body"
  | "captures_too_many"
  | "hold_unknown"
  | "hold_already_open"
  | "hold_cannot_grow"
  | "release_above_hold"
  | "capture_above_hold"
  | "capture_not_posted"
  | "balance_below_hold"
  | "balance_below_floor"
  | "balance_above_ceiling";

/** Why the books refuse: the rule that each code protects. */
export const LEDGER_REFUSALS: Readonly<Record<LedgerRefusalCode, string>> = {
  text_missing: "A kind and an owner have at least one character.",
  text_too_long:
    "Owner 255, sub-account, place and kind 64, key 128, memo 1,024 characters at most.",
  text_malformed: "A text has no NUL and no half of a surrogate pair.",
  account_unknown: "An account must have been opened.",
  account_already_open: "There is one account of an owner, sub-account, asset, kind and place.",
  account_place_not_custody: "Only custody has a place.",
  account_bound_of_kind: "An account whose kind has a bound has no other.",
  account_frozen:
    "Nothing goes out of a frozen account but what was held before, and nothing new is held on it.",
  account_closed: "A closed account takes nothing more and stays closed.",
  account_not_empty: "An account is closed when its balance is zero and nothing is held on it.",
  entries_too_few: "At least one entry is posted.",
  entries_too_many: "At most 1,000 entries are posted together.",
  postings_too_few: "An entry has at least two postings.",
  postings_too_many: "An entry has at most 10,000 postings.",
  amount_must_not_be_zero: "A posting moves something.",
  amount_must_be_positive: "What is held, released or captured is greater than zero.",
  amount_out_of_range: "An amount is above -2^127 and below 2^127.",
  entry_does_not_balance: "The postings of an entry add up to zero in every asset.",
  entry_corrected_unknown: "An entry corrects one that came before it.",
  dust_without_rule:
    "A rounding account is credited by entries whose type rounds into it, and by those that correct one.",
  dust_above_rounding:
    "Rounding leaves at most a unit for each posting in the asset that isn't dust itself.",
  key_used_for_another_body: "A key stands for one entry only.",
  captures_too_many: "An entry captures at most 1,000 times.",
  hold_unknown: "A hold must be open.",
  hold_already_open: "An id stands for one open hold.",
  hold_cannot_grow: "A hold is reduced to what it has or less, and to zero or more.",
  release_above_hold: "What is released is left of the hold.",
  capture_above_hold: "An entry captures at most what is left of a hold.",
  capture_not_posted: "What is captured from an account is debited from it in the same entry.",
  balance_below_hold: "What is held is available.",
  balance_below_floor:
    "Available (balance minus holds) never falls below zero where the bound says so.",
  balance_above_ceiling: "The balance never rises above zero where the bound says so.",
};

/** The books said no, and nothing has changed. */
export interface Refusal {
  readonly ok: false;
  readonly code: LedgerRefusalCode;
  /** Where in the request: "postings[2].amount". */
  readonly field: string;
  /** Which of the requests that were to be posted together, from 0. */
  readonly index?: number;
  readonly account?: number;
  /** What would have been needed, for refusals about money. */
  readonly needed?: bigint;
  /** What there was. */
  readonly available?: bigint;
  /** What stands on an account that isn't empty. */
  readonly balance?: bigint;
  readonly held?: bigint;
}

export const refused = (
  code: LedgerRefusalCode,
  field: string,
  details?: Omit<Refusal, "ok" | "code" | "field" | "index">,
): Refusal => ({ ok: false, code, field, ...details });
