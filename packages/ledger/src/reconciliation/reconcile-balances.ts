import { type EntryTime, type ShownEntry, timeOf } from "../export/ledger-names.ts";
import type { Stream } from "../stream.ts";

/** What was counted in a wallet or at a bank at an instant. */
export interface BalanceSnapshot {
  /** The wallet's name, as in `WalletAccounts`. */
  readonly wallet: string;
  /** Milliseconds since 1970-01-01 UTC. What was posted up to and including it counts. */
  readonly at: number;
  /** Smallest units; what is there is positive. */
  readonly balance: bigint;
}

/** Which of our custody accounts say what should be in a wallet. */
export interface WalletAccounts {
  readonly wallet: string;
  readonly accounts: readonly number[];
}

/** A wallet as of the last time it was counted. */
export type ReconciledBalance =
  | {
      readonly what: "matched";
      readonly wallet: string;
      readonly at: number;
      readonly balance: bigint;
    }
  | {
      readonly what: "amount_differs";
      readonly wallet: string;
      readonly at: number;
      readonly ours: bigint;
      readonly theirs: bigint;
      /** Theirs less ours. */
      readonly difference: bigint;
      /** Since when every count has differed. */
      readonly since: number;
      /** Whole days from then to `asOf`. */
      readonly ageDays: number;
    }
  /** Counted, but no account of ours stands for it. */
  | {
      readonly what: "missing_here";
      readonly wallet: string;
      readonly at: number;
      readonly theirs: bigint;
      readonly since: number;
      readonly ageDays: number;
    }
  /** Accounts of ours stand for it, but nobody has counted it. */
  | { readonly what: "missing_there"; readonly wallet: string };

export interface ReconcileBalancesOptions {
  /** Now, in milliseconds since 1970-01-01 UTC: what age is counted from. */
  readonly asOf: number;
  /** Which time of an entry counts: "at" unless told otherwise. */
  readonly by?: EntryTime;
}

const DAY = 86_400_000;

/**
 * Compares what should be in wallets with what was counted there, at the instants at which it was counted.
 *
 * Give it past counts too: then it tells since when a wallet has differed. By name of wallet.
 *
 * @example
 * const report = await reconcileBalances(entries, [{ wallet: "hot", accounts: [1] }], counts, { asOf: Date.now() });
 */
export const reconcileBalances = async (
  entries: Stream<ShownEntry>,
  wallets: readonly WalletAccounts[],
  snapshots: readonly BalanceSnapshot[],
  { asOf, by = "at" }: ReconcileBalancesOptions,
): Promise<ReconciledBalance[]> => {
  const movements = await movementsOf(entries, wallets, by);
  const names = new Set([...movements.keys(), ...snapshots.map(({ wallet }) => wallet)]);
  return [...names].sort().map((wallet) => {
    const counts = snapshots
      .filter((one) => one.wallet === wallet)
      .sort((one, other) => one.at - other.at);
    return reconciled(wallet, movements.get(wallet), counts, asOf);
  });
};

interface Movement {
  readonly at: number;
  readonly amount: bigint;
}

const movementsOf = async (
  entries: Stream<ShownEntry>,
  wallets: readonly WalletAccounts[],
  by: EntryTime,
): Promise<Map<string, Movement[]>> => {
  const movements = new Map(wallets.map(({ wallet }): [string, Movement[]] => [wallet, []]));
  if (movements.size < wallets.length) throw new RangeError("expected every wallet once");
  const ofAccount = accountsOf(wallets, movements);
  for await (const entry of entries) {
    const at = timeOf(entry, by);
    // What our books debit is there: the sign changes.
    for (const { account, amount } of entry.postings) {
      ofAccount.get(account)?.push({ at, amount: -amount });
    }
  }
  for (const one of movements.values()) one.sort((first, second) => first.at - second.at);
  return movements;
};

const accountsOf = (
  wallets: readonly WalletAccounts[],
  movements: ReadonlyMap<string, Movement[]>,
): Map<number, Movement[]> => {
  const ofAccount = new Map<number, Movement[]>();
  for (const { wallet, accounts } of wallets) {
    for (const account of accounts) {
      if (ofAccount.has(account)) throw new RangeError(`expected account ${account} in one wallet`);
      ofAccount.set(account, movements.get(wallet) ?? []);
    }
  }
  return ofAccount;
};

/** Movements and counts are in order of time. */
const reconciled = (
  wallet: string,
  movements: readonly Movement[] | undefined,
  counts: readonly BalanceSnapshot[],
  asOf: number,
): ReconciledBalance => {
  const last = counts.at(-1);
  if (last === undefined) return { what: "missing_there", wallet };
  const { at, balance: theirs } = last;
  const expected = balancesAt(movements ?? [], counts);
  const ours = expected.at(-1) ?? 0n;
  if (movements !== undefined && ours === theirs) {
    return { what: "matched", wallet, at, balance: ours };
  }
  const agreed = counts.findLastIndex(({ balance }, index) => balance === expected[index]);
  const since = counts[movements === undefined ? 0 : agreed + 1]?.at ?? at;
  const age = { since, ageDays: Math.max(0, Math.floor((asOf - since) / DAY)) };
  if (movements === undefined) return { what: "missing_here", wallet, at, theirs, ...age };
  return { what: "amount_differs", wallet, at, ours, theirs, difference: theirs - ours, ...age };
};

const balancesAt = (
  movements: readonly Movement[],
  counts: readonly BalanceSnapshot[],
): bigint[] => {
  let next = 0;
  let balance = 0n;
  return counts.map(({ at }) => {
    for (; next < movements.length && (movements[next]?.at ?? 0) <= at; next++) {
      balance += movements[next]?.amount ?? 0n;
    }
    return balance;
  });
};
