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

/** Adds an asset to the venue. Its number, code and decimals never change. */
export interface AddAsset extends Repeatable {
  readonly kind: "add_asset";
  /** 1 to 2^31 - 1, chosen by the operator. */
  readonly asset: number;
  /** What people call it, such as "BTC": 1 to 16 capital letters and digits, unique. */
  readonly code: string;
  /** A whole unit is 10^decimals smallest units; 0 to 30. */
  readonly decimals: number;
}

export const writeAddAsset = (writer: RecordWriter, command: AddAsset): void => {
  const { asset, code, decimals } = command;
  const fields = [integer(asset, "asset"), integer(decimals, "decimals"), code];
  const offset = beginCommand(writer, VenueCommandKind.addAsset, 0, command, fieldsLength(fields));
  writeFields(writer.views, offset + COMMAND_BODY, fields);
};

export const readAddAsset = (views: RecordViews, offset: number): AddAsset => {
  const reader = commandFields(views, offset);
  const asset = reader.number();
  const decimals = reader.number();
  const code = reader.text();
  reader.finish();
  return { kind: "add_asset", asset, code, decimals, ...readRepeatable(views, offset) };
};
