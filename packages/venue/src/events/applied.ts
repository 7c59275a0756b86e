import { type RecordViews, type RecordWriter, writeHeader } from "@pincex/engine";
import { EVENT_VERSION, VenueEventKind } from "./event-record.ts";

/** Begins the events of one command. What follows, until the next one, is what the command did. */
export interface Applied {
  readonly kind: "applied";
  readonly sequence: number;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly time: number;
  /** One of `VenueCommandKind`. */
  readonly commandKind: number;
}

const LENGTH = 24;

export const writeApplied = (
  out: RecordWriter,
  sequence: number,
  time: number,
  commandKind: number,
): void => {
  const offset = out.reserve(LENGTH);
  writeHeader(out.views, offset, VenueEventKind.applied, EVENT_VERSION, LENGTH, commandKind);
  out.views.f64[(offset + 8) >> 3] = sequence;
  out.views.f64[(offset + 16) >> 3] = time;
};

export const readApplied = (views: RecordViews, offset: number): Applied => ({
  kind: "applied",
  sequence: appliedSequence(views, offset),
  time: appliedTime(views, offset),
  commandKind: views.i32[(offset + 4) >> 2] ?? 0,
});

/** The sequence number in an `applied` record. */
export const appliedSequence = (views: RecordViews, offset: number): number =>
  views.f64[(offset + 8) >> 3] ?? 0;

/** The time in an `applied` record. */
export const appliedTime = (views: RecordViews, offset: number): number =>
  views.f64[(offset + 16) >> 3] ?? 0;
