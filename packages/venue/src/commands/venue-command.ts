import {
  type RecordViews,
  RecordWriter,
  recordKind,
  recordLength,
  recordVersion,
} from "@pincex/engine";
import { TEXT_BYTES_LIMIT } from "../record/text-field.ts";
import { type AddAsset, readAddAsset, writeAddAsset } from "./add-asset.ts";
import { type BustTrade, readBustTrade, writeBustTrade } from "./bust-trade.ts";
import {
  assertCancelOrder,
  type CancelOrder,
  readCancelOrder,
  writeCancelOrder,
} from "./cancel-order.ts";
import {
  COMMAND_BODY,
  COMMAND_VERSION,
  clientOrderIdLength,
  commandIdLength,
  commandIdOffset,
  VenueCommandKind,
} from "./command-record.ts";
import { type CreditDeposit, readCreditDeposit, writeCreditDeposit } from "./credit-deposit.ts";
import { type HoldWithdrawal, readHoldWithdrawal, writeHoldWithdrawal } from "./hold-withdrawal.ts";
import { type ListMarket, readListMarket, writeListMarket } from "./list-market.ts";
import {
  assertMarketCommand,
  type MarketCommand,
  readMarketCommand,
  writeMarketCommand,
} from "./market-command.ts";
import { type OpenAccount, readOpenAccount, writeOpenAccount } from "./open-account.ts";
import {
  assertOrderCommand,
  type OrderCommand,
  readOrderCommand,
  writeOrderCommand,
} from "./order-command.ts";
import {
  assertPlaceOrder,
  type PlaceOrder,
  readPlaceOrder,
  writePlaceOrder,
} from "./place-order.ts";
import { type RaiseRules, readRaiseRules, writeRaiseRules } from "./raise-rules.ts";
import {
  type ReleaseWithdrawal,
  readReleaseWithdrawal,
  writeReleaseWithdrawal,
} from "./release-withdrawal.ts";
import {
  readSetAccountStatus,
  type SetAccountStatus,
  writeSetAccountStatus,
} from "./set-account-status.ts";
import {
  readSetAccountTier,
  type SetAccountTier,
  writeSetAccountTier,
} from "./set-account-tier.ts";
import { readSetFees, type SetFees, writeSetFees } from "./set-fees.ts";
import {
  readSettleWithdrawal,
  type SettleWithdrawal,
  writeSettleWithdrawal,
} from "./settle-withdrawal.ts";
import { readTime, type Time, writeTime } from "./time.ts";
import { readTransfer, type Transfer, writeTransfer } from "./transfer.ts";

/** Everything that changes a venue. */
export type VenueCommand =
  | AddAsset
  | ListMarket
  | OpenAccount
  | SetFees
  | CreditDeposit
  | PlaceOrder
  | CancelOrder
  | OrderCommand
  | MarketCommand
  | BustTrade
  | HoldWithdrawal
  | RaiseRules
  | ReleaseWithdrawal
  | SetAccountStatus
  | SetAccountTier
  | SettleWithdrawal
  | Transfer
  | Time;

/** The command as a record. Numbers that are not safe integers and texts above 255 bytes throw a `RangeError`. */
export const encodeVenueCommand = (command: VenueCommand): Uint8Array => {
  encoding.clear();
  writeVenueCommand(encoding, command);
  return encoding.finished();
};

/** One for all: new memory for each command costs as much as what is written to it. */
const encoding = new RecordWriter();

/** Appends the command's record to others. */
export const writeVenueCommand = (writer: RecordWriter, command: VenueCommand): void => {
  switch (command.kind) {
    case "add_asset":
      writeAddAsset(writer, command);
      break;
    case "list_market":
      writeListMarket(writer, command);
      break;
    case "open_account":
      writeOpenAccount(writer, command);
      break;
    case "set_fees":
      writeSetFees(writer, command);
      break;
    case "credit_deposit":
      writeCreditDeposit(writer, command);
      break;
    case "place_order":
      writePlaceOrder(writer, command);
      break;
    case "cancel_order":
      writeCancelOrder(writer, command);
      break;
    case "order_command":
      writeOrderCommand(writer, command);
      break;
    case "market_command":
      writeMarketCommand(writer, command);
      break;
    case "bust_trade":
      writeBustTrade(writer, command);
      break;
    case "hold_withdrawal":
      writeHoldWithdrawal(writer, command);
      break;
    case "raise_rules":
      writeRaiseRules(writer, command);
      break;
    case "release_withdrawal":
      writeReleaseWithdrawal(writer, command);
      break;
    case "set_account_status":
      writeSetAccountStatus(writer, command);
      break;
    case "set_account_tier":
      writeSetAccountTier(writer, command);
      break;
    case "settle_withdrawal":
      writeSettleWithdrawal(writer, command);
      break;
    case "transfer":
      writeTransfer(writer, command);
      break;
    case "time":
      writeTime(writer, command);
      break;
    default:
      throw new TypeError(
        `expected a venue command, was of kind ${(command as { kind: string }).kind}`,
      );
  }
};

