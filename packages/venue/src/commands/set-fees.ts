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

/** Sets what trades cost from the next command on, for resting orders too. */
export interface SetFees extends Repeatable {
  readonly kind: "set_fees";
  /** 0 stands for every market without fees of its own. */
  readonly market: number;
  /** Millionths of what the maker receives, 0 to 1,000,000: 1,000 are 0.1 %. */
  readonly makerPpm: number;
  /** Millionths of what the taker receives, 0 to 1,000,000. */
  readonly takerPpm: number;
}

export const writeSetFees = (writer: RecordWriter, command: SetFees): void => {
  const { market, makerPpm, takerPpm } = command;
  const fields = [
    integer(market, "market"),
    integer(makerPpm, "makerPpm"),
    integer(takerPpm, "takerPpm"),
  ];
  const offset = beginCommand(writer, VenueCommandKind.setFees, 0, command, fieldsLength(fields));
  writeFields(writer.views, offset + COMMAND_BODY, fields);
};

export const readSetFees = (views: RecordViews, offset: number): SetFees => {
  const reader = commandFields(views, offset);
  const market = reader.number();
  const makerPpm = reader.number();
  const takerPpm = reader.number();
  reader.finish();
  return { kind: "set_fees", market, makerPpm, takerPpm, ...readRepeatable(views, offset) };
};
