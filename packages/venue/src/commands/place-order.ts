import {
  CommandKind,
  decodeCommand,
  type EngineCommand,
  encodeCommand,
  type RecordViews,
  type RecordWriter,
  recordKind,
  recordLength,
} from "@pincex/engine";
import { padded, readText, textLength, writeText } from "../record/text-field.ts";
import {
  beginCommand,
  COMMAND_BODY,
  clientOrderIdLength,
  commandAccount,
  commandIdOffset,
  type Repeatable,
  readRepeatable,
  VenueCommandKind,
} from "./command-record.ts";

/** An order as the engine takes it, in ticks and lots; the account is the command's. */
export type OrderRequest = Omit<Extract<EngineCommand, { kind: "place" }>, "kind" | "account">;

/** Places an order. The engine's own record stands in the command unchanged. */
export interface PlaceOrder extends Repeatable {
  readonly kind: "place_order";
  readonly account: number;
  /** "" for none; else 1 to 36 of a-z A-Z 0-9 - _ . : /, unique among the account's open orders. */
  readonly clientOrderId: string;
  readonly order: OrderRequest;
}

/** The body is the engine's record, then the client order id. */
export const writePlaceOrder = (writer: RecordWriter, command: PlaceOrder): void => {
  const { account, clientOrderId, order } = command;
  const placement = encodeCommand({ kind: "place", account, ...order });
  const idLength = textLength(clientOrderId, "clientOrderId");
  const bodyBytes = placement.length + padded(idLength);
  const kind = VenueCommandKind.placeOrder;
  const offset = beginCommand(writer, kind, account, command, bodyBytes);
  writer.views.i32[(offset + 12) >> 2] = idLength;
  writer.views.bytes.set(placement, offset + COMMAND_BODY);
  writeText(writer.views, offset + COMMAND_BODY + placement.length, clientOrderId);
};

export const readPlaceOrder = (views: RecordViews, offset: number): PlaceOrder => {
  assertPlaceOrder(views, offset);
  const {
    kind: _,
    account,
    ...order
  } = decodeCommand(views, offset + COMMAND_BODY) as Extract<EngineCommand, { kind: "place" }>;
  const clientOrderId = readText(
    views,
    placedClientOrderIdOffset(views, offset),
    clientOrderIdLength(views, offset),
  );
  return {
    kind: "place_order",
    account,
    clientOrderId,
    order,
    ...readRepeatable(views, offset),
  };
};

/** Throws a `RangeError` unless the body is one placement by the account that speaks, and its client order id. */
export const assertPlaceOrder = (views: RecordViews, offset: number): void => {
  const placement = offset + COMMAND_BODY;
  if (placement + 8 > commandIdOffset(views, offset)) {
    throw new RangeError("expected a placement in place_order, was cut short");
  }
  if (recordKind(views, placement) !== CommandKind.place) {
    throw new RangeError(
      `expected a placement in place_order, was of kind ${recordKind(views, placement)}`,
    );
  }
  const end = placedClientOrderIdOffset(views, offset) + padded(clientOrderIdLength(views, offset));
  if (end !== commandIdOffset(views, offset)) {
    throw new RangeError(
      `expected place_order to end at ${commandIdOffset(views, offset)}, was ${end}`,
    );
  }
  const { account } = decodeCommand(views, placement) as Extract<EngineCommand, { kind: "place" }>;
  if (account !== commandAccount(views, offset)) {
    throw new RangeError(
      `expected a placement by ${commandAccount(views, offset)}, was by ${account}`,
    );
  }
};

export const placedClientOrderIdOffset = (views: RecordViews, offset: number): number =>
  offset + COMMAND_BODY + recordLength(views, offset + COMMAND_BODY);

/** The third byte of the terms in the engine's record. */
export const placedTimeInForce = (views: RecordViews, offset: number): number =>
  views.bytes[offset + COMMAND_BODY + 18] ?? 0;
