import type { Account, AccountOpening } from "../account.ts";
import type { AccountInPart } from "../books-part.ts";
import type { Capture } from "../entry.ts";
import type { EntryType } from "../entry-type.ts";
import type { Hold, HoldKind } from "../hold.ts";
import type { RememberedEntry } from "../remembered-entries.ts";
import type { ProjectedEntry } from "./projection-batch.ts";

/** How a hold stands: `ended` when all of it was captured or released, `expired` when what was left was released for its time. */
export type HoldState = "open" | "ended" | "expired";

/** A hold as SQL has it, also after it has ended. */
export interface SqlHold {
  readonly id: number;
  readonly account: number;
  readonly kind: HoldKind;
  /** What it was opened with. What is left is `opened - captured - released`. */
  readonly opened: bigint;
  readonly captured: bigint;
  readonly released: bigint;
  readonly state: HoldState;
  /** Milliseconds since 1970-01-01 UTC; 0 for never. */
  readonly expiresAt: number;
}

/** A hold and the checksum beside it; undefined if it is older than those are. */
export interface StoredHold {
  readonly hold: SqlHold;
  readonly checksum: number | undefined;
}

export const openHold = ({
  id,
  account,
  kind,
  opened,
  captured,
  released,
  expiresAt,
}: SqlHold): Hold => ({ id, account, kind, amount: opened - captured - released, expiresAt });

/** How far a ledger's numbers have come: the last of each that was used. */
export interface LedgerNumbers {
  readonly account: number;
  readonly entry: number;
  readonly sequence: number;
}

/** What is read with the row that writers take turns on. */
export interface LedgerTurn extends LedgerNumbers {
  readonly entryTypes: readonly EntryType[];
}

/** An account with its figures and the sequence number of what was posted to it last. */
export interface LoadedAccount extends AccountInPart {
  readonly sequence: number;
}

/** What commands are judged by, as it was read. */
export interface LoadedRows {
  readonly numbers: LedgerTurn;
  readonly accounts: readonly LoadedAccount[];
  readonly holds: readonly StoredHold[];
  readonly remembered: readonly RememberedEntry[];
}

/** An entry, what it captured, and its sequence number. */
export interface PostedEntry extends ProjectedEntry {
  readonly captures: readonly Capture[];
}

/** A hold as it is to be written, and the row that it takes the place of; undefined if there was none. */
export interface ChangedHold extends StoredHold {
  readonly checksum: number;
  readonly before: StoredHold | undefined;
}

/** What commands have done, as it is to be written. */
export interface ChangedRows {
  readonly numbers: LedgerNumbers;
  readonly opened: readonly (Required<AccountOpening> & { readonly number: number })[];
  /** In the order that they were set in. */
  readonly statuses: readonly Pick<Account, "account" | "status">[];
  readonly entries: readonly PostedEntry[];
  /** Of every account whose figures or status changed. */
  readonly balances: readonly {
    readonly account: number;
    readonly balance: bigint;
    readonly held: bigint;
    readonly sequence: number;
  }[];
  readonly holds: readonly ChangedHold[];
}