/** The command in a record. One of an unknown kind or version, or one that is cut short, throws a `RangeError`. */
export const decodeVenueCommand = (views: RecordViews, offset: number): VenueCommand => {
  assertEnvelope(views, offset);
  switch (recordKind(views, offset)) {
    case VenueCommandKind.addAsset:
      return readAddAsset(views, offset);
    case VenueCommandKind.listMarket:
      return readListMarket(views, offset);
    case VenueCommandKind.openAccount:
      return readOpenAccount(views, offset);
    case VenueCommandKind.setFees:
      return readSetFees(views, offset);
    case VenueCommandKind.creditDeposit:
      return readCreditDeposit(views, offset);
    case VenueCommandKind.placeOrder:
      return readPlaceOrder(views, offset);
    case VenueCommandKind.cancelOrder:
      return readCancelOrder(views, offset);
    case VenueCommandKind.orderCommand:
      return readOrderCommand(views, offset);
    case VenueCommandKind.marketCommand:
      return readMarketCommand(views, offset);
    case VenueCommandKind.bustTrade:
      return readBustTrade(views, offset);
    case VenueCommandKind.holdWithdrawal:
      return readHoldWithdrawal(views, offset);
    case VenueCommandKind.raiseRules:
      return readRaiseRules(views, offset);
    case VenueCommandKind.releaseWithdrawal:
      return readReleaseWithdrawal(views, offset);
    case VenueCommandKind.setAccountStatus:
      return readSetAccountStatus(views, offset);
    case VenueCommandKind.setAccountTier:
      return readSetAccountTier(views, offset);
    case VenueCommandKind.settleWithdrawal:
      return readSettleWithdrawal(views, offset);
    case VenueCommandKind.transfer:
      return readTransfer(views, offset);
    default:
      return readTime(views, offset);
  }
};

/**
 * Throws a `RangeError` unless a whole command of a known kind and version stands at the offset: what passes, the core
 * applies without throwing. A sequencer asks before it journals, since what is in the journal stays there.
 */
export const assertVenueCommand = (views: RecordViews, offset: number): void => {
  assertEnvelope(views, offset);
  const kind = recordKind(views, offset);
  if (kind === VenueCommandKind.placeOrder) assertPlaceOrder(views, offset);
  else if (kind === VenueCommandKind.cancelOrder) assertCancelOrder(views, offset);
  else if (kind === VenueCommandKind.orderCommand) assertOrderCommand(views, offset);
  else if (kind === VenueCommandKind.marketCommand) assertMarketCommand(views, offset);
  else decodeVenueCommand(views, offset);
};

const assertEnvelope = (views: RecordViews, offset: number): void => {
  if (offset < 0 || offset % 8 !== 0 || offset + COMMAND_BODY > views.bytes.length) {
    throw new RangeError(`expected a command, was offset ${offset} of ${views.bytes.length} bytes`);
  }
  const kind = recordKind(views, offset);
  const version = recordVersion(views, offset);
  const end = offset + recordLength(views, offset);
  if (kind < VenueCommandKind.addAsset || kind > VenueCommandKind.raiseRules) {
    throw new RangeError(`expected a venue command, was of unknown kind ${kind}`);
  }
  if (version !== COMMAND_VERSION) {
    throw new RangeError(`expected command version ${COMMAND_VERSION}, was ${version}`);
  }
  if (end > views.bytes.length) {
    throw new RangeError(
      `expected a whole command, was cut ${end - views.bytes.length} bytes short`,
    );
  }
  assertTextLength(commandIdLength(views, offset));
  // Of an order command these are several lengths, which it knows how to read.
  if (kind !== VenueCommandKind.orderCommand) {
    assertTextLength(clientOrderIdLength(views, offset));
  }
  if (commandIdOffset(views, offset) < offset + COMMAND_BODY) {
    throw new RangeError("expected a command with a body, was shorter than its command id");
  }
};

const assertTextLength = (length: number): void => {
  if (length < 0 || length > TEXT_BYTES_LIMIT) {
    throw new RangeError(`expected a text of at most ${TEXT_BYTES_LIMIT} bytes, was ${length}`);
  }
};
