import { type RecordViews, type RecordWriter, recordLength, writeHeader } from "@pincex/engine";
import { FieldReader } from "../record/fields.ts";
import { padded, readText, textLength, writeText } from "../record/text-field.ts";

/**
 * How every venue command is laid out, in bytes:
 *
 * - 0: the record's header; its second word is the account that speaks, 0 for the operator
 * - 8: length of the command id; 12: length of the client order id, or of up to three of them, a byte each
 * - 16: the body
 * - last: the command id. It stands at the end so that it is found without knowing the body.
 */
export const COMMAND_BODY = 16;

export const COMMAND_VERSION = 1;

/** The kinds of venue commands, as they stand in records. A number is never given a second meaning. */
export const VenueCommandKind = {
  addAsset: 128,
  listMarket: 129,
  openAccount: 130,
  setFees: 131,
  creditDeposit: 132,
  placeOrder: 133,
  cancelOrder: 134,
  time: 135,
  orderCommand: 136,
  marketCommand: 137,
  setAccountStatus: 138,
  setAccountTier: 139,
  holdWithdrawal: 140,
  settleWithdrawal: 141,
  releaseWithdrawal: 142,
  transfer: 143,
  bustTrade: 144,
  raiseRules: 145,
} as const;

/** What every command may carry. */
export interface Repeatable {
  /**
   * Makes the command safe to repeat: the same id with the same body is done once, and with another body refused as
   * `command_id_conflict`. 1 to 64 printable ASCII characters without spaces; unique per account.
   */
  readonly commandId?: string;
}

/** Begins a command: reserves it with a body of so many bytes, writes all but the body, and returns its offset. */
export const beginCommand = (
  writer: RecordWriter,
  kind: number,
  account: number,
  command: Repeatable,
  bodyBytes: number,
): number => {
  if ((account | 0) !== account) {
    throw new RangeError(`expected account as a whole number of 32 bits, was ${account}`);
  }
  const commandId = command.commandId ?? "";
  const idLength = textLength(commandId, "commandId");
  const length = COMMAND_BODY + bodyBytes + padded(idLength);
  const offset = writer.reserve(length);
  writeHeader(writer.views, offset, kind, COMMAND_VERSION, length, account);
  writer.views.i32[(offset + 8) >> 2] = idLength;
  writeText(writer.views, offset + length - padded(idLength), commandId);
  return offset;
};

/** The account that speaks; 0 is the operator. */
export const commandAccount = (views: RecordViews, offset: number): number =>
  views.i32[(offset + 4) >> 2] ?? 0;

export const commandIdLength = (views: RecordViews, offset: number): number =>
  views.i32[(offset + 8) >> 2] ?? 0;

export const commandIdOffset = (views: RecordViews, offset: number): number =>
  offset + recordLength(views, offset) - padded(commandIdLength(views, offset));

export const clientOrderIdLength = (views: RecordViews, offset: number): number =>
  views.i32[(offset + 12) >> 2] ?? 0;

/** The command id as an object's part: absent where the command has none. */
export const readRepeatable = (views: RecordViews, offset: number): Repeatable => {
  const length = commandIdLength(views, offset);
  if (length === 0) return {};
  return { commandId: readText(views, commandIdOffset(views, offset), length) };
};

/** Reads the body of a command that is a row of fields. */
export const commandFields = (views: RecordViews, offset: number): FieldReader =>
  new FieldReader(views, offset + COMMAND_BODY, commandIdOffset(views, offset));

/** A whole number that a record can carry exactly. */
export const integer = (value: number, field: string): number => {
  if (!Number.isSafeInteger(value)) {
    throw new RangeError(`expected ${field} to be a safe integer, was ${value}`);
  }
  return value;
};
