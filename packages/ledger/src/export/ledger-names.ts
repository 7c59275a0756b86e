/** A posting as it is shown. The books' own fit, and those that are read from SQL. */
export interface ShownPosting {
  readonly account: number;
  readonly amount: bigint;
  readonly balanceAfter: bigint;
}

/** An entry as it is shown. The books' own fit, and those that are read from SQL. */
export interface ShownEntry {
  readonly number: number;
  readonly kind: string;
  /** When it was recorded, in milliseconds since 1970-01-01 UTC. */
  readonly at: number;
  /** The time that it belongs to: `at` unless told otherwise. */
  readonly bookedAt?: number | undefined;
  readonly key: string;
  readonly memo: string;
  readonly corrects: number;
  readonly postings: readonly ShownPosting[];
}

/** An asset's name, and how many decimals its amounts are written with. */
export interface ShownAsset {
  readonly number: number;
  readonly code: string;
  /** 0 to 36. */
  readonly decimals: number;
}

/** Whose account it is. */
export interface ShownAccount {
  readonly account: number;
  readonly owner: string;
  readonly asset: number;
  readonly kind: string;
  readonly sub?: string | undefined;
  readonly place?: string | undefined;
}

/** What numbers stand for. */
export interface LedgerNames {
  readonly assets: Iterable<ShownAsset>;
  readonly accounts: Iterable<ShownAccount>;
}

/** Which time counts: that of recording, or the time that an entry belongs to. */
export type EntryTime = "at" | "bookedAt";

export const timeOf = (entry: Pick<ShownEntry, "at" | "bookedAt">, by: EntryTime): number =>
  by === "at" ? entry.at : (entry.bookedAt ?? entry.at);

/** Looks names up. Throws a `RangeError` for a number that has none. */
export class NameTable {
  readonly assets: readonly ShownAsset[];
  readonly accounts: readonly ShownAccount[];
  readonly #assets: ReadonlyMap<number, ShownAsset>;
  readonly #accounts: ReadonlyMap<number, ShownAccount>;

  constructor({ assets, accounts }: LedgerNames) {
    this.assets = [...assets];
    this.accounts = [...accounts];
    this.#assets = new Map(this.assets.map((asset) => [asset.number, asset]));
    this.#accounts = new Map(this.accounts.map((account) => [account.account, account]));
  }

  account(number: number): ShownAccount {
    const account = this.#accounts.get(number);
    if (account === undefined) throw new RangeError(`expected a known account, was ${number}`);
    return account;
  }

  assetOf({ asset: number }: ShownAccount): ShownAsset {
    const asset = this.#assets.get(number);
    if (asset === undefined) throw new RangeError(`expected a known asset, was ${number}`);
    return asset;
  }
}
