import { type Engine, type RecordWriter, Sides } from "@pincex/engine";
import type { SetAccountStatus } from "../commands/set-account-status.ts";
import type { SetAccountTier } from "../commands/set-account-tier.ts";
import { writeAccountStatusSet, writeAccountTierSet } from "../events/account-changed.ts";
import { type CommandRefusal, refused } from "./command-refusal.ts";
import type { VenueState } from "./venue-state.ts";

const HIGHEST_TIER = 65_535;

export const isTier = (tier: number): boolean => tier >= 0 && tier <= HIGHEST_TIER;

/** Freezes an account, opens it again or closes it; its orders end with it if that is asked for. */
export const setAccountStatus = (
  state: VenueState,
  engine: Engine,
  { account, status, cancelOrders }: SetAccountStatus,
  out: RecordWriter,
): CommandRefusal | undefined => {
  const known = state.accounts.get(account);
  if (known === undefined) return refused("unknown_account");
  if (known.status === "closed") return refused("account_closed");
  if (status === "closed" && !isEmpty(state, account, cancelOrders)) {
    return refused("account_not_empty");
  }
  state.accounts.setStatus(account, status);
  writeAccountStatusSet(out, { account, status });
  if (cancelOrders) engine.cancelAll(0, account, Sides.both);
  return undefined;
};

export const setAccountTier = (
  { accounts }: VenueState,
  { account, tier }: SetAccountTier,
  out: RecordWriter,
): CommandRefusal | undefined => {
  if (!accounts.has(account)) return refused("unknown_account");
  if (!isTier(tier)) return refused("tier_out_of_range");
  accounts.setTier(account, tier);
  writeAccountTierSet(out, { account, tier });
  return undefined;
};

/** An open order may be one that needs nothing: pending, or too small to trade. */
const isEmpty = (state: VenueState, account: number, cancelsOrders: boolean): boolean => {
  const { assets, books, ledgerAccounts, orders } = state;
  for (const asset of assets.all()) {
    if (books.balance(ledgerAccounts.customer(account, asset)) !== 0n) return false;
  }
  return cancelsOrders || orders.inOrder().every((slot) => orders.account(slot) !== account);
};
