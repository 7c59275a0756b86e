import { type RecordViews, type RecordWriter, recordLength, writeHeader } from "@pincex/engine";
import { type Field, FieldReader, fieldsLength, writeFields } from "../record/fields.ts";
import { EVENT_VERSION } from "./event-record.ts";

/** Writes an event that is a row of fields: those that are rare enough to be laid out by themselves. */
export const writeRow = (out: RecordWriter, kind: number, fields: readonly Field[]): void => {
  const length = 8 + fieldsLength(fields);
  const offset = out.reserve(length);
  writeHeader(out.views, offset, kind, EVENT_VERSION, length, 0);
  writeFields(out.views, offset + 8, fields);
};

export const rowReader = (views: RecordViews, offset: number): FieldReader =>
  new FieldReader(views, offset + 8, offset + recordLength(views, offset));
