import { sameBytes } from "../journal/frame-codec.ts";
import type { Snapshot, SnapshotStore } from "../snapshots/snapshot.ts";
import type { View } from "../views/view.ts";

/** The name of the state machine's section in a snapshot. */
export const CORE_SECTION = "core";
/** Which commands had been skipped, if any had. A section and not a field: older snapshots are read as before. */
export const SKIPPED_SECTION = "skipped";

/** What a snapshot has to fit. */
export interface Start {
  readonly views: readonly View[];
  /** Sequence numbers of what every replay of the journal passes over. */
  readonly skipped: readonly number[];
}

/** The newest snapshot up to a sequence that has all sections, and in whose state what is skipped was skipped. */
export const usableSnapshot = async (
  snapshots: SnapshotStore,
  atMost: number,
  start: Start,
): Promise<Snapshot | undefined> => {
  let snapshot = await snapshots.newest(atMost);
  while (snapshot !== undefined && !isUsable(snapshot, start)) {
    snapshot = await snapshots.newest(snapshot.sequence - 1);
  }
  return snapshot;
};

/** The sections that say which commands the state passed over: none, or one. */
export const skippedSection = (skipped: readonly number[]): Map<string, Uint8Array> => {
  if (skipped.length === 0) return new Map();
  return new Map([[SKIPPED_SECTION, new Uint8Array(Float64Array.from(skipped).buffer)]]);
};

/** Whether what is skipped up to a snapshot was skipped when it was taken. */
export const knowsSkipped = (
  { sections, sequence }: Snapshot,
  skipped: readonly number[],
): boolean => {
  const before = skipped.filter((each) => each <= sequence);
  const expected = skippedSection(before).get(SKIPPED_SECTION) ?? new Uint8Array();
  return sameBytes(sections.get(SKIPPED_SECTION) ?? new Uint8Array(), expected);
};

const isUsable = (snapshot: Snapshot, { views, skipped }: Start): boolean =>
  snapshot.sections.has(CORE_SECTION) &&
  views.every(({ name }) => snapshot.sections.has(name)) &&
  knowsSkipped(snapshot, skipped);
