import type { Timestamp } from "../schema/timestamp.ts";

/** An address that a user withdraws to. */
export interface WithdrawalAddressTable {
  id: string;
  user_id: string;
  /** Network, address, memo, label and beneficiary, sealed under the user's key. */
  entry: Uint8Array;
  /** A keyed hash of user, network, address and memo. */
  entry_index: Uint8Array;
  /** `cooling` is active once its time is over. */
  status: "pending_confirm" | "cooling" | "suspended" | "removed";
  created_at: Timestamp;
  /** Null until it is confirmed. */
  cooling_until: Timestamp | null;
  /** SHA-256 of the token that confirms it. */
  confirm_hash: Uint8Array;
  confirm_until: Timestamp;
}

/** Whether a user withdraws to the addresses of their book alone. */
export interface AddressBookModeTable {
  user_id: string;
  only_listed: boolean;
  /** When the mode ends that somebody has switched off; null if nobody has. */
  ends_at: Timestamp | null;
}

export const addressBookMigration = (schema: string): readonly string[] => [
  `create table ${schema}.identity_withdrawal_address (
    id text primary key,
    user_id text not null references ${schema}.identity_user (id),
    entry bytea not null,
    entry_index bytea not null,
    status text not null check (status in ('pending_confirm', 'cooling', 'suspended', 'removed')),
    created_at timestamptz not null,
    cooling_until timestamptz,
    confirm_hash bytea not null unique,
    confirm_until timestamptz not null,
    check (status <> 'cooling' or cooling_until is not null)
  )`,
  `create unique index identity_withdrawal_address_once
    on ${schema}.identity_withdrawal_address (user_id, entry_index) where status <> 'removed'`,
  `create table ${schema}.identity_address_book_mode (
    user_id text primary key references ${schema}.identity_user (id),
    only_listed bool not null,
    ends_at timestamptz
  )`,
];
