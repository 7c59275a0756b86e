import {
  type AccountBound,
  type AccountOpening,
  type AccountStatus,
  CHART_OF_ACCOUNTS,
} from "../account.ts";
import type { Capture, Entry, EntryRequest, Posting, PostingRequest } from "../entry.ts";
import type { Hold, HoldRequest } from "../hold.ts";
import type { LedgerRefusalCode } from "../refusal.ts";

/** What the naive ledger answers: an outcome, or the code of the rule that is broken. */
export type Verdict<Outcome = object> =
  | ({ ok: true } & Outcome)
  | { ok: false; code: LedgerRefusalCode; index?: number };

/** An entry, and whether it had been posted before. */
export interface ReferencePosted {
  readonly ok: true;
  readonly entry: Entry;
  readonly repeated: boolean;
}

const LIMIT = 2n ** 127n;
const no = (code: LedgerRefusalCode): { ok: false; code: LedgerRefusalCode } => ({
  ok: false,
  code,
});
const inRange = (amount: bigint): boolean => amount > -LIMIT && amount < LIMIT;
const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, one) => total + one, 0n);

/**
 * The books as one would write them with no thought for speed: it keeps the entries and the open holds, and adds up
 * everything else each time it is asked. The oracle for `Books`.
 */
export class ReferenceLedger {
  readonly openings: AccountOpening[] = [];
  /** By account, of those whose status was set. */
  readonly statuses: Map<number, AccountStatus> = new Map();
  entries: { entry: Entry; captures: readonly Capture[] }[] = [];
  holds: Hold[] = [];
  /** Keys that count; the others are forgotten. */
  keys: Set<string> = new Set();

  openAccount(opening: AccountOpening): Verdict<{ account: number }> {
    const { owner, sub = "", kind, place = "", bound } = opening;
    if (owner === "") return no("text_missing");
    const malformed = wrongText(owner, 255) ?? wrongText(sub, 64) ?? wrongText(place, 64);
    if (malformed !== undefined) return no(malformed);
    if (place !== "" && kind !== "custody") return no("account_place_not_custody");
    const own = CHART_OF_ACCOUNTS[kind].bound;
    if (own !== "none" && bound !== undefined && bound !== own) return no("account_bound_of_kind");
    if (this.openings.some((known) => nameOf(known) === nameOf(opening))) {
      return no("account_already_open");
    }
    this.openings.push(opening);
    return { ok: true, account: this.openings.length };
  }

  setStatus(account: number, status: AccountStatus): Verdict {
    if (this.openings[account - 1] === undefined) return no("account_unknown");
    if (this.statuses.get(account) === "closed") return no("account_closed");
    const isEmpty = this.balance(account) === 0n && this.held(account) === 0n;
    if (status === "closed" && !isEmpty) return no("account_not_empty");
    this.statuses.set(account, status);
    return { ok: true };
  }

  balance(account: number): bigint {
    const postings = this.entries.flatMap(({ entry }) => entry.postings);
    return sum(postings.filter((one) => one.account === account).map(({ amount }) => amount));
  }

  held(account: number): bigint {
    return sum(this.holds.filter((one) => one.account === account).map(({ amount }) => amount));
  }

  post(request: EntryRequest): ReferencePosted | { ok: false; code: LedgerRefusalCode } {
    const {
      kind,
      at,
      bookedAt = at,
      key = "",
      memo = "",
      corrects = 0,
      postings,
      captures = [],
    } = request;
    if (this.keys.has(key)) return this.#repeated(key, { ...request, memo, corrects }, captures);
    const refusal =
      textRefusal(kind, key, memo) ??
      (corrects < 0 || corrects > this.entries.length ? "entry_corrected_unknown" : undefined) ??
      this.#postingRefusal(postings) ??
      this.#sumRefusal(postings) ??
      this.#dustRefusal(kind, corrects, postings) ??
      this.#captureRefusal(captures, postings);
    if (refusal !== undefined) return no(refusal);

    const frozen = this.#frozenRefusals(captures, postings);
    const before = this.holds;
    this.holds = this.#holdsAfter(captures);
    const posted = this.#posted(postings);
    const entry: Entry = {
      number: this.entries.length + 1,
      kind,
      at,
      bookedAt,
      key,
      memo,
      corrects,
      postings: posted,
    };
    this.entries.push({ entry, captures });
    const broken = this.#brokenBound(posted, frozen);
    if (broken !== undefined) {
      this.entries.pop();
      this.holds = before;
      return no(broken);
    }
    if (key !== "") this.keys.add(key);
    return { ok: true, entry, repeated: false };
  }

  postLinked(requests: readonly EntryRequest[]): Verdict<{ posted: ReferencePosted[] }> {
    if (requests.length === 0) return no("entries_too_few");
    if (requests.length > 1_000) return no("entries_too_many");
    const { entries, holds, keys } = this;
    this.entries = [...entries];
    this.keys = new Set(keys);
    const posted: ReferencePosted[] = [];
    for (const [index, request] of requests.entries()) {
      const one = this.post(request);
      if (!one.ok) {
        Object.assign(this, { entries, holds, keys });
        return { ...one, index };
      }
      posted.push(one);
    }
    return { ok: true, posted };
  }

