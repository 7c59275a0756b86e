import type { Account } from "./account.ts";
import type { Hold } from "./hold.ts";
import type { RememberedEntry } from "./remembered-entries.ts";

/** An account and its figures. */
export interface AccountInPart extends Account {
  readonly balance: bigint;
  readonly held: bigint;
}

/**
 * What of some books a few commands touch, under numbers of its own: account n is the nth of the list, and so it is named by
 * the holds and the remembered entries.
 */
export interface BooksPart {
  /** Of the whole books. */
  readonly nextEntry: number;
  readonly accounts: readonly Omit<AccountInPart, "account">[];
  readonly holds: readonly Hold[];
  readonly remembered: readonly RememberedEntry[];
}
