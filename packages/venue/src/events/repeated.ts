import { type RecordViews, type RecordWriter, writeHeader } from "@pincex/engine";
import { EVENT_VERSION, VenueEventKind } from "./event-record.ts";

/** The command had been done before, under the same id, and was not done again. Here is what it was then. */
export interface Repeated {
  readonly kind: "repeated";
  /** Sequence number and time of the command when it was done. */
  readonly originalSequence: number;
  readonly originalTime: number;
  /** The order that it placed or cancelled; 0 for other commands. */
  readonly orderId: number;
}

const LENGTH = 32;

export const writeRepeated = (
  out: RecordWriter,
  originalSequence: number,
  originalTime: number,
  orderId: number,
): void => {
  const offset = out.reserve(LENGTH);
  writeHeader(out.views, offset, VenueEventKind.repeated, EVENT_VERSION, LENGTH, 0);
  out.views.f64[(offset + 8) >> 3] = originalSequence;
  out.views.f64[(offset + 16) >> 3] = originalTime;
  out.views.f64[(offset + 24) >> 3] = orderId;
};

export const readRepeated = (views: RecordViews, offset: number): Repeated => ({
  kind: "repeated",
  originalSequence: views.f64[(offset + 8) >> 3] ?? 0,
  originalTime: views.f64[(offset + 16) >> 3] ?? 0,
  orderId: views.f64[(offset + 24) >> 3] ?? 0,
});