  hold(request: HoldRequest): Verdict {
    const { id, account, amount } = request;
    if (this.openings[account - 1] === undefined) return no("account_unknown");
    if (this.statuses.get(account) === "closed") return no("account_closed");
    if (this.statuses.get(account) === "frozen") return no("account_frozen");
    if (amount <= 0n) return no("amount_must_be_positive");
    if (!inRange(amount)) return no("amount_out_of_range");
    if (this.#hold(id) !== undefined) return no("hold_already_open");
    if (!inRange(this.held(account) + amount)) return no("amount_out_of_range");
    const available = this.balance(account) - this.held(account);
    if (this.#bound(account) === "never_below_zero" && available < amount) {
      return no("balance_below_hold");
    }
    this.holds = [...this.holds, { expiresAt: 0, ...request }];
    return { ok: true };
  }

  reduceHold(id: number, to: bigint): Verdict {
    const hold = this.#hold(id);
    if (hold === undefined) return no("hold_unknown");
    if (to < 0n || to > hold.amount) return no("hold_cannot_grow");
    this.holds = this.#withHold(this.holds, id, to);
    return { ok: true };
  }

  release(id: number, amount?: bigint): Verdict {
    const hold = this.#hold(id);
    if (hold === undefined) return no("hold_unknown");
    if (amount !== undefined && amount <= 0n) return no("amount_must_be_positive");
    if (amount !== undefined && amount > hold.amount) return no("release_above_hold");
    this.holds = this.#withHold(this.holds, id, hold.amount - (amount ?? hold.amount));
    return { ok: true };
  }

  expireHolds(at: number): Hold[] {
    const isDue = ({ expiresAt }: Hold): boolean => expiresAt !== 0 && expiresAt <= at;
    const due = this.holds.filter(isDue);
    this.holds = this.holds.filter((hold) => !isDue(hold));
    return due.sort((one, other) => one.expiresAt - other.expiresAt || one.id - other.id);
  }

  forgetKeysBefore(at: number): void {
    for (const key of this.keys) {
      const original = this.entries.findLast(({ entry }) => entry.key === key);
      if (original === undefined || original.entry.at >= at) return;
      this.keys.delete(key);
    }
  }

  #bound(account: number): AccountBound {
    const opening = this.openings[account - 1];
    return opening?.bound ?? CHART_OF_ACCOUNTS[opening?.kind ?? "house"].bound;
  }

