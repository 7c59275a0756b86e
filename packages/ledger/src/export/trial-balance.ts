import type { Stream } from "../stream.ts";
import { type EntryTime, type ShownAccount, type ShownEntry, timeOf } from "./ledger-names.ts";

/** What was posted to one account. Smallest units; debits are zero or less, credits zero or more. */
export interface AccountTotal {
  readonly account: number;
  readonly asset: number;
  readonly debits: bigint;
  readonly credits: bigint;
  /** Credits and debits added up: positive if we owe it, negative if we own it. */
  readonly balance: bigint;
}

/** The same for all accounts of an asset: the balance is zero, or the books are wrong. */
export interface AssetTotal {
  readonly asset: number;
  readonly debits: bigint;
  readonly credits: bigint;
  readonly balance: bigint;
}

/** What stood on all accounts at an instant. By number; accounts that nothing was posted to are left out. */
export interface TrialBalance {
  readonly accounts: readonly AccountTotal[];
  readonly assets: readonly AssetTotal[];
}

export interface TrialBalanceOptions {
  /** What happened before this instant counts, in milliseconds since 1970-01-01 UTC. Everything, unless told otherwise. */
  readonly before?: number;
  /** Which time of an entry counts: "at" unless told otherwise. */
  readonly by?: EntryTime;
}

/**
 * The trial balance of any instant, by the time of recording or by the time that entries belong to.
 *
 * @example
 * const { assets } = await trialBalance(entries, books.accounts(), { before: Date.UTC(2026, 1, 1), by: "bookedAt" });
 */
export const trialBalance = async (
  entries: Stream<ShownEntry>,
  accounts: Iterable<Pick<ShownAccount, "account" | "asset">>,
  { before = Number.POSITIVE_INFINITY, by = "at" }: TrialBalanceOptions = {},
): Promise<TrialBalance> => {
  const assets = new Map([...accounts].map(({ account, asset }) => [account, asset]));
  const byAccount = new Map<number, Totals>();
  for await (const entry of entries) {
    if (timeOf(entry, by) >= before) continue;
    for (const { account, amount } of entry.postings) add(byAccount, account, amount);
  }
  const byAsset = new Map<number, Totals>();
  const totals = [...byAccount].map(([account, sums]) => {
    const asset = assets.get(account);
    if (asset === undefined) throw new RangeError(`expected a known account, was ${account}`);
    add(byAsset, asset, sums.debits);
    add(byAsset, asset, sums.credits);
    return { account, asset, ...sums, balance: sums.debits + sums.credits };
  });
  return {
    accounts: totals.sort((one, other) => one.account - other.account),
    assets: [...byAsset]
      .map(([asset, sums]) => ({ asset, ...sums, balance: sums.debits + sums.credits }))
      .sort((one, other) => one.asset - other.asset),
  };
};

interface Totals {
  readonly debits: bigint;
  readonly credits: bigint;
}

const add = (totals: Map<number, Totals>, key: number, amount: bigint): void => {
  const { debits, credits } = totals.get(key) ?? { debits: 0n, credits: 0n };
  totals.set(
    key,
    amount < 0n ? { debits: debits + amount, credits } : { debits, credits: credits + amount },
  );
};
