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

/** Moves money from one account of the venue to another. */
export interface Transfer extends Repeatable {
  readonly kind: "transfer";
  /** Whose money it is. */
  readonly account: number;
  /** The account that receives it. */
  readonly to: number;
  readonly asset: number;
  /** In smallest units of the asset, above zero. */
  readonly amount: bigint;
  /** What it is for, kept with the entry; at most 255 bytes. */
  readonly reference: string;
}

export const writeTransfer = (writer: RecordWriter, command: Transfer): void => {
  const { account, to, asset, amount, reference } = command;
  const fields = [integer(to, "to"), integer(asset, "asset"), amount, reference];
  const kind = VenueCommandKind.transfer;
  const offset = beginCommand(writer, kind, account, command, fieldsLength(fields));
  writeFields(writer.views, offset + COMMAND_BODY, fields);
};

export const readTransfer = (views: RecordViews, offset: number): Transfer => {
  const reader = commandFields(views, offset);
  const account = commandAccount(views, offset);
  const to = reader.number();
  const asset = reader.number();
  const amount = reader.amount();
  const reference = reader.text();
  reader.finish();
  const repeatable = readRepeatable(views, offset);
  return { kind: "transfer", account, to, asset, amount, reference, ...repeatable };
};
