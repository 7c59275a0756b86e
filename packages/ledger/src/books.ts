import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import {
  type Account,
  type AccountKind,
  type AccountOpening,
  CHART_OF_ACCOUNTS,
} from "./account.ts";
import { AccountTable } from "./account-table.ts";
import { assertAmount, isAmountInRange } from "./amount.ts";
import { readBooks, writeBooks } from "./books-snapshot.ts";
import { Captures } from "./captures.ts";
import type { Capture, Entry, EntryRequest, Posting, PostingRequest } from "./entry.ts";
import { HOLD_KINDS, type Hold, type HoldRequest } from "./hold.ts";
import { HoldTable } from "./hold-table.ts";
import { invariant } from "./invariant.ts";
import { boundsRefusal, postingsRefusal } from "./posting-rules.ts";
import { type Refusal, refused } from "./refusal.ts";
import { isSameBody, RememberedEntries, type RememberedEntry } from "./remembered-entries.ts";
import { textRefusal } from "./text-rule.ts";
import { ZeroSum } from "./zero-sum.ts";

/** An entry was posted. */
export interface Posted {
  readonly ok: true;
  readonly entry: Entry;
  /** True: its key was known, this is the original entry, and nothing happened again. */
  readonly repeated: boolean;
}

/** Something without an outcome of its own was done. */
export interface Done {
  readonly ok: true;
}

/** The most characters of each text. */
const OWNER_LIMIT = 255;
const KIND_LIMIT = 64;
const KEY_LIMIT = 128;
const MEMO_LIMIT = 1_024;

/** The last millisecond that a `Date` can tell. */
const LAST_TIME = 8_640_000_000_000_000;

