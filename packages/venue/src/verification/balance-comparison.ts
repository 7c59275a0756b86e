import type { Account, Books } from "@pincex/ledger";
import type { SqlBalance } from "@pincex/ledger/sql";
import { Findings } from "./venue-check.ts";

/** An account of the replayed books, at one sequence number. */
export interface ReplayedBalance extends Account {
  readonly balance: bigint;
  readonly held: bigint;
}

export const balancesOf = (books: Books): ReplayedBalance[] =>
  Array.from(books.accounts(), (account) => ({
    ...account,
    balance: books.balance(account.account),
    held: books.held(account.account),
  }));

const COMPARED = [
  ...(["owner", "sub", "asset", "kind", "place", "bound", "status"] as const),
  ...(["balance", "held"] as const),
];

/** How the accounts of SQL differ from those of the replay. */
export const compareBalances = (
  stored: readonly SqlBalance[],
  replayed: readonly ReplayedBalance[],
): Findings => {
  const findings = new Findings();
  const unseen = new Map(stored.map((balance) => [balance.account, balance]));
  for (const balance of replayed) {
    const inSql = unseen.get(balance.account);
    unseen.delete(balance.account);
    if (inSql === undefined) {
      findings.add(placeOf(balance), "it is missing");
      continue;
    }
    for (const field of COMPARED.filter((name) => inSql[name] !== balance[name])) {
      findings.add(
        placeOf(balance),
        `its ${field} is ${inSql[field]}, the replay's is ${balance[field]}`,
      );
    }
  }
  for (const extra of unseen.values()) {
    findings.add(placeOf(extra), "the replay opened no such account");
  }
  return findings;
};

const placeOf = ({ account, owner, kind, asset }: Account): string =>
  `account ${account} (${[kind, owner].filter(Boolean).join(" ")}, asset ${asset})`;