  #hold(id: number): Hold | undefined {
    return this.holds.find((hold) => hold.id === id);
  }

  #withHold(holds: Hold[], id: number, left: bigint): Hold[] {
    return holds
      .map((hold) => (hold.id === id ? { ...hold, amount: left } : hold))
      .filter(({ amount }) => amount > 0n);
  }

  #repeated(
    key: string,
    request: EntryRequest & { memo: string; corrects: number },
    captures: readonly Capture[],
  ): ReferencePosted | { ok: false; code: LedgerRefusalCode } {
    const original = this.entries.findLast(({ entry }) => entry.key === key);
    if (original === undefined) throw new Error("a key without an entry");
    const { entry } = original;
    const bookedAt = request.bookedAt ?? entry.at;
    const isSame = bodyOf(entry, original.captures) === bodyOf({ ...request, bookedAt }, captures);
    return isSame ? { ok: true, entry, repeated: true } : no("key_used_for_another_body");
  }

  #postingRefusal(postings: readonly PostingRequest[]): LedgerRefusalCode | undefined {
    if (postings.length < 2) return "postings_too_few";
    if (postings.length > 10_000) return "postings_too_many";
    for (const { account, amount } of postings) {
      if (this.openings[account - 1] === undefined) return "account_unknown";
      if (this.statuses.get(account) === "closed") return "account_closed";
      if (amount === 0n) return "amount_must_not_be_zero";
      if (!inRange(amount)) return "amount_out_of_range";
    }
    return undefined;
  }

  #sumRefusal(postings: readonly PostingRequest[]): LedgerRefusalCode | undefined {
    const sums = new Map<number, bigint>();
    for (const { account, amount } of postings) {
      const asset = this.openings[account - 1]?.asset ?? 0;
      const total = (sums.get(asset) ?? 0n) + amount;
      if (!inRange(total)) return "amount_out_of_range";
      sums.set(asset, total);
    }
    return [...sums.values()].every((total) => total === 0n) ? undefined : "entry_does_not_balance";
  }

  /** Of entry types, only trades round. */
  #dustRefusal(
    kind: string,
    corrects: number,
    postings: readonly PostingRequest[],
  ): LedgerRefusalCode | undefined {
    const isDust = ({ account }: PostingRequest): boolean =>
      this.openings[account - 1]?.kind === "rounding";
    if (corrects !== 0) return undefined;
    if (kind !== "trade") {
      return postings.some((one) => isDust(one) && one.amount > 0n)
        ? "dust_without_rule"
        : undefined;
    }
    for (const asset of [1, 2, 3]) {
      const those = postings.filter(({ account }) => this.openings[account - 1]?.asset === asset);
      const dust = those.filter(isDust);
      const total = sum(dust.map(({ amount }) => amount));
      const most = BigInt(those.length - dust.length);
      if (dust.length > 0 && (total > most || total < -most)) return "dust_above_rounding";
    }
    return undefined;
  }

  #captureRefusal(
    captures: readonly Capture[],
    postings: readonly PostingRequest[],
  ): LedgerRefusalCode | undefined {
    if (captures.length > 1_000) return "captures_too_many";
    for (const [index, { hold: id, amount }] of captures.entries()) {
      const hold = this.#hold(id);
      const before = captures.slice(0, index);
      const left =
        (hold?.amount ?? 0n) -
        sum(before.filter((one) => one.hold === id).map((one) => one.amount));
      if (hold === undefined) return "hold_unknown";
      if (amount <= 0n) return "amount_must_be_positive";
      if (amount > left) return "capture_above_hold";
      const captured = captures
        .slice(0, index + 1)
        .filter((one) => this.#hold(one.hold)?.account === hold.account);
      const debits = postings.filter((one) => one.account === hold.account && one.amount < 0n);
      if (sum(captured.map((one) => one.amount)) > -sum(debits.map((one) => one.amount))) {
        return "capture_not_posted";
      }
    }
    return undefined;
  }

  /** The accounts that are frozen and of which the entry takes more than was held on them. */
  #frozenRefusals(captures: readonly Capture[], postings: readonly PostingRequest[]): Set<number> {
    const refused = new Set<number>();
    for (const { account } of postings) {
      if (this.statuses.get(account) !== "frozen") continue;
      const isCustody = this.#bound(account) === "never_above_zero";
      const amounts = postings.filter((one) => one.account === account).map((one) => one.amount);
      const debits = -sum(amounts.filter((amount) => amount < 0n));
      const captured = captures.filter((one) => this.#hold(one.hold)?.account === account);
      const isCovered = sum(captured.map((one) => one.amount)) >= debits;
      const isRefused = isCustody ? amounts.some((amount) => amount > 0n) : !isCovered;
      if (isRefused) refused.add(account);
    }
    return refused;
  }

  #holdsAfter(captures: readonly Capture[]): Hold[] {
    let holds = this.holds;
    for (const { hold: id, amount } of captures) {
      const hold = holds.find((one) => one.id === id);
      if (hold !== undefined) holds = this.#withHold(holds, id, hold.amount - amount);
    }
    return holds;
  }

  #posted(postings: readonly PostingRequest[]): Posting[] {
    return postings.map(({ account, amount }, index) => {
      const so = postings.slice(0, index + 1).filter((one) => one.account === account);
      return {
        account,
        amount,
        balanceAfter: this.balance(account) + sum(so.map((one) => one.amount)),
      };
    });
  }

  #brokenBound(
    posted: readonly Posting[],
    frozen: ReadonlySet<number>,
  ): LedgerRefusalCode | undefined {
    if (posted.some(({ balanceAfter }) => !inRange(balanceAfter))) return "amount_out_of_range";
    for (const { account, amount } of posted) {
      const bound = this.#bound(account);
      const balance = this.balance(account);
      const available = balance - this.held(account);
      const isOut = bound === "never_above_zero" ? amount > 0n : amount < 0n;
      if (isOut && frozen.has(account)) return "account_frozen";
      const code = amount < 0n ? brokenFloor(bound, available) : brokenCeiling(bound, balance);
      if (code !== undefined) return code;
    }
    return undefined;
  }
}

const brokenFloor = (bound: AccountBound, available: bigint): LedgerRefusalCode | undefined =>
  bound === "never_below_zero" && available < 0n ? "balance_below_floor" : undefined;

const brokenCeiling = (bound: AccountBound, balance: bigint): LedgerRefusalCode | undefined =>
  bound === "never_above_zero" && balance > 0n ? "balance_above_ceiling" : undefined;

const nameOf = ({ owner, sub = "", asset, kind, place = "" }: AccountOpening): string =>
  JSON.stringify([owner, sub, asset, kind, place]);

const bodyOf = (
  { kind, bookedAt, memo, corrects, postings }: Omit<EntryRequest, "at" | "key" | "captures">,
  captures: readonly Capture[],
): string =>
  JSON.stringify([
    kind,
    bookedAt,
    memo,
    corrects,
    postings.map(({ account, amount }) => [account, String(amount)]),
    captures.map(({ hold, amount }) => [hold, String(amount)]),
  ]);

const textRefusal = (kind: string, key: string, memo: string): LedgerRefusalCode | undefined => {
  if (kind === "") return "text_missing";
  return wrongText(kind, 64) ?? wrongText(key, 128) ?? wrongText(memo, 1_024);
};

const wrongText = (text: string, limit: number): LedgerRefusalCode | undefined => {
  if (text.length > limit) return "text_too_long";
  return isStorable(text) ? undefined : "text_malformed";
};

/** A text that survives UTF-8 and PostgreSQL. */
const isStorable = (text: string): boolean => !text.includes("\0") && !/\p{Surrogate}/u.test(text);
