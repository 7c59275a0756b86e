import type { RecordViews, RecordWriter } from "@pincex/engine";
import type { AccountStatus } from "@pincex/ledger";
import { accountStatusNumber, accountStatusOf } from "../registries/account-status.ts";
import { VenueEventKind } from "./event-record.ts";
import { rowReader, writeRow } from "./event-row.ts";

/** An account was frozen, opened again, or closed. */
export interface AccountStatusSet {
  readonly kind: "account_status_set";
  readonly account: number;
  readonly status: AccountStatus;
}

/** An account pays the fees of another tier, for orders from now on. */
export interface AccountTierSet {
  readonly kind: "account_tier_set";
  readonly account: number;
  readonly tier: number;
}

export const writeAccountStatusSet = (
  out: RecordWriter,
  { account, status }: Omit<AccountStatusSet, "kind">,
): void => writeRow(out, VenueEventKind.accountStatusSet, [account, accountStatusNumber(status)]);

export const readAccountStatusSet = (views: RecordViews, offset: number): AccountStatusSet => {
  const reader = rowReader(views, offset);
  const account = reader.number();
  return { kind: "account_status_set", account, status: accountStatusOf(reader.number()) };
};

export const writeAccountTierSet = (
  out: RecordWriter,
  { account, tier }: Omit<AccountTierSet, "kind">,
): void => writeRow(out, VenueEventKind.accountTierSet, [account, tier]);

export const readAccountTierSet = (views: RecordViews, offset: number): AccountTierSet => {
  const reader = rowReader(views, offset);
  const account = reader.number();
  return { kind: "account_tier_set", account, tier: reader.number() };
};
