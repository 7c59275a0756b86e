// The core of an exchange: commands in, events out, and what joins them.

export type { AddAsset } from "./commands/add-asset.ts";
export type { BustTrade } from "./commands/bust-trade.ts";
export type { CancelOrder } from "./commands/cancel-order.ts";
export { type Repeatable, VenueCommandKind } from "./commands/command-record.ts";
export type { CreditDeposit } from "./commands/credit-deposit.ts";
export type { HoldWithdrawal } from "./commands/hold-withdrawal.ts";
export type { ListMarket, MarketRules } from "./commands/list-market.ts";
export type { MarketCommand, OperatorRequest } from "./commands/market-command.ts";
export type { OpenAccount } from "./commands/open-account.ts";
export type { AccountRequest, OrderCommand } from "./commands/order-command.ts";
export type { OrderRequest, PlaceOrder } from "./commands/place-order.ts";
export type { RaiseRules } from "./commands/raise-rules.ts";
export type { ReleaseWithdrawal } from "./commands/release-withdrawal.ts";
export type { SetAccountStatus } from "./commands/set-account-status.ts";
export type { SetAccountTier } from "./commands/set-account-tier.ts";
export type { SetFees } from "./commands/set-fees.ts";
export type { SettleWithdrawal } from "./commands/settle-withdrawal.ts";
export type { Time } from "./commands/time.ts";
export type { Transfer } from "./commands/transfer.ts";
export {
  assertVenueCommand,
  decodeVenueCommand,
  encodeVenueCommand,
  type VenueCommand,
  writeVenueCommand,
} from "./commands/venue-command.ts";
export { TRADES_RETAINED } from "./core/recent-trades.ts";
export { VenueCore } from "./core/venue-core.ts";
export type { AccountStatusSet, AccountTierSet } from "./events/account-changed.ts";
export { type Applied, appliedSequence, appliedTime } from "./events/applied.ts";
export { VenueEventKind } from "./events/event-record.ts";
export type { Held } from "./events/held.ts";
export type { OrderNamed } from "./events/order-named.ts";
export type { Refused } from "./events/refused.ts";
export type {
  AccountOpened,
  AssetAdded,
  FeesSet,
  MarketListed,
  RulesChanged,
} from "./events/registered.ts";
export type { Repeated } from "./events/repeated.ts";
export type { RulesRaised } from "./events/rules-raised.ts";
export type { TradeBusted } from "./events/trade-busted.ts";
export type { TradeSettled } from "./events/trade-settled.ts";
export {
  decodeVenueEvent,
  type EntryPosted,
  type LedgerAccountOpened,
  readEvents,
  type VenueEvent,
} from "./events/venue-event.ts";
export type { WithdrawalEnded, WithdrawalHeld } from "./events/withdrawal.ts";
export type { FeeRates, FeesPaidIn } from "./fees/fee-schedule.ts";
export type {
  Frame,
  Journal,
  JournalHead,
  JournalReader,
  SkippedCommand,
  StoredFrame,
} from "./journal/journal.ts";
export {
  JournalDamaged,
  JournalDead,
  JournalHeadMoved,
  JournalLocked,
} from "./journal/journal-errors.ts";
export { type MemoryJournal, memoryJournal } from "./journal/memory-journal.ts";
export {
  LISTING_REFUSALS,
  type Listing,
  type ListingRefusal,
  type ListingRefusalCode,
  listing,
} from "./listing/listing.ts";
export { type MarketScale, marketScale } from "./listing/market-scale.ts";
export type { Projection } from "./projection/projection.ts";
export {
  REFUSALS,
  type RefusalRule,
  refusalOf,
  type VenueRefusalCode,
} from "./refusals/venue-refusals.ts";
export type { Account } from "./registries/accounts.ts";
export type { Asset } from "./registries/assets.ts";
export { NEWEST_RULES, OLDEST_RULES } from "./rules/rules.ts";
export type { JudgeSkipOptions, SkipJudgement, SkipRefusalCode } from "./sequencer/judge-skip.ts";
export { judgeSkip, openVenue } from "./sequencer/open-venue.ts";
export type { Timer } from "./sequencer/timer.ts";
export type {
  RecoveryProgress,
  Submission,
  Venue,
  VenueNotice,
  VenueOptions,
} from "./sequencer/venue.ts";
export {
  OutcomeUnknown,
  type StartRefusalCode,
  StartRefused,
  VenueOverloaded,
  VenueStopped,
} from "./sequencer/venue-errors.ts";
export { memorySnapshots } from "./snapshots/memory-snapshots.ts";
export type { Snapshot, SnapshotReader, SnapshotStore } from "./snapshots/snapshot.ts";
export type { SlicedSnapshot, View } from "./views/view.ts";
