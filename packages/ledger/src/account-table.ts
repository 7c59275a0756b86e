import {
  ACCOUNT_KINDS,
  type Account,
  type AccountKind,
  type AccountOpening,
  CHART_OF_ACCOUNTS,
} from "./account.ts";
import { readCell, writeCell } from "./amount-cell.ts";

// A row of 5 cells for each account: balance, held (two cells each), slot of its asset and number of its kind. A trade touches
// six accounts anywhere in the table, so what is asked of an account lies side by side.
const ROW = 5;
const HELD = 2;
const CLASS = 4;

/**
 * Every account's figures by account number.
 *
 * Row 0 is no account and stays at zero, so that "none" can be asked for its balance.
 */
export class AccountTable {
  #cells: BigInt64Array = new BigInt64Array(64 * ROW);
  #words: Int32Array = new Int32Array(this.#cells.buffer);

  readonly #openings: AccountOpening[] = [{ owner: "", asset: 0, kind: "house" }];
  readonly #assets: number[] = [];
  readonly #slotByAsset: Map<number, number> = new Map();
  /** By asset slot and kind: account by owner. */
  readonly #accountByOwner: Map<string, number>[] = [];

  /** Open accounts, which are numbered 1 to this. */
  get size(): number {
    return this.#openings.length - 1;
  }

  /** Every asset in which there is an account, in the order of their slots. */
  get assets(): readonly number[] {
    return this.#assets;
  }

  open({ owner, asset, kind }: AccountOpening): number {
    const account = this.#openings.length;
    const slot = this.#assetSlot(asset);
    this.#openings.push({ owner, asset, kind });
    this.#grow();
    const word = (account * ROW + CLASS) * 2;
    this.#words[word] = slot;
    this.#words[word + 1] = CHART_OF_ACCOUNTS[kind].number;
    this.#accountByOwner[ownersIndex(slot, kind)]?.set(owner, account);
    return account;
  }

  /** The account of that name; 0 if there is none. */
  find(owner: string, asset: number, kind: AccountKind): number {
    const slot = this.#slotByAsset.get(asset);
    if (slot === undefined) return 0;
    return this.#accountByOwner[ownersIndex(slot, kind)]?.get(owner) ?? 0;
  }

  isOpen(account: number): boolean {
    return account > 0 && account < this.#openings.length && Number.isInteger(account);
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

  floor(account: number): bigint | undefined {
    return FLOORS[this.#words[(account * ROW + CLASS) * 2 + 1] as number];
  }

  ceiling(account: number): bigint | undefined {
    return CEILINGS[this.#words[(account * ROW + CLASS) * 2 + 1] as number];
  }

  *[Symbol.iterator](): IterableIterator<Account> {
    for (let account = 1; account < this.#openings.length; account++) {
      const opening = this.#openings[account];
      if (opening !== undefined) yield { account, ...opening };
    }
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
    for (const _ of ACCOUNT_KINDS) this.#accountByOwner.push(new Map());
    return slot;
  }
}

/** By number of the kind. */
const FLOORS: (bigint | undefined)[] = [];
const CEILINGS: (bigint | undefined)[] = [];
for (const { number, floor, ceiling } of Object.values(CHART_OF_ACCOUNTS)) {
  FLOORS[number] = floor;
  CEILINGS[number] = ceiling;
}

const ownersIndex = (assetSlot: number, kind: AccountKind): number =>
  assetSlot * ACCOUNT_KINDS.length + CHART_OF_ACCOUNTS[kind].number - 1;
