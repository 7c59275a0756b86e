import type { RecordWriter } from "@pincex/engine";
import { type AccountKind, type Books, InvariantViolation } from "@pincex/ledger";
import type { RegisteredAsset } from "../registries/assets.ts";
import { appendLedgerAccount } from "./ledger-records.ts";

/** Who owns the venue's own balances in the ledger. */
const VENUE_OWNER = "venue";

/** The ledger's account numbers of balances: those of each account by asset, and of each asset the venue's own. */
export class LedgerAccounts {
  readonly #books: Books;
  /** By account; in it, by the asset's index. */
  readonly #customers: Map<number, number[]> = new Map();
  /** By the asset's index. */
  readonly #custody: number[] = [];
  readonly #fees: number[] = [];
  readonly #rebates: number[] = [];

  constructor(books: Books) {
    this.#books = books;
  }

  /** 0 where the account never had any of the asset. */
  customer(account: number, asset: RegisteredAsset): number {
    return this.#customers.get(account)?.[asset.index] ?? 0;
  }

  /** Opens it where there is none. */
  openCustomer(account: number, asset: RegisteredAsset, out: RecordWriter): number {
    const known = this.customer(account, asset);
    if (known !== 0) return known;
    const opened = this.#open(String(account), asset, "customer", out);
    this.#setCustomer(account, asset, opened);
    return opened;
  }

  custody(asset: RegisteredAsset): number {
    return this.#custody[asset.index] ?? 0;
  }

  fees(asset: RegisteredAsset): number {
    return this.#fees[asset.index] ?? 0;
  }

  /** 0 where none was ever paid. */
  rebates(asset: RegisteredAsset): number {
    return this.#rebates[asset.index] ?? 0;
  }

  /** Opens it with the first rebate. */
  openRebates(asset: RegisteredAsset, out: RecordWriter): number {
    const known = this.rebates(asset);
    if (known !== 0) return known;
    const opened = this.#open(VENUE_OWNER, asset, "rebates", out);
    this.#rebates[asset.index] = opened;
    return opened;
  }

  /** The venue's own balances in a new asset: what it keeps in custody, and what it earns. */
  openVenue(asset: RegisteredAsset, out: RecordWriter): void {
    this.#custody[asset.index] = this.#open(VENUE_OWNER, asset, "custody", out);
    this.#fees[asset.index] = this.#open(VENUE_OWNER, asset, "fees", out);
  }

  /** Finds again what the books of a snapshot have. */
  restore(assets: (asset: number) => RegisteredAsset | undefined): void {
    for (const { account, owner, asset: number, kind } of this.#books.accounts()) {
      const asset = assets(number);
      if (asset === undefined)
        throw new InvariantViolation(`the books know the venue's assets, not ${number}`);
      if (owner !== VENUE_OWNER) this.#setCustomer(Number(owner), asset, account);
      else if (kind === "custody") this.#custody[asset.index] = account;
      else if (kind === "rebates") this.#rebates[asset.index] = account;
      else this.#fees[asset.index] = account;
    }
  }

  #setCustomer(account: number, asset: RegisteredAsset, ledgerAccount: number): void {
    const row = this.#customers.get(account) ?? [];
    while (row.length < asset.index) row.push(0);
    row[asset.index] = ledgerAccount;
    this.#customers.set(account, row);
  }

  #open(owner: string, asset: RegisteredAsset, kind: AccountKind, out: RecordWriter): number {
    const opening = { owner, asset: asset.asset, kind };
    const opened = this.#books.openAccount(opening);
    if (!opened.ok) throw new InvariantViolation(`a balance is opened once, was ${opened.code}`);
    appendLedgerAccount(out, this.#books.account(opened.account));
    return opened.account;
  }
}