const LAST_ASSET = 2 ** 31 - 1;

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
  readonly #captures: Captures = new Captures(this.#accounts, this.#holds);
  /** The kind that was checked last. A host uses a few, mostly the same one. */
  #checkedKind: string | undefined;

  /** The number that the next entry will get; one more than there are entries. */
  get nextEntry(): number {
    return this.#nextEntry;
  }

  /**
   * Opens an account and numbers it.
   *
   * Refused: `text_missing`, `text_too_long`, `text_malformed` (owner), `account_already_open`, with that account.
   */
  openAccount(opening: AccountOpening): { readonly ok: true; readonly account: number } | Refusal {
    const { owner, asset, kind } = opening;
    if (!Object.hasOwn(CHART_OF_ACCOUNTS, kind)) {
      throw new RangeError(`expected a kind of account, was ${kind}`);
    }
    if (!Number.isInteger(asset) || asset < 1 || asset > LAST_ASSET) {
      throw new RangeError(`expected an asset's number, 1 to ${LAST_ASSET}, was ${asset}`);
    }
    if (owner === "") return refused("text_missing", "owner");
    const malformed = textRefusal(owner, OWNER_LIMIT, "owner");
    if (malformed !== undefined) return malformed;
    const existing = this.#accounts.find(owner, asset, kind);
    if (existing !== 0) return refused("account_already_open", "owner", { account: existing });

    return { ok: true, account: this.#accounts.open(opening) };
  }

  /** The number of the account of that name; 0 if there is none. */
  accountOf(owner: string, asset: number, kind: AccountKind): number {
    return this.#accounts.find(owner, asset, kind);
  }

  /** All accounts, by number. */
  accounts(): Iterable<Account> {
    return this.#accounts[Symbol.iterator]();
  }

  /**
   * Posts an entry: all of its captures and postings, or nothing.
   *
   * A posting may spend what is available (balance minus holds) and what the entry captures. Floors and ceilings count once all
   * postings are in, so their order doesn't matter. A hold of which nothing is left has ended.
   *
   * With a key, the same key and body answers the entry that was posted then. Refused entries are not remembered: a
   * retry is judged afresh. Keys are kept until `forgetKeysBefore`; an entry without one costs nothing.
   */
  post(request: EntryRequest): Posted | Refusal {
    const { kind, at, key = "", memo = "", corrects = 0, postings } = request;
    const captures = request.captures ?? NO_CAPTURES;
    if (!isTime(at)) {
      throw new RangeError(`expected a time in milliseconds, 0 to ${LAST_TIME}, was ${at}`);
    }
    const original = key === "" ? undefined : this.#remembered.find(key);
    if (original !== undefined) return repeated(original, request);
    const refusal =
      this.#textsRefusal(kind, key, memo) ??
      this.#correctionRefusal(corrects) ??
      postingsRefusal(postings, this.#accounts) ??
      this.#zeroSum.refusal(postings) ??
      this.#captures.take(captures, postings);
    if (refusal !== undefined) return refusal;

    const posted = this.#move(postings);
    const outOfBounds = boundsRefusal(posted, this.#accounts);
    if (outOfBounds !== undefined) {
      this.#moveBack(postings);
      this.#captures.putBack(captures);
      return outOfBounds;
    }
    this.#captures.settle(captures);
    const entry: Entry = {
      number: this.#nextEntry,
      kind,
      at,
      key,
      memo,
      corrects,
      postings: posted,
    };
    this.#nextEntry += 1;
    if (key !== "") this.#remembered.remember(entry, captures);
    return { ok: true, entry, repeated: false };
  }

  /** Forgets keys of entries whose time is before `at`, from the oldest entry on, up to the first that isn't. */
  forgetKeysBefore(at: number): void {
    this.#remembered.forgetBefore(at);
  }

  /**
   * Reserves what is available on an account. Nothing is posted: the balance stays, available falls.
   *
   * Refused: `account_unknown`, `amount_must_be_positive`, `amount_out_of_range`, `hold_already_open`, `balance_below_hold`
   * with what was needed and available.
   */
  hold(request: HoldRequest): Done | Refusal {
    const { id, account, amount, kind } = request;
    if (!Number.isSafeInteger(id) || id < 1) {
      throw new RangeError(`expected a hold's id, a safe integer from 1, was ${id}`);
    }
    if (!HOLD_KINDS.includes(kind)) throw new RangeError(`expected a kind of hold, was ${kind}`);
    assertAmount(amount);
    if (!this.#accounts.isOpen(account)) return refused("account_unknown", "account", { account });
    if (amount <= 0n) return refused("amount_must_be_positive", "amount");
    if (!isAmountInRange(amount)) return refused("amount_out_of_range", "amount");
    if (this.#holds.find(id) >= 0) return refused("hold_already_open", "id");
    const held = this.held(account) + amount;
    if (!isAmountInRange(held)) return refused("amount_out_of_range", "amount", { account });
    const floor = this.#accounts.floor(account);
    const available = this.available(account);
    if (floor !== undefined && available - amount < floor) {
      return refused("balance_below_hold", "amount", {
        account,
        needed: amount,
        available: available - floor,
      });
    }

    this.#holds.add({ id, account, amount, kind });
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

  /** Frees what is left of a hold and ends it. Refused: `hold_unknown`. */
  release(id: number): Done | Refusal {
    return this.reduceHold(id, 0n);
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
      holds: this.holds(),
      remembered: [...this.#remembered],
    });
  }

  /**
   * Books in the state of a snapshot. Throws a `RangeError` for bytes that are no snapshot of a known version, and an
   * `InvariantViolation` where its figures contradict each other.
   */
  static restore(bytes: Uint8Array): Books {
    const { nextEntry, accounts, holds, remembered } = readBooks(bytes);
    const books = new Books();
    for (const { balance, ...opening } of accounts) {
      const opened = books.openAccount(opening);
      if (!opened.ok) throw new RangeError(`expected accounts of different names, ${opened.code}`);
      books.#accounts.setBalance(opened.account, balance);
    }
    for (const hold of holds) {
      const held = books.hold(hold);
      if (!held.ok) throw new RangeError(`expected holds that are covered, ${held.code}`);
    }
    for (const { entry, captures } of remembered) books.#remembered.remember(entry, captures);
    books.#nextEntry = nextEntry;
    books.checkInvariants();
    return books;
  }

  /** SHA-256 of the state, as 64 hexadecimal digits: equal exactly where snapshots are. */
  stateHash(): string {
    return bytesToHex(sha256(this.snapshot()));
  }

  /**
   * Throws an `InvariantViolation` unless every asset adds up to zero, no account is beyond its floor or ceiling, and what is
   * held on each account is what its open holds say. Reads the whole state.
   */
  checkInvariants(): void {
    const held = new Map<number, bigint>();
    for (const { account, amount } of this.#holds) {
      invariant(amount > 0n, "something is left of an open hold");
      held.set(account, (held.get(account) ?? 0n) + amount);
    }
    for (let account = 1; account <= this.#accounts.size; account++) {
      const floor = this.#accounts.floor(account);
      const ceiling = this.#accounts.ceiling(account);
      invariant((held.get(account) ?? 0n) === this.held(account), "held is the sum of open holds");
      invariant(
        floor === undefined || this.available(account) >= floor,
        "available is never below the floor",
      );
      invariant(
        ceiling === undefined || this.balance(account) <= ceiling,
        "a balance is never above its ceiling",
      );
    }
    for (const [asset, sum] of this.trialBalance()) {
      invariant(sum === 0n, `all balances in asset ${asset} add up to zero`);
    }
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

  #move(postings: readonly PostingRequest[]): Posting[] {
    const posted: Posting[] = [];
    for (const { account, amount } of postings) {
      const balanceAfter = this.#accounts.balance(account) + amount;
      this.#accounts.setBalance(account, balanceAfter);
      posted.push({ account, amount, balanceAfter });
    }
    return posted;
  }

  #moveBack(postings: readonly PostingRequest[]): void {
    for (const { account, amount } of postings) {
      this.#accounts.setBalance(account, this.#accounts.balance(account) - amount);
    }
  }

  #assertAccountOrNone(account: number): void {
    if (account === 0 || this.#accounts.isOpen(account)) return;
    const { size } = this.#accounts;
    throw new RangeError(`expected the number of an account, 0 to ${size}, was ${account}`);
  }
}

const isTime = (at: number): boolean => Number.isInteger(at) && at >= 0 && at <= LAST_TIME;

const repeated = (original: RememberedEntry, request: EntryRequest): Posted | Refusal =>
  isSameBody(original, request)
    ? { ok: true, entry: original.entry, repeated: true }
    : refused("key_used_for_another_body", "key");
