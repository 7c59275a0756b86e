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

/** A withdrawal does not happen: what was reserved for it is available again. */
export interface ReleaseWithdrawal extends Repeatable {
  readonly kind: "release_withdrawal";
  /** Its number: the sequence of the command that reserved it. */
  readonly withdrawal: number;
  /** Why; kept in the event, at most 255 bytes. */
  readonly reference: string;
}

export const writeReleaseWithdrawal = (writer: RecordWriter, command: ReleaseWithdrawal): void => {
  const fields = [integer(command.withdrawal, "withdrawal"), command.reference];
  const kind = VenueCommandKind.releaseWithdrawal;
  const offset = beginCommand(writer, kind, 0, command, fieldsLength(fields));
  writeFields(writer.views, offset + COMMAND_BODY, fields);
};

export const readReleaseWithdrawal = (views: RecordViews, offset: number): ReleaseWithdrawal => {
  const reader = commandFields(views, offset);
  const withdrawal = reader.number();
  const reference = reader.text();
  reader.finish();
  return { kind: "release_withdrawal", withdrawal, reference, ...readRepeatable(views, offset) };
};
