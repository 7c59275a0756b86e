import type { RecordViews, RecordWriter } from "@pincex/engine";
import { fieldsLength, writeFields } from "../record/fields.ts";
import {
  beginCommand,
  COMMAND_BODY,
  commandFields,
  integer,
  type Repeatable,
  readRepeatable,
  VenueCommandKind,
} from "./command-record.ts";

/** The money of a withdrawal has left custody: what was reserved for it is posted. */
export interface SettleWithdrawal extends Repeatable {
  readonly kind: "settle_withdrawal";
  /** Its number: the sequence of the command that reserved it. */
  readonly withdrawal: number;
  /** What shows that it has left, such as the transaction's id; kept with the entry, at most 255 bytes. */
  readonly reference: string;
}

export const writeSettleWithdrawal = (writer: RecordWriter, command: SettleWithdrawal): void => {
  const fields = [integer(command.withdrawal, "withdrawal"), command.reference];
  const kind = VenueCommandKind.settleWithdrawal;
  const offset = beginCommand(writer, kind, 0, command, fieldsLength(fields));
  writeFields(writer.views, offset + COMMAND_BODY, fields);
};

export const readSettleWithdrawal = (views: RecordViews, offset: number): SettleWithdrawal => {
  const reader = commandFields(views, offset);
  const withdrawal = reader.number();
  const reference = reader.text();
  reader.finish();
  return { kind: "settle_withdrawal", withdrawal, reference, ...readRepeatable(views, offset) };
};
