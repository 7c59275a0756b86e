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

/** Lets an account pay the fees of another tier, for orders that become live from the next command on. */
export interface SetAccountTier extends Repeatable {
  readonly kind: "set_account_tier";
  readonly account: number;
  /** 0 to 65,535. Where a tier has no fees of its own, it pays those of tier 0. */
  readonly tier: number;
}

export const writeSetAccountTier = (writer: RecordWriter, command: SetAccountTier): void => {
  const fields = [integer(command.tier, "tier")];
  const kind = VenueCommandKind.setAccountTier;
  const offset = beginCommand(writer, kind, command.account, command, fieldsLength(fields));
  writeFields(writer.views, offset + COMMAND_BODY, fields);
};

export const readSetAccountTier = (views: RecordViews, offset: number): SetAccountTier => {
  const reader = commandFields(views, offset);
  const account = commandAccount(views, offset);
  const tier = reader.number();
  reader.finish();
  return { kind: "set_account_tier", account, tier, ...readRepeatable(views, offset) };
};
