import { sameBytes } from "../journal/frame-codec.ts";
import type { JournalHead } from "../journal/journal.ts";
import { knowsSkipped } from "../sequencer/starting-snapshot.ts";
import { venueMachine } from "../sequencer/venue-machine.ts";
import { CORE_SECTION } from "../snapshots/section-names.ts";
import type { Snapshot, SnapshotReader } from "../snapshots/snapshot.ts";
import type { JournalReplay } from "./journal-replay.ts";
import { checked, type VenueCheck, type VenueFinding } from "./venue-check.ts";

/** Where snapshots are, and those that could not be read, as `openFileSnapshots` tells. */
export interface VerifiedSnapshots extends SnapshotReader {
  readonly damaged?: readonly { readonly file: string; readonly finding: string }[];
}

/** What there is to compare snapshots with. */
export interface SnapshotYardstick {
  readonly replay: JournalReplay;
  readonly skipped: readonly number[];
  readonly head: JournalHead;
}

/** Of every snapshot that is there, newest first. */
export const snapshotSequences = async (snapshots: SnapshotReader): Promise<number[]> => {
  const sequences: number[] = [];
  let atMost = Number.POSITIVE_INFINITY;
  for (;;) {
    const snapshot = await snapshots.newest(atMost);
    if (snapshot === undefined) return sequences;
    sequences.push(snapshot.sequence);
    atMost = snapshot.sequence - 1;
  }
};

/** Compares the state in each snapshot with that of the replay there. */
export const snapshotsCheck = async (
  snapshots: VerifiedSnapshots,
  sequences: readonly number[],
  yardstick: SnapshotYardstick,
): Promise<VenueCheck> => {
  const damaged = snapshots.damaged ?? [];
  const findings: VenueFinding[] = damaged.map(({ file, finding }) => ({ where: file, finding }));
  const same: number[] = [];
  const passedOver: number[] = [];
  for (const sequence of sequences) {
    const verdict = await verdictOn(snapshots, sequence, yardstick);
    if (verdict === "same") same.push(sequence);
    else if (verdict === "passed_over") passedOver.push(sequence);
    else findings.push({ where: `snapshot of sequence ${sequence}`, finding: verdict.finding });
  }
  return checked("snapshots", seenIn(same, passedOver), findings);
};

const seenIn = (same: readonly number[], passedOver: readonly number[]): string => {
  const seen = [
    ...(same.length === 0 ? [] : [`the state at ${same.join(", ")} is that of the replay`]),
    ...(passedOver.length === 0 ? [] : [`${passedOver.join(", ")} would be passed over`]),
  ];
  return seen.join("; ") || "none";
};

/** `passed_over`: a start of this release would do so, and nothing is wrong. */
type Verdict = "same" | "passed_over" | { readonly finding: string };

const verdictOn = async (
  snapshots: SnapshotReader,
  sequence: number,
  { replay, skipped, head }: SnapshotYardstick,
): Promise<Verdict> => {
  if (sequence > head.sequence) {
    return { finding: `it is ahead of the journal, which ends with ${head.sequence}` };
  }
  const snapshot = await snapshots.newest(sequence);
  const then = replay.states.get(sequence);
  if (then === undefined) return { finding: "not compared: the replay has not come that far" };
  // A venue that goes on may have replaced it by now; and one from before a skip is of another past.
  if (snapshot?.sequence !== sequence || !knowsSkipped(snapshot, skipped)) return "passed_over";
  if (then.journalHash === undefined || !sameBytes(snapshot.journalHash, then.journalHash)) {
    return { finding: "it was taken of a journal with another frame there" };
  }
  const hash = stateHashIn(snapshot);
  if (hash === undefined) return "passed_over";
  if (hash === then.stateHash) return "same";
  return { finding: `its state is ${hash}, the replay's is ${then.stateHash}` };
};

/** Undefined if it can't be read: its file is as it was written, so another release did that. */
const stateHashIn = ({ sections }: Snapshot): string | undefined => {
  const core = sections.get(CORE_SECTION);
  if (core === undefined) return undefined;
  try {
    return venueMachine.restore(core).stateHash();
  } catch {
    return undefined;
  }
};
