import { type AccountOpening, CHART_OF_ACCOUNTS } from "../account.ts";
import type { Capture, Entry, EntryRequest, Posting, PostingRequest } from "../entry.ts";
import type { HoldRequest } from "../hold.ts";
import type { LedgerRefusalCode } from "../refusal.ts";

/** What the naive ledger answers: an outcome, or the code of the rule that is broken. */
export type Verdict<Outcome = object> =
  | ({ ok: true } & Outcome)
  | { ok: false; code: LedgerRefusalCode };

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
  entries: { entry: Entry; captures: readonly Capture[] }[] = [];
  holds: HoldRequest[] = [];
  /** Keys that count; the others are forgotten. */
  readonly keys: Set<string> = new Set();

  openAccount(opening: AccountOpening): Verdict<{ account: number }> {
    if (opening.owner === "") return no("text_missing");
    if (opening.owner.length > 255) return no("text_too_long");
    if (!isStorable(opening.owner)) return no("text_malformed");
    if (this.openings.some((known) => nameOf(known) === nameOf(opening))) {
      return no("account_already_open");
    }
    this.openings.push(opening);
    return { ok: true, account: this.openings.length };
  }

  balance(account: number): bigint {
    const postings = this.entries.flatMap(({ entry }) => entry.postings);
    return sum(postings.filter((one) => one.account === account).map(({ amount }) => amount));
  }

  held(account: number): bigint {
    return sum(this.holds.filter((one) => one.account === account).map(({ amount }) => amount));
  }

  post(request: EntryRequest): Verdict<{ entry: Entry }> {
    const { kind, at, key = "", memo = "", corrects = 0, postings, captures = [] } = request;
    if (this.keys.has(key)) return this.#repeated(key, { ...request, memo, corrects }, captures);
    const refusal =
      textRefusal(kind, key, memo) ??
      (corrects < 0 || corrects > this.entries.length ? "entry_corrected_unknown" : undefined) ??
      this.#postingRefusal(postings) ??
      this.#sumRefusal(postings) ??
      this.#captureRefusal(captures, postings);
    if (refusal !== undefined) return no(refusal);

    const before = this.holds;
    this.holds = this.#holdsAfter(captures);
    const posted = this.#posted(postings);
    const entry: Entry = {
      number: this.entries.length + 1,
      kind,
      at,
      key,
      memo,
      corrects,
      postings: posted,
    };
    this.entries.push({ entry, captures });
    const broken = this.#brokenBound(posted);
    if (broken !== undefined) {
      this.entries.pop();
      this.holds = before;
      return no(broken);
    }
    if (key !== "") this.keys.add(key);
    return { ok: true, entry };
  }

  hold(request: HoldRequest): Verdict {
    const { id, account, amount } = request;
    const opening = this.openings[account - 1];
    if (opening === undefined) return no("account_unknown");
    if (amount <= 0n) return no("amount_must_be_positive");
    if (!inRange(amount)) return no("amount_out_of_range");
    if (this.#hold(id) !== undefined) return no("hold_already_open");
    if (!inRange(this.held(account) + amount)) return no("amount_out_of_range");
    const { floor } = CHART_OF_ACCOUNTS[opening.kind];
    const available = this.balance(account) - this.held(account);
    if (floor !== undefined && available - amount < floor) return no("balance_below_hold");
    this.holds = [...this.holds, request];
    return { ok: true };
  }

  reduceHold(id: number, to: bigint): Verdict {
    const hold = this.#hold(id);
    if (hold === undefined) return no("hold_unknown");
    if (to < 0n || to > hold.amount) return no("hold_cannot_grow");
    this.holds = this.#withHold(this.holds, id, to);
    return { ok: true };
  }

  release(id: number): Verdict {
    return this.reduceHold(id, 0n);
  }

  forgetKeysBefore(at: number): void {
    for (const key of this.keys) {
      const original = this.entries.findLast(({ entry }) => entry.key === key);
      if (original === undefined || original.entry.at >= at) return;
      this.keys.delete(key);
    }
  }

  #hold(id: number): HoldRequest | undefined {
    return this.holds.find((hold) => hold.id === id);
  }

  #withHold(holds: HoldRequest[], id: number, left: bigint): HoldRequest[] {
    return holds
      .map((hold) => (hold.id === id ? { ...hold, amount: left } : hold))
      .filter(({ amount }) => amount > 0n);
  }

  #repeated(
    key: string,
    request: EntryRequest & { memo: string; corrects: number },
    captures: readonly Capture[],
  ): Verdict<{ entry: Entry }> {
    const original = this.entries.findLast(({ entry }) => entry.key === key);
    if (original === undefined) throw new Error("a key without an entry");
    const { entry } = original;
    const isSame = bodyOf(entry, original.captures) === bodyOf(request, captures);
    return isSame ? { ok: true, entry } : no("key_used_for_another_body");
  }

  #postingRefusal(postings: readonly PostingRequest[]): LedgerRefusalCode | undefined {
    if (postings.length < 2) return "postings_too_few";
    if (postings.length > 10_000) return "postings_too_many";
    for (const { account, amount } of postings) {
      if (this.openings[account - 1] === undefined) return "account_unknown";
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

  #holdsAfter(captures: readonly Capture[]): HoldRequest[] {
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

  #brokenBound(posted: readonly Posting[]): LedgerRefusalCode | undefined {
    for (const { account, amount, balanceAfter } of posted) {
      const kind = this.openings[account - 1]?.kind ?? "house";
      const { floor, ceiling } = CHART_OF_ACCOUNTS[kind];
      const balance = this.balance(account);
      if (!inRange(balanceAfter)) return "amount_out_of_range";
      if (amount < 0n && floor !== undefined && balance - this.held(account) < floor) {
        return "balance_below_floor";
      }
      if (amount > 0n && ceiling !== undefined && balance > ceiling) return "balance_above_ceiling";
    }
    return undefined;
  }
}

const nameOf = ({ owner, asset, kind }: AccountOpening): string =>
  JSON.stringify([owner, asset, kind]);

const bodyOf = (
  { kind, memo, corrects, postings }: Pick<EntryRequest, "kind" | "memo" | "corrects" | "postings">,
  captures: readonly Capture[],
): string =>
  JSON.stringify([
    kind,
    memo,
    corrects,
    postings.map(({ account, amount }) => [account, String(amount)]),
    captures.map(({ hold, amount }) => [hold, String(amount)]),
  ]);

const textRefusal = (kind: string, key: string, memo: string): LedgerRefusalCode | undefined => {
  if (kind === "") return "text_missing";
  if (kind.length > 64) return "text_too_long";
  if (!isStorable(kind)) return "text_malformed";
  if (key.length > 128) return "text_too_long";
  if (!isStorable(key)) return "text_malformed";
  if (memo.length > 1024) return "text_too_long";
  return isStorable(memo) ? undefined : "text_malformed";
};

/** A text that survives UTF-8 and PostgreSQL. */
const isStorable = (text: string): boolean => !text.includes("\0") && !/\p{Surrogate}/u.test(text);
