import type { RecordViews, RecordWriter } from "@pincex/engine";
import { fieldsLength, writeFields } from "../record/fields.ts";
import {
  beginCommand,
  COMMAND_BODY,
  commandAccount,
  commandFields,
  type Repeatable,
  readRepeatable,
  VenueCommandKind,
} from "./command-record.ts";

/** Opens an account. Who stands behind it is the host's to know: commands carry no personal data. */
export interface OpenAccount extends Repeatable {
  readonly kind: "open_account";
  /** 1 to 2^31 - 1, chosen by the operator. */
  readonly account: number;
  /** An opaque name, 1 to 64 printable ASCII characters without spaces, unique. */
  readonly name: string;
}

export const writeOpenAccount = (writer: RecordWriter, command: OpenAccount): void => {
  const { account, name } = command;
  const fields = [name];
  const kind = VenueCommandKind.openAccount;
  const offset = beginCommand(writer, kind, account, command, fieldsLength(fields));
  writeFields(writer.views, offset + COMMAND_BODY, fields);
};

export const readOpenAccount = (views: RecordViews, offset: number): OpenAccount => {
  const reader = commandFields(views, offset);
  const account = commandAccount(views, offset);
  const name = reader.text();
  reader.finish();
  return { kind: "open_account", account, name, ...readRepeatable(views, offset) };
};
