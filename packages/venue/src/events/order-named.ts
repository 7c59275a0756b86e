import { type RecordViews, type RecordWriter, writeHeader } from "@pincex/engine";
import { padded, readText } from "../record/text-field.ts";
import { EVENT_VERSION, VenueEventKind } from "./event-record.ts";

/**
 * The account's own name for an order. It stands before the order's `accepted`, and only where a name was
 * given. Before a list's `list_accepted` it is the name of the list, by the id of its first order.
 */
export interface OrderNamed {
  readonly kind: "order_named";
  readonly orderId: number;
  readonly account: number;
  readonly clientOrderId: string;
}

const FIXED_LENGTH = 24;

/** Writes the name as bytes, straight from where the command has it. */
export const writeOrderNamed = (
  out: RecordWriter,
  orderId: number,
  account: number,
  source: RecordViews,
  nameOffset: number,
  nameLength: number,
): void => {
  const length = FIXED_LENGTH + padded(nameLength);
  const offset = out.reserve(length);
  const { views } = out;
  writeHeader(views, offset, VenueEventKind.orderNamed, EVENT_VERSION, length, account);
  views.f64[(offset + 8) >> 3] = orderId;
  views.i32[(offset + 16) >> 2] = nameLength;
  for (let index = 0; index < nameLength; index++) {
    views.bytes[offset + FIXED_LENGTH + index] = source.bytes[nameOffset + index] ?? 0;
  }
};

export const readOrderNamed = (views: RecordViews, offset: number): OrderNamed => ({
  kind: "order_named",
  orderId: views.f64[(offset + 8) >> 3] ?? 0,
  account: views.i32[(offset + 4) >> 2] ?? 0,
  clientOrderId: readText(views, offset + FIXED_LENGTH, views.i32[(offset + 16) >> 2] ?? 0),
});
