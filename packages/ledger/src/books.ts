import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import {
  ACCOUNT_BOUNDS,
  ACCOUNT_STATUSES,
  type Account,
  type AccountKind,
  type AccountOpening,
  type AccountStatus,
  CHART_OF_ACCOUNTS,
} from "./account.ts";
import { AccountTable } from "./account-table.ts";
import { assertAmount, isAmountInRange } from "./amount.ts";
import type { BooksPart } from "./books-part.ts";
import { readBooks, writeBooks } from "./books-snapshot.ts";
import { Captures } from "./captures.ts";
import { type Capture, type Entry, type EntryRequest, LINKED_LIMIT } from "./entry.ts";
import type { EntryType } from "./entry-type.ts";
import { HOLD_KINDS, type Hold, type HoldRequest } from "./hold.ts";
import { HoldTable } from "./hold-table.ts";
import { invariant } from "./invariant.ts";
import { balancesRefusal } from "./posting-rules.ts";
import { PostingSheet } from "./posting-sheet.ts";
import { type Refusal, refused } from "./refusal.ts";
import { isSameBody, RememberedEntries, type RememberedEntry } from "./remembered-entries.ts";
import { KIND_LIMIT, RoundingRule } from "./rounding-rule.ts";
import { textRefusal } from "./text-rule.ts";
import { ZeroSum } from "./zero-sum.ts";

/** An entry was posted. */
export interface Posted {
  readonly ok: true;
  readonly entry: Entry;
  /** True: its key was known, this is the original entry, and nothing happened again. */
  readonly repeated: boolean;
}

/** An entry was posted, now or before with its key, and this is its number. */
export interface Applied {
  readonly ok: true;
  readonly number: number;
}

/** Entries were posted together, in the order of their requests. */
export interface PostedLinked {
  readonly ok: true;
  readonly posted: readonly Posted[];
}

/** An account was opened, and this is its number. */
export interface AccountOpened {
  readonly ok: true;
  readonly account: number;
}

/** Something without an outcome of its own was done. */
export interface Done {
  readonly ok: true;
}

export interface BooksOptions {
  /** The kinds of entry whose amounts are rounded, and who gets the dust: `[TRADE]` unless told otherwise. */
  readonly entryTypes?: readonly EntryType[];
}

/** The most characters of each text. */
const OWNER_LIMIT = 255;
const SUB_LIMIT = 64;
const PLACE_LIMIT = 64;
const KEY_LIMIT = 128;
const MEMO_LIMIT = 1_024;

/** The last millisecond that a `Date` can tell. */
const LAST_TIME = 8_640_000_000_000_000;

const LAST_ASSET = 2 ** 31 - 1;

/** No hold is due at it. */
const NEVER = 0;

const NO_CAPTURES: readonly Capture[] = [];
const DONE: Done = { ok: true };

/**
 * Double-entry books in memory: accounts, entries whose postings add up to zero, and holds.
 *
 * Pure and deterministic: no clock, no I/O, and the same calls give the same entries, the same refusals and the same state, byte
 * for byte. What a user can cause is answered as a refusal that changes nothing; a wrong type throws.
 *
 * @example
 * const books = new Books();
 * const wallet = books.openAccount({ owner: "hot", asset: 1, kind: "custody" });
 * const alice = books.openAccount({ owner: "alice", asset: 1, kind: "customer" });
 * if (wallet.ok && alice.ok) {
 *   books.post({
 *     kind: "deposit",
 *     at: 0,
 *     postings: [
 *       { account: wallet.account, amount: -500n },
 *       { account: alice.account, amount: 500n },
 *     ],
 *   });
 *   books.balance(alice.account); // 500n
 * }
 */
export class Books {
  readonly #accounts: AccountTable = new AccountTable();
  readonly #holds: HoldTable = new HoldTable();
  readonly #remembered: RememberedEntries = new RememberedEntries();
  #nextEntry = 1;

