import type { RecordViews, RecordWriter } from "@pincex/engine";
import type { AccountStatus } from "@pincex/ledger";
import { fieldsLength, writeFields } from "../record/fields.ts";
import { accountStatusNumber, accountStatusOf } from "../registries/account-status.ts";
import {
  beginCommand,
  COMMAND_BODY,
  commandAccount,
  commandFields,
  type Repeatable,
  readRepeatable,
  VenueCommandKind,
} from "./command-record.ts";

/**
 * Freezes an account, opens it again, or closes it for ever.
 *
 * - `frozen`: it places, changes and sends nothing; what would become live, a trigger or a list's next order, ends instead.
 *   Orders that rest go on trading unless `cancelOrders` ends them; it may cancel, and money may still come in.
 * - `closed`: nothing any more. Only an account without open orders, balances and withdrawals is closed.
 */
export interface SetAccountStatus extends Repeatable {
  readonly kind: "set_account_status";
  readonly account: number;
  readonly status: AccountStatus;
  /** Whether its open orders are cancelled with it. */
  readonly cancelOrders: boolean;
}

export const writeSetAccountStatus = (writer: RecordWriter, command: SetAccountStatus): void => {
  const { account, status, cancelOrders } = command;
  const fields = [accountStatusNumber(status), cancelOrders ? 1 : 0];
  const kind = VenueCommandKind.setAccountStatus;
  const offset = beginCommand(writer, kind, account, command, fieldsLength(fields));
  writeFields(writer.views, offset + COMMAND_BODY, fields);
};

export const readSetAccountStatus = (views: RecordViews, offset: number): SetAccountStatus => {
  const reader = commandFields(views, offset);
  const account = commandAccount(views, offset);
  const status = accountStatusOf(reader.number());
  const cancelOrders = reader.flag();
  reader.finish();
  const repeatable = readRepeatable(views, offset);
  return { kind: "set_account_status", account, status, cancelOrders, ...repeatable };
};
