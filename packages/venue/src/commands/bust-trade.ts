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

/**
 * Takes a trade back that should not have been: an entry that reverses its own, fees included, and an event. Both sides must
 * have what they received available; orders and prices stay as they are.
 *
 * Only the venue's last 65,536 trades can be taken back: older ones are corrected by transfers.
 */
export interface BustTrade extends Repeatable {
  readonly kind: "bust_trade";
  readonly market: number;
  readonly tradeId: number;
  /** Why, kept with the entry; at most 255 bytes. */
  readonly reference: string;
}

export const writeBustTrade = (writer: RecordWriter, command: BustTrade): void => {
  const { market, tradeId, reference } = command;
  const fields = [integer(market, "market"), integer(tradeId, "tradeId"), reference];
  const kind = VenueCommandKind.bustTrade;
  const offset = beginCommand(writer, kind, 0, command, fieldsLength(fields));
  writeFields(writer.views, offset + COMMAND_BODY, fields);
};

export const readBustTrade = (views: RecordViews, offset: number): BustTrade => {
  const reader = commandFields(views, offset);
  const market = reader.number();
  const tradeId = reader.number();
  const reference = reader.text();
  reader.finish();
  return { kind: "bust_trade", market, tradeId, reference, ...readRepeatable(views, offset) };
};
