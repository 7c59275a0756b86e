import {
  ACCOUNT_BOUNDS,
  ACCOUNT_KINDS,
  ACCOUNT_STATUSES,
  type Account,
  type AccountKind,
  type AccountOpening,
  type AccountStatus,
  accountStatusOf,
  CHART_OF_ACCOUNTS,
} from "./account.ts";
import { readCell, writeCell } from "./amount-cell.ts";

// A row of 5 cells for each account: balance, held (two cells each), slot of its asset and its rules. A trade touches six
// accounts anywhere in the table, so what is asked of an account lies side by side.
const ROW = 5;
const HELD = 2;
const CLASS = 4;

/** In the word of rules: the number of the bound in the lower byte, that of the status above it. */
const BOUND = 0xff;
const STATUS_SHIFT = 8;
const NEVER_BELOW_ZERO = ACCOUNT_BOUNDS.indexOf("never_below_zero");
const NEVER_ABOVE_ZERO = ACCOUNT_BOUNDS.indexOf("never_above_zero");
const FROZEN = ACCOUNT_STATUSES.indexOf("frozen");
const CLOSED = ACCOUNT_STATUSES.indexOf("closed");

/**
 * Every account's figures by account number.
 *
 * Row 0 is no account and stays at zero, so that "none" can be asked for its balance.
 */
export class AccountTable {
  #cells: BigInt64Array = new BigInt64Array(64 * ROW);
  #words: Int32Array = new Int32Array(this.#cells.buffer);

  readonly #openings: Required<AccountOpening>[] = [
    { owner: "", sub: "", asset: 0, kind: "house", place: "", bound: "none" },
  ];
  readonly #assets: number[] = [];
  readonly #slotByAsset: Map<number, number> = new Map();
  /** By asset slot and kind: account by the rest of its name. */
  readonly #accountByName: Map<string, number>[] = [];

  /** Accounts are numbered 1 to this. */
  get size(): number {
    return this.#openings.length - 1;
  }

  /** Every asset in which there is an account, in the order of their slots. */
  get assets(): readonly number[] {
    return this.#assets;
  }

  open({ owner, sub, asset, kind, place, bound }: Required<AccountOpening>): number {
    const account = this.#openings.length;
    const slot = this.#assetSlot(asset);
    this.#openings.push({ owner, sub, asset, kind, place, bound });
    this.#grow();
    const word = (account * ROW + CLASS) * 2;
    this.#words[word] = slot;
    this.#words[word + 1] = ACCOUNT_BOUNDS.indexOf(bound);
    this.#accountByName[namesIndex(slot, kind)]?.set(nameOf(owner, sub, place), account);
    return account;
  }

  /** The account of that name; 0 if there is none. */
  find(owner: string, sub: string, asset: number, kind: AccountKind, place: string): number {
    const slot = this.#slotByAsset.get(asset);
    if (slot === undefined) return 0;
    return this.#accountByName[namesIndex(slot, kind)]?.get(nameOf(owner, sub, place)) ?? 0;
  }

  /** Whether an account of that number was ever opened. */
  has(account: number): boolean {
    return account > 0 && account < this.#openings.length && Number.isInteger(account);
  }

  /** The account of a number that was opened. */
  get(account: number): Account {
    const opening = this.#openings[account] as Required<AccountOpening>;
    return { account, ...opening, status: this.status(account) };
  }

  balance(account: number): bigint {
    return readCell(this.#cells, account * ROW);
  }

  setBalance(account: number, balance: bigint): void {
    writeCell(this.#cells, account * ROW, balance);
  }

  held(account: number): bigint {
    return readCell(this.#cells, account * ROW + HELD);
  }

  setHeld(account: number, held: bigint): void {
    writeCell(this.#cells, account * ROW + HELD, held);
  }

  /** The account's asset as a small index, so that sums per asset are an array too. */
  assetSlot(account: number): number {
    return this.#words[(account * ROW + CLASS) * 2] as number;
  }

  isNeverBelowZero(account: number): boolean {
    return (this.#rules(account) & BOUND) === NEVER_BELOW_ZERO;
  }

  isNeverAboveZero(account: number): boolean {
    return (this.#rules(account) & BOUND) === NEVER_ABOVE_ZERO;
  }

  isFrozen(account: number): boolean {
    return this.#rules(account) >> STATUS_SHIFT === FROZEN;
  }

  isClosed(account: number): boolean {
    return this.#rules(account) >> STATUS_SHIFT === CLOSED;
  }

  status(account: number): AccountStatus {
    return accountStatusOf(this.#rules(account) >> STATUS_SHIFT);
  }

  setStatus(account: number, status: AccountStatus): void {
    const bound = this.#rules(account) & BOUND;
    const rules = bound | (ACCOUNT_STATUSES.indexOf(status) << STATUS_SHIFT);
    this.#words[(account * ROW + CLASS) * 2 + 1] = rules;
  }

  *[Symbol.iterator](): IterableIterator<Account> {
    for (let account = 1; account <= this.size; account++) yield this.get(account);
  }

  #rules(account: number): number {
    return this.#words[(account * ROW + CLASS) * 2 + 1] as number;
  }

  #grow(): void {
    if (this.#openings.length * ROW <= this.#cells.length) return;
    const grown = new BigInt64Array(this.#cells.length * 2);
    grown.set(this.#cells);
    this.#cells = grown;
    this.#words = new Int32Array(grown.buffer);
  }

  #assetSlot(asset: number): number {
    const known = this.#slotByAsset.get(asset);
    if (known !== undefined) return known;
    const slot = this.#assets.length;
    this.#assets.push(asset);
    this.#slotByAsset.set(asset, slot);
    for (const _ of ACCOUNT_KINDS) this.#accountByName.push(new Map());
    return slot;
  }
}

const namesIndex = (assetSlot: number, kind: AccountKind): number =>
  assetSlot * ACCOUNT_KINDS.length + CHART_OF_ACCOUNTS[kind].number - 1;

/** No text of the books contains NUL, so no two names are written alike. */
const nameOf = (owner: string, sub: string, place: string): string =>
  sub === "" && place === "" ? owner : `${owner}\0${sub}\0${place}`;
