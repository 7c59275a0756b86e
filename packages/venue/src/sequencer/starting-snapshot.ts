import { sameBytes } from "../journal/frame-codec.ts";
import { CORE_SECTION, SKIPPED_SECTION } from "../snapshots/section-names.ts";
import type { Snapshot, SnapshotReader } from "../snapshots/snapshot.ts";
import type { Followers } from "./followers.ts";
import type { StateMachine, StateMachineKind } from "./state-machine.ts";
import type { VenueNotice } from "./venue.ts";
import { StartRefused } from "./venue-errors.ts";

/** What a snapshot has to fit. */
export interface Start {
  readonly followers: Followers;
  /** Sequence numbers of what every replay of the journal passes over. */
  readonly skipped: readonly number[];
  /** The newest snapshot, where it was read before: views have some hundred megabytes. */
  readonly newest?: Snapshot | undefined;
}

/** A venue as it was when a snapshot was taken; its followers are restored. */
export interface Begun {
  readonly snapshot: Snapshot;
  readonly machine: StateMachine;
}

/**
 * Restores the newest snapshot up to a sequence that can be used and read. One that can't be read, as of another release, is
 * passed over and told of: the journal has all that it had. Undefined if there is none; then the views are as they were.
 */
export const restoreNewest = async (
  snapshots: SnapshotReader,
  atMost: number,
  start: Start,
  kind: StateMachineKind,
  onNotice: (notice: VenueNotice) => void,
): Promise<Begun | undefined> => {
  const empty = await start.followers.snapshot();
  let unread: Snapshot | undefined;
  let snapshot = await usableSnapshot(snapshots, atMost, start);
  while (snapshot !== undefined) {
    try {
      return { snapshot, machine: await restored(kind, snapshot, start.followers) };
    } catch (error) {
      onNotice({ kind: "snapshot_passed_over", sequence: snapshot.sequence, error });
      unread = snapshot;
      snapshot = await usableSnapshot(snapshots, snapshot.sequence - 1, start);
    }
  }
  if (unread !== undefined) await emptied(start.followers, empty, unread);
  return undefined;
};

const restored = async (
  kind: StateMachineKind,
  { sections }: Snapshot,
  followers: Followers,
): Promise<StateMachine> => {
  const machine = kind.restore(sections.get(CORE_SECTION) ?? new Uint8Array());
  await followers.restore(sections);
  return machine;
};

/** Something of a snapshot may have got into a view before it could not be read. */
const emptied = async (
  followers: Followers,
  empty: ReadonlyMap<string, Uint8Array>,
  { sequence }: Snapshot,
): Promise<void> => {
  try {
    await followers.restore(empty);
  } catch (error) {
    throw new StartRefused(
      "view_not_restorable",
      sequence,
      `the views can't be emptied of the snapshot of sequence ${sequence}; without snapshots, they are filled from the journal`,
      error,
    );
  }
};

/** The newest snapshot up to a sequence that has all sections, and in whose state what is skipped was skipped. */
const usableSnapshot = async (
  snapshots: SnapshotReader,
  atMost: number,
  start: Start,
): Promise<Snapshot | undefined> => {
  const { newest } = start;
  const isUpToIt = newest !== undefined && newest.sequence <= atMost;
  let snapshot = isUpToIt ? newest : await snapshots.newest(atMost);
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

const isUsable = (snapshot: Snapshot, { followers, skipped }: Start): boolean =>
  snapshot.sections.has(CORE_SECTION) &&
  followers.names.every((name) => snapshot.sections.has(name)) &&
  knowsSkipped(snapshot, skipped);