  readonly #zeroSum: ZeroSum = new ZeroSum(this.#accounts);
  readonly #sheet: PostingSheet = new PostingSheet();
  readonly #captures: Captures = new Captures(this.#accounts, this.#holds, this.#sheet);
  readonly #rounding: RoundingRule;
  /** The kind that was checked last. A host uses a few, mostly the same one. */
  #checkedKind: string | undefined;

  /** Books without an account. Throws a `RangeError` for two entry types of one kind. */
  constructor({ entryTypes }: BooksOptions = {}) {
    this.#rounding = new RoundingRule(entryTypes);
  }

  /** The number that the next entry will get; one more than there are entries. */
  get nextEntry(): number {
    return this.#nextEntry;
  }

  /**
   * Opens an account and numbers it.
   *
   * Refused: `text_missing`, `text_too_long`, `text_malformed` (owner, sub, place), `account_place_not_custody`,
   * `account_bound_of_kind`, `account_already_open`, with that account.
   */
  openAccount(opening: AccountOpening): AccountOpened | Refusal {
    const { owner, sub = "", asset, kind, place = "" } = opening;
    if (!Object.hasOwn(CHART_OF_ACCOUNTS, kind)) {
      throw new RangeError(`expected a kind of account, was ${kind}`);
    }
    const { bound: boundOfKind } = CHART_OF_ACCOUNTS[kind];
    const { bound = boundOfKind } = opening;
    if (!ACCOUNT_BOUNDS.includes(bound)) throw new RangeError(`expected a bound, was ${bound}`);
    if (!Number.isInteger(asset) || asset < 1 || asset > LAST_ASSET) {
      throw new RangeError(`expected an asset's number, 1 to ${LAST_ASSET}, was ${asset}`);
    }
    if (owner === "") return refused("text_missing", "owner");
    const malformed =
      textRefusal(owner, OWNER_LIMIT, "owner") ??
      textRefusal(sub, SUB_LIMIT, "sub") ??
      textRefusal(place, PLACE_LIMIT, "place");
    if (malformed !== undefined) return malformed;
    if (place !== "" && kind !== "custody") return refused("account_place_not_custody", "place");
    if (bound !== boundOfKind && boundOfKind !== "none") {
      return refused("account_bound_of_kind", "bound");
    }
    const existing = this.#accounts.find(owner, sub, asset, kind, place);
    if (existing !== 0) return refused("account_already_open", "owner", { account: existing });

    return { ok: true, account: this.#accounts.open({ owner, sub, asset, kind, place, bound }) };
  }

  /** The number of the account of that name; 0 if there is none. */
  accountOf(
    owner: string,
    asset: number,
    kind: AccountKind,
    { sub = "", place = "" }: Pick<AccountOpening, "sub" | "place"> = {},
  ): number {
    return this.#accounts.find(owner, sub, asset, kind, place);
  }

  /** The account of that number. Throws a `RangeError` if none was opened. */
  account(account: number): Account {
    if (!this.#accounts.has(account)) this.#throwUnknown(account, 1);
    return this.#accounts.get(account);
  }

  /**
   * Freezes an account, opens it again, or closes it for ever.
   *
   * Refused: `account_unknown`, `account_closed`, `account_not_empty` with its balance and what is held.
   */
  setStatus(account: number, status: AccountStatus): Done | Refusal {
    if (!ACCOUNT_STATUSES.includes(status)) {
      throw new RangeError(`expected a status, was ${status}`);
    }
    if (!this.#accounts.has(account)) return refused("account_unknown", "account", { account });
    if (this.#accounts.isClosed(account)) return refused("account_closed", "account", { account });
    const balance = this.balance(account);
    const held = this.held(account);
    if (status === "closed" && (balance !== 0n || held !== 0n)) {
      return refused("account_not_empty", "account", { account, balance, held });
    }

    this.#accounts.setStatus(account, status);
    return DONE;
  }

  /** How many accounts were opened: the number of the last one. */
  get accountCount(): number {
    return this.#accounts.size;
  }

  /** All accounts, by number. */
  accounts(): Iterable<Account> {
    return this.#accounts[Symbol.iterator]();
  }

  /**
   * Posts an entry: all of its captures and postings, or nothing.
   *
   * A posting may spend what is available (balance minus holds) and what the entry captures; of a frozen account, only what
   * the entry captures. Bounds count once all postings are in, so their order doesn't matter. A hold of which nothing is left
   * has ended. Accounts of kind `rounding` are credited by entries of the types that round into them, a unit at most for each
   * of their other postings in the asset, and by entries that correct one.
   *
   * With a key, the same key and body answers the entry that was posted then. Refused entries are not remembered: a
   * retry is judged afresh. Keys are kept until `forgetKeysBefore`; an entry without one costs nothing.
   */
  post(request: EntryRequest): Posted | Refusal {
    const original = this.#originalOf(request);
    if (original !== undefined) return original;
    const refusal = this.#applyRefusal(request);
    return refusal ?? { ok: true, entry: this.#entryOf(request), repeated: false };
  }

  /**
   * Posts an entry as `post` does, and answers its number alone: for whoever reads balances and has no use for the entry. It
   * costs no memory, unless it has a key.
   */
  apply(request: EntryRequest): Applied | Refusal {
    const original = this.#originalOf(request);
    if (original !== undefined) return original.ok ? applied(original.entry.number) : original;
    const refusal = this.#applyRefusal(request);
    if (refusal !== undefined) return refusal;
    if (request.key !== undefined && request.key !== "")
      return applied(this.#entryOf(request).number);
    this.#nextEntry += 1;
    return applied(this.#nextEntry - 1);
  }

  /**
   * Posts entries one after the other, all of them or none: later ones may spend what earlier ones bring.
   *
   * Refused: `entries_too_few`, `entries_too_many` (1 to 1,000), and whatever `post` refuses one of them for, with its `index`
   * and the field within it (`requests[2].postings[0].amount`).
   */
  postLinked(requests: readonly EntryRequest[]): PostedLinked | Refusal {
    if (requests.length === 0) return refused("entries_too_few", "requests");
    if (requests.length > LINKED_LIMIT) return refused("entries_too_many", "requests");
    const holds = this.#captures.holdsOf(requests);
    const posted: Posted[] = [];
    try {
      for (const [index, request] of requests.entries()) {
        const one = this.post(request);
        if (!one.ok) {
          this.#takeBack(posted, holds);
          return { ...one, field: `requests[${index}].${one.field}`, index };
        }
        posted.push(one);
      }
    } catch (error) {
      this.#takeBack(posted, holds);
      throw error;
    }
    return { ok: true, posted };
  }

  /** Forgets keys of entries whose time is before `at`, from the oldest entry on, up to the first that isn't. */
  forgetKeysBefore(at: number): void {
    this.#remembered.forgetBefore(at);
  }

  /**
   * Reserves what is available on an account. Nothing is posted: the balance stays, available falls.
   *
   * Refused: `account_unknown`, `account_closed`, `account_frozen`, `amount_must_be_positive`, `amount_out_of_range`,
   * `hold_already_open`, `balance_below_hold` with what was needed and available.
   */
  hold(request: HoldRequest): Done | Refusal {
    const { id, account, amount, kind, expiresAt = NEVER } = request;
    if (!Number.isSafeInteger(id) || id < 1) {
      throw new RangeError(`expected a hold's id, a safe integer from 1, was ${id}`);
    }
    if (!HOLD_KINDS.includes(kind)) throw new RangeError(`expected a kind of hold, was ${kind}`);
    assertAmount(amount);
    assertTime(expiresAt);
    if (!this.#accounts.has(account)) return refused("account_unknown", "account", { account });
    if (this.#accounts.isClosed(account)) return refused("account_closed", "account", { account });
    if (this.#accounts.isFrozen(account)) return refused("account_frozen", "account", { account });
    if (amount <= 0n) return refused("amount_must_be_positive", "amount");
    if (!isAmountInRange(amount)) return refused("amount_out_of_range", "amount");
    if (this.#holds.find(id) >= 0) return refused("hold_already_open", "id");
    const held = this.held(account) + amount;
    if (!isAmountInRange(held)) return refused("amount_out_of_range", "amount", { account });
    const available = this.available(account);
    if (this.#accounts.isNeverBelowZero(account) && available < amount) {
      return refused("balance_below_hold", "amount", { account, needed: amount, available });
    }

    this.#holds.add({ id, account, amount, kind, expiresAt });
    this.#accounts.setHeld(account, held);
    return DONE;
  }

  /** Leaves `to` of a hold and frees the rest; 0 ends it. Refused: `hold_unknown`, `hold_cannot_grow`. */
  reduceHold(id: number, to: bigint): Done | Refusal {
    assertAmount(to);
    const row = this.#holds.find(id);
    if (row < 0) return refused("hold_unknown", "id");
    const account = this.#holds.account(row);
    const left = this.#holds.left(row);
    if (to < 0n || to > left) {
      return refused("hold_cannot_grow", "to", { account, needed: to, available: left });
    }

    this.#accounts.setHeld(account, this.#accounts.held(account) - (left - to));
    if (to === 0n) this.#holds.remove(row);
    else this.#holds.setLeft(row, to);
    return DONE;
  }

  /**
   * Frees a part of a hold, or all that is left of it, which ends it.
   *
   * Refused: `hold_unknown`, `amount_must_be_positive`, `release_above_hold` with what is left.
   */
  release(id: number, amount?: bigint): Done | Refusal {
    if (amount === undefined) return this.reduceHold(id, 0n);
    assertAmount(amount);
    const row = this.#holds.find(id);
    if (row < 0) return refused("hold_unknown", "id");
    if (amount <= 0n) return refused("amount_must_be_positive", "amount");
    const account = this.#holds.account(row);
    const left = this.#holds.left(row);
    if (amount > left) {
      return refused("release_above_hold", "amount", { account, needed: amount, available: left });
    }
    return this.reduceHold(id, left - amount);
  }

  /**
   * Frees and ends every hold that is due at a time: whose `expiresAt` is that or earlier. Answers them as they were, by (time
   * they were due, id).
   */
  expireHolds(at: number): Hold[] {
    assertTime(at);
    const expired: Hold[] = [];
    for (let id = this.#holds.nextDue(at); id !== 0; id = this.#holds.nextDue(at)) {
      expired.push(this.#holds.get(this.#holds.find(id)));
      this.release(id);
    }
    return expired;
  }

  /** What is left of a hold; 0 once it has ended, or if there never was one. */
  holdAmount(id: number): bigint {
    const row = this.#holds.find(id);
    return row < 0 ? 0n : this.#holds.left(row);
  }

  /** Open holds, by id. */
  holds(): Hold[] {
    return [...this.#holds].sort((one, other) => one.id - other.id);
  }

  /** Credit-positive, smallest units. Zero for account 0, which `accountOf` answers for none. */
  balance(account: number): bigint {
    this.#assertAccountOrNone(account);
    return this.#accounts.balance(account);
  }

  /** What open holds reserve of an account. */
  held(account: number): bigint {
    this.#assertAccountOrNone(account);
    return this.#accounts.held(account);
  }

  /** Balance minus holds. */
  available(account: number): bigint {
    return this.balance(account) - this.held(account);
  }

  /** The sum of all balances in each asset, in the order in which assets came into the books: zero, each of them. */
  trialBalance(): Map<number, bigint> {
    const sums = this.#accounts.assets.map(() => 0n);
    for (let account = 1; account <= this.#accounts.size; account++) {
      const slot = this.#accounts.assetSlot(account);
      sums[slot] = (sums[slot] ?? 0n) + this.balance(account);
    }
    return new Map(this.#accounts.assets.map((asset, slot) => [asset, sums[slot] ?? 0n]));
  }

  /** The whole state in a versioned form that depends on nothing but the state. */
  snapshot(): Uint8Array {
    return writeBooks({
      nextEntry: this.#nextEntry,
      accounts: [...this.#accounts].map((account) => ({
        ...account,
        balance: this.balance(account.account),
      })),
      holds: this.#holds,
      remembered: [...this.#remembered],
    });
  }

  /**
   * Books in the state of a snapshot, which doesn't have the entry types: they are given again. Throws a `RangeError` for bytes that are no snapshot of a known version, and an
   * `InvariantViolation` where its figures contradict each other.
   */
  static restore(bytes: Uint8Array, options: BooksOptions = {}): Books {
    const { nextEntry, accounts, holds, remembered } = readBooks(bytes);
    const books = new Books(options);
    for (const { balance, status: _, ...opening } of accounts) {
      const opened = books.openAccount(opening);
      if (!opened.ok) throw new RangeError(`expected accounts of different names, ${opened.code}`);
      books.#accounts.setBalance(opened.account, balance);
    }
    for (const hold of holds) {
      const held = books.hold(hold);
      if (!held.ok) throw new RangeError(`expected holds that are covered, ${held.code}`);
    }
    // Last, because nothing new is held on what is frozen.
    for (const { account, status } of accounts) {
      const set = books.setStatus(account, status);
      if (!set.ok) throw new RangeError(`expected closed accounts to be empty, ${set.code}`);
    }
    for (const { entry, captures } of remembered) books.#remembered.remember(entry, captures);
    books.#nextEntry = nextEntry;
    books.checkInvariants();
    return books;
  }

  /**
   * Books of which only a part is there, to judge what touches nothing else. What is said of all accounts together, such as
   * that they add up to zero, isn't true of them.
   *
   * @internal
   */
  static ofPart(part: BooksPart, options: BooksOptions = {}): Books {
    const { nextEntry, accounts, holds, remembered } = part;
    const books = new Books(options);
    for (const { balance, held, status, ...opening } of accounts) {
      const account = books.#accounts.open(opening);
      books.#accounts.setBalance(account, balance);
      books.#accounts.setHeld(account, held);
      books.#accounts.setStatus(account, status);
    }
    for (const hold of holds) books.#holds.add(hold);
    for (const { entry, captures } of remembered) books.#remembered.remember(entry, captures);
    books.#nextEntry = nextEntry;
    return books;
  }

  /** SHA-256 of the state, as 64 hexadecimal digits: equal exactly where snapshots are. */
  stateHash(): string {
    return bytesToHex(sha256(this.snapshot()));
  }

  /**
   * Throws an `InvariantViolation` unless every asset adds up to zero, no account is beyond its bound, closed ones are empty,
   * and what is held on each account is what its open holds say. Reads the whole state.
   */
  checkInvariants(): void {
    const held = new Map<number, bigint>();
    for (const { account, amount } of this.#holds) {
      invariant(amount > 0n, "something is left of an open hold");
      held.set(account, (held.get(account) ?? 0n) + amount);
    }
    for (let account = 1; account <= this.#accounts.size; account++) {
      this.#checkAccount(account, held.get(account) ?? 0n);
    }
    for (const [asset, sum] of this.trialBalance()) {
      invariant(sum === 0n, `all balances in asset ${asset} add up to zero`);
    }
  }

  #checkAccount(account: number, heldByHolds: bigint): void {
    const balance = this.balance(account);
    invariant(heldByHolds === this.held(account), "held is the sum of open holds");
    invariant(
      !this.#accounts.isNeverBelowZero(account) || this.available(account) >= 0n,
      "available is never below zero where the bound says so",
    );
    invariant(
      !this.#accounts.isNeverAboveZero(account) || balance <= 0n,
      "a balance is never above zero where the bound says so",
    );
    invariant(
      !this.#accounts.isClosed(account) || (balance === 0n && heldByHolds === 0n),
      "a closed account is empty",
    );
  }

  /** What was answered to the key of a request, or that its body is another one. */
  #originalOf(request: EntryRequest): Posted | Refusal | undefined {
    const { at, bookedAt = at, key = "" } = request;
    assertTime(at);
    assertTime(bookedAt);
    const original = key === "" ? undefined : this.#remembered.find(key);
    return original === undefined ? undefined : repeated(original, request);
  }

  /** Moves balances and ends holds, unless a rule is broken: then nothing has changed. */
  #applyRefusal(request: EntryRequest): Refusal | undefined {
    const { kind, key = "", memo = "", corrects = 0, postings } = request;
    const captures = request.captures ?? NO_CAPTURES;
    this.#accounts.touch(postings);
    this.#holds.touch(captures);
    const refusal =
      this.#textsRefusal(kind, key, memo) ??
      this.#correctionRefusal(corrects) ??
      this.#sheet.read(postings, this.#accounts) ??
      this.#zeroSum.refusal(this.#sheet) ??
      this.#rounding.refusal(kind, corrects, this.#sheet, this.#accounts) ??
      this.#captures.take(captures) ??
      this.#moveRefusal();
    if (refusal === undefined) this.#captures.settle(captures);
    return refusal;
  }

  /** Numbers what was just applied, and remembers it if it has a key. */
  #entryOf(request: EntryRequest): Entry {
    const { kind, at, bookedAt = at, key = "", memo = "", corrects = 0 } = request;
    const number = this.#nextEntry;
    const postings = this.#sheet.posted(request.postings);
    const entry: Entry = { number, kind, at, bookedAt, key, memo, corrects, postings };
    this.#nextEntry += 1;
    if (key !== "") this.#remembered.remember(entry, request.captures ?? NO_CAPTURES);
    return entry;
  }

  #textsRefusal(kind: string, key: string, memo: string): Refusal | undefined {
    if (kind !== this.#checkedKind) {
      if (kind === "") return refused("text_missing", "kind");
      const malformed = textRefusal(kind, KIND_LIMIT, "kind");
      if (malformed !== undefined) return malformed;
      this.#checkedKind = kind;
    }
    if (key === "" && memo === "") return undefined;
    return textRefusal(key, KEY_LIMIT, "key") ?? textRefusal(memo, MEMO_LIMIT, "memo");
  }

  #correctionRefusal(corrects: number): Refusal | undefined {
    const isEarlier = Number.isInteger(corrects) && corrects >= 0 && corrects < this.#nextEntry;
    return isEarlier ? undefined : refused("entry_corrected_unknown", "corrects");
  }

  /** Moves the balances, and puts everything back if that breaks a rule. */
  #moveRefusal(): Refusal | undefined {
    const outOfRange = this.#sheet.move(this.#accounts);
    if (outOfRange !== undefined) {
      this.#captures.putBack();
      return outOfRange;
    }
    const refusal = balancesRefusal(this.#sheet, this.#captures, this.#accounts);
    if (refusal !== undefined) {
      this.#sheet.moveBack(this.#accounts);
      this.#captures.putBack();
    }
    return refusal;
  }

  /** Undoes what was posted together, newest first, and puts back the holds as they were. */
  #takeBack(posted: readonly Posted[], holds: Iterable<Hold>): void {
    for (const { entry, repeated } of [...posted].reverse()) {
      if (repeated) continue;
      for (const { account, amount, balanceAfter } of [...entry.postings].reverse()) {
        this.#accounts.setBalance(account, balanceAfter - amount);
      }
      if (entry.key !== "") this.#remembered.forget(entry.key);
      this.#nextEntry -= 1;
    }
    for (const hold of holds) this.#captures.restore(hold);
  }

  #assertAccountOrNone(account: number): void {
    if (account !== 0 && !this.#accounts.has(account)) this.#throwUnknown(account, 0);
  }

  #throwUnknown(account: number, first: number): never {
    const { size } = this.#accounts;
    throw new RangeError(`expected the number of an account, ${first} to ${size}, was ${account}`);
  }
}

const assertTime = (at: number): void => {
  if (Number.isInteger(at) && at >= 0 && at <= LAST_TIME) return;
  throw new RangeError(`expected a time in milliseconds, 0 to ${LAST_TIME}, was ${at}`);
};

const applied = (number: number): Applied => ({ ok: true, number });

const repeated = (original: RememberedEntry, request: EntryRequest): Posted | Refusal =>
  isSameBody(original, request)
    ? { ok: true, entry: original.entry, repeated: true }
    : refused("key_used_for_another_body", "key");
