import type { AccountOpening, AccountStatus } from "./account.ts";
import type { AccountOpened, Done, Posted, PostedLinked } from "./books.ts";
import type { EntryRequest } from "./entry.ts";
import type { Hold, HoldRequest } from "./hold.ts";
import type { Refusal } from "./refusal.ts";

/** What stands on an account. Credit-positive, smallest units. */
export interface AccountFigures {
  readonly account: number;
  readonly balance: bigint;
  /** What open holds reserve of it. */
  readonly held: bigint;
}

/**
 * The face that every ledger has, wherever it keeps its money: calls mean what the methods of `Books` of the same name
 * mean, and are answered and refused alike. A wrong type rejects with a `TypeError` or `RangeError`.
 */
export interface Ledger {
  openAccount(opening: AccountOpening): Promise<AccountOpened | Refusal>;
  setStatus(account: number, status: AccountStatus): Promise<Done | Refusal>;
  post(request: EntryRequest): Promise<Posted | Refusal>;
  postLinked(requests: readonly EntryRequest[]): Promise<PostedLinked | Refusal>;
  hold(request: HoldRequest): Promise<Done | Refusal>;
  release(id: number, amount?: bigint): Promise<Done | Refusal>;
  expireHolds(at: number): Promise<readonly Hold[]>;
  /** Of every account, by number, all of one instant. */
  balances(): Promise<readonly AccountFigures[]>;
}
