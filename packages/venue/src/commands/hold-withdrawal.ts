import type { RecordViews, RecordWriter } from "@pincex/engine";
import { fieldsLength, writeFields } from "../record/fields.ts";
import {
  beginCommand,
  COMMAND_BODY,
  commandAccount,
  commandFields,
  integer,
  type Repeatable,
  readRepeatable,
  VenueCommandKind,
} from "./command-record.ts";

/**
 * Reserves what an account wants to send out of the venue. The withdrawal is named by this command's sequence number, by which
 * it is settled once the money is gone, or released.
 *
 * Give it the request's id as `commandId`: the same request twice then reserves once.
 */
export interface HoldWithdrawal extends Repeatable {
  readonly kind: "hold_withdrawal";
  readonly account: number;
  readonly asset: number;
  /** What leaves the account, in smallest units of the asset, above zero. */
  readonly amount: bigint;
  /** What of it the venue keeps when it settles: 0 to less than the amount. */
  readonly fee: bigint;
  /** Where it goes, kept in the event; at most 255 bytes, and nothing that names a person. */
  readonly reference: string;
}

export const writeHoldWithdrawal = (writer: RecordWriter, command: HoldWithdrawal): void => {
  const { account, asset, amount, fee, reference } = command;
  const fields = [integer(asset, "asset"), amount, fee, reference];
  const kind = VenueCommandKind.holdWithdrawal;
  const offset = beginCommand(writer, kind, account, command, fieldsLength(fields));
  writeFields(writer.views, offset + COMMAND_BODY, fields);
};

export const readHoldWithdrawal = (views: RecordViews, offset: number): HoldWithdrawal => {
  const reader = commandFields(views, offset);
  const account = commandAccount(views, offset);
  const asset = reader.number();
  const amount = reader.amount();
  const fee = reader.amount();
  const reference = reader.text();
  reader.finish();
  const repeatable = readRepeatable(views, offset);
  return { kind: "hold_withdrawal", account, asset, amount, fee, reference, ...repeatable };
};
