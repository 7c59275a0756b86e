import type { RecordViews, RecordWriter } from "@pincex/engine";
import { padded, readText, textLength, writeText } from "../record/text-field.ts";
import {
  beginCommand,
  COMMAND_BODY,
  clientOrderIdLength,
  commandAccount,
  commandIdOffset,
  integer,
  type Repeatable,
  readRepeatable,
  VenueCommandKind,
} from "./command-record.ts";

/** Cancels an open order of the account, named by the venue's id or by the account's own. */
export interface CancelOrder extends Repeatable {
  readonly kind: "cancel_order";
  readonly account: number;
  readonly market: number;
  /** 0: `clientOrderId` names the order. Where both are given, both must name it. */
  readonly orderId: number;
  readonly clientOrderId: string;
}

export const CANCEL_CLIENT_ORDER_ID: number = COMMAND_BODY + 16;

export const writeCancelOrder = (writer: RecordWriter, command: CancelOrder): void => {
  const { account, market, orderId, clientOrderId } = command;
  const idLength = textLength(clientOrderId, "clientOrderId");
  const kind = VenueCommandKind.cancelOrder;
  const offset = beginCommand(writer, kind, account, command, 16 + padded(idLength));
  writer.views.i32[(offset + 12) >> 2] = idLength;
  writer.views.f64[(offset + COMMAND_BODY) >> 3] = integer(market, "market");
  writer.views.f64[(offset + COMMAND_BODY + 8) >> 3] = integer(orderId, "orderId");
  writeText(writer.views, offset + CANCEL_CLIENT_ORDER_ID, clientOrderId);
};

export const readCancelOrder = (views: RecordViews, offset: number): CancelOrder => {
  assertCancelOrder(views, offset);
  const idLength = clientOrderIdLength(views, offset);
  return {
    kind: "cancel_order",
    account: commandAccount(views, offset),
    market: cancelledMarket(views, offset),
    orderId: cancelledOrderId(views, offset),
    clientOrderId: readText(views, offset + CANCEL_CLIENT_ORDER_ID, idLength),
    ...readRepeatable(views, offset),
  };
};

/** Throws a `RangeError` unless the body is as long as its client order id says, and its numbers whole. */
export const assertCancelOrder = (views: RecordViews, offset: number): void => {
  const end = offset + CANCEL_CLIENT_ORDER_ID + padded(clientOrderIdLength(views, offset));
  if (end !== commandIdOffset(views, offset)) {
    throw new RangeError(
      `expected cancel_order to end at ${commandIdOffset(views, offset)}, was ${end}`,
    );
  }
  integer(cancelledMarket(views, offset), "market");
  integer(cancelledOrderId(views, offset), "orderId");
};

export const cancelledMarket = (views: RecordViews, offset: number): number =>
  views.f64[(offset + COMMAND_BODY) >> 3] ?? 0;

export const cancelledOrderId = (views: RecordViews, offset: number): number =>
  views.f64[(offset + COMMAND_BODY + 8) >> 3] ?? 0;
