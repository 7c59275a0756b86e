import { type RecordViews, type RecordWriter, writeHeader } from "@pincex/engine";
import { readAmount, writeAmount } from "../record/amount-field.ts";
import { refusalOf } from "../refusals/venue-refusals.ts";
import { EVENT_VERSION, VenueEventKind } from "./event-record.ts";

/** The command changed nothing. A refused command has one of these, and of its own no event beside the engine's `rejected`. */
export interface Refused {
  readonly kind: "refused";
  /** A key of `REFUSALS` or, from the engine, of `REJECTIONS`. */
  readonly code: string;
  readonly codeNumber: number;
  readonly field: string;
  readonly rule: string;
  /** In smallest units, where the rule compares two amounts. */
  readonly needed?: bigint;
  readonly available?: bigint;
}

const SHORT_LENGTH = 8;
const LENGTH_WITH_AMOUNTS = 40;

export const writeRefused = (out: RecordWriter, codeNumber: number): void => {
  const offset = out.reserve(SHORT_LENGTH);
  writeHeader(out.views, offset, VenueEventKind.refused, EVENT_VERSION, SHORT_LENGTH, codeNumber);
};

export const writeRefusedWithAmounts = (
  out: RecordWriter,
  codeNumber: number,
  needed: bigint,
  available: bigint,
): void => {
  const length = LENGTH_WITH_AMOUNTS;
  const offset = out.reserve(length);
  writeHeader(out.views, offset, VenueEventKind.refused, EVENT_VERSION, length, codeNumber);
  writeAmount(out.views, offset + 8, needed);
  writeAmount(out.views, offset + 24, available);
};

export const readRefused = (views: RecordViews, offset: number, length: number): Refused => {
  const { code, number, field, rule } = refusalOf(views.i32[(offset + 4) >> 2] ?? 0);
  const refused: Refused = { kind: "refused", code, codeNumber: number, field, rule };
  if (length < LENGTH_WITH_AMOUNTS) return refused;
  const needed = readAmount(views, offset + 8);
  const available = readAmount(views, offset + 24);
  return { ...refused, needed, available };
};
