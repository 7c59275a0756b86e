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
 * Credits a deposit that has arrived in custody. Give it the payment's id as `commandId`: the same command twice then
 * counts once. Its ids are the operator's, apart from those of the account's own commands.
 */
export interface CreditDeposit extends Repeatable {
  readonly kind: "credit_deposit";
  readonly account: number;
  readonly asset: number;
  /** In smallest units of the asset, above zero. */
  readonly amount: bigint;
  /** Where the money came from, kept with the entry; at most 255 bytes. */
  readonly reference: string;
}

export const writeCreditDeposit = (writer: RecordWriter, command: CreditDeposit): void => {
  const { account, asset, amount, reference } = command;
  const fields = [integer(asset, "asset"), amount, reference];
  const kind = VenueCommandKind.creditDeposit;
  const offset = beginCommand(writer, kind, account, command, fieldsLength(fields));
  writeFields(writer.views, offset + COMMAND_BODY, fields);
};

export const readCreditDeposit = (views: RecordViews, offset: number): CreditDeposit => {
  const reader = commandFields(views, offset);
  const account = commandAccount(views, offset);
  const asset = reader.number();
  const amount = reader.amount();
  const reference = reader.text();
  reader.finish();
  return {
    kind: "credit_deposit",
    account,
    asset,
    amount,
    reference,
    ...readRepeatable(views, offset),
  };
};
