import type { RecordViews, RecordWriter } from "@pincex/engine";
import {
  beginCommand,
  commandFields,
  type Repeatable,
  readRepeatable,
  VenueCommandKind,
} from "./command-record.ts";

/** Nothing but time passes: what is due by the command's time is done. */
export interface Time extends Repeatable {
  readonly kind: "time";
}

export const writeTime = (writer: RecordWriter, command: Time): void => {
  beginCommand(writer, VenueCommandKind.time, 0, command, 0);
};

export const readTime = (views: RecordViews, offset: number): Time => {
  commandFields(views, offset).finish();
  return { kind: "time", ...readRepeatable(views, offset) };
};
