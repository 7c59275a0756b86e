import type { Slices } from "@pincex/engine";

/** A snapshot of when it was begun. */
export interface SlicedSnapshot {
  /** Writes a slice, for a millisecond or so, and answers whether another is left. */
  slice(): boolean;
  /** The whole, once none is left. */
  finished(): Uint8Array;
}

/** A snapshot that these slices write. */
export const snapshotOf = (slices: Slices<Uint8Array>): SlicedSnapshot => {
  let whole: Uint8Array | undefined;
  return {
    slice: () => {
      if (whole !== undefined) return false;
      const step = slices.next();
      if (step.done === true) whole = step.value;
      return whole === undefined;
    },
    finished: () => {
      if (whole === undefined) throw new RangeError("expected no slice to be left");
      return whole;
    },
  };
};

/** All of it, a slice in each turn of this thread. */
export const writtenInTurns = async (
  snapshot: SlicedSnapshot,
  nextTurn: (task: () => void) => void,
): Promise<Uint8Array> => {
  while (snapshot.slice()) await new Promise<void>((resolve) => nextTurn(resolve));
  return snapshot.finished();
};
