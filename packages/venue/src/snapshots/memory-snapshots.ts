import type { Snapshot, SnapshotStore } from "./snapshot.ts";
import { forgettable } from "./snapshots-kept.ts";

/** Snapshots in memory, for tests and browsers. Keeps two. */
export const memorySnapshots = (): SnapshotStore => {
  const kept = new Map<number, Snapshot>();
  return {
    newest: async (atMost) => {
      const sequences = [...kept.keys()].filter((sequence) => sequence <= atMost);
      return kept.get(Math.max(...sequences));
    },
    save: async (snapshot, needed) => {
      kept.set(snapshot.sequence, snapshot);
      for (const sequence of forgettable([...kept.keys()], 2, needed)) kept.delete(sequence);
      return Math.min(...kept.keys());
    },
  };
};
