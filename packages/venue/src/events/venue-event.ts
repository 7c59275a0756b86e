import {
  decodeEvent,
  type EngineEvent,
  type RecordViews,
  recordKind,
  recordLength,
  recordViews,
} from "@pincex/engine";
import {
  type AccountKind,
  decodeAccountOpened,
  decodeEntry,
  type Entry,
  LedgerRecordKind,
} from "@pincex/ledger";
import {
  type AccountStatusSet,
  type AccountTierSet,
  readAccountStatusSet,
  readAccountTierSet,
} from "./account-changed.ts";
import { type Applied, readApplied } from "./applied.ts";
import { VenueEventKind } from "./event-record.ts";
import { type Held, readHeld } from "./held.ts";
import { type OrderNamed, readOrderNamed } from "./order-named.ts";
import { type Refused, readRefused } from "./refused.ts";
import {
  type AccountOpened,
  type AssetAdded,
  type FeesSet,
  type MarketListed,
  type RulesChanged,
  readAccountOpened,
  readAssetAdded,
  readFeesSet,
  readMarketListed,
  readRulesChanged,
} from "./registered.ts";
import { type Repeated, readRepeated } from "./repeated.ts";
import { type RulesRaised, readRulesRaised } from "./rules-raised.ts";
import { readTradeBusted, type TradeBusted } from "./trade-busted.ts";
import { readTradeSettled, type TradeSettled } from "./trade-settled.ts";
import {
  readWithdrawalEnded,
  readWithdrawalHeld,
  type WithdrawalEnded,
  type WithdrawalHeld,
} from "./withdrawal.ts";

// Whose kinds are whose: the engine's come first.
const FIRST_LEDGER_KIND = 64;
const FIRST_VENUE_KIND = 128;

/** An entry of the ledger, as the ledger wrote it. */
export interface EntryPosted {
  readonly kind: "entry";
  readonly entry: Entry;
}

/** The ledger opened a balance: of an account in an asset, or one of the venue's own. */
export interface LedgerAccountOpened {
  readonly kind: "ledger_account_opened";
  readonly ledgerAccount: number;
  /** The account's number as text, or "venue". */
  readonly owner: string;
  readonly asset: number;
  readonly accountKind: AccountKind;
}

/** All that a venue tells: the engine's events and the ledger's entries unchanged, and a few of its own between them. */
export type VenueEvent =
  | Applied
  | EngineEvent
  | EntryPosted
  | LedgerAccountOpened
  | Refused
  | Repeated
  | AssetAdded
  | MarketListed
  | RulesChanged
  | AccountOpened
  | FeesSet
  | OrderNamed
  | Held
  | TradeSettled
  | AccountStatusSet
  | AccountTierSet
  | WithdrawalHeld
  | WithdrawalEnded
  | TradeBusted
  | RulesRaised;

/** The event in a record. One of an unknown kind throws a `RangeError`. */
export const decodeVenueEvent = (views: RecordViews, offset: number): VenueEvent => {
  const kind = recordKind(views, offset);
  if (kind < FIRST_LEDGER_KIND) return decodeEvent(views, offset);
  if (kind < FIRST_VENUE_KIND) return decodeLedgerRecord(views, offset, kind);
  switch (kind) {
    case VenueEventKind.applied:
      return readApplied(views, offset);
    case VenueEventKind.refused:
      return readRefused(views, offset, recordLength(views, offset));
    case VenueEventKind.repeated:
      return readRepeated(views, offset);
    case VenueEventKind.assetAdded:
      return readAssetAdded(views, offset);
    case VenueEventKind.marketListed:
      return readMarketListed(views, offset);
    case VenueEventKind.rulesChanged:
      return readRulesChanged(views, offset);
    case VenueEventKind.accountOpened:
      return readAccountOpened(views, offset);
    case VenueEventKind.feesSet:
      return readFeesSet(views, offset);
    case VenueEventKind.orderNamed:
      return readOrderNamed(views, offset);
    case VenueEventKind.held:
      return readHeld(views, offset);
    case VenueEventKind.tradeSettled:
      return readTradeSettled(views, offset);
    case VenueEventKind.accountStatusSet:
      return readAccountStatusSet(views, offset);
    case VenueEventKind.accountTierSet:
      return readAccountTierSet(views, offset);
    case VenueEventKind.withdrawalHeld:
      return readWithdrawalHeld(views, offset);
    case VenueEventKind.withdrawalEnded:
      return readWithdrawalEnded(views, offset);
    case VenueEventKind.tradeBusted:
      return readTradeBusted(views, offset);
    case VenueEventKind.rulesRaised:
      return readRulesRaised(views, offset);
    default:
      throw new RangeError(`expected a venue event, was of unknown kind ${kind}`);
  }
};

const decodeLedgerRecord = (
  views: RecordViews,
  offset: number,
  kind: number,
): EntryPosted | LedgerAccountOpened => {
  if (kind === LedgerRecordKind.entry) return { kind: "entry", entry: decodeEntry(views, offset) };
  if (kind !== LedgerRecordKind.accountOpened) {
    throw new RangeError(`expected a ledger record, was of unknown kind ${kind}`);
  }
  const opened = decodeAccountOpened(views, offset);
  return {
    kind: "ledger_account_opened",
    ledgerAccount: opened.account,
    owner: opened.owner,
    asset: opened.asset,
    accountKind: opened.kind,
  };
};

/**
 * The events in a flat stream of records, such as `Submission.events`, in order.
 *
 * @example
 * ```ts
 * for (const event of readEvents(submission.events)) {
 *   if (event.kind === "trade") console.log(event.price, event.quantity);
 * }
 * ```
 */
export function* readEvents(bytes: Uint8Array): Iterable<VenueEvent> {
  const views = recordViews(bytes);
  for (let offset = 0; offset < bytes.length; offset += recordLength(views, offset)) {
    yield decodeVenueEvent(views, offset);
  }
}
