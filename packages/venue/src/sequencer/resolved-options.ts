import { platformTimer } from "./timer.ts";
import type { VenueOptions } from "./venue.ts";

/** The options with everything that was left out. */
export type ResolvedOptions = Required<Omit<VenueOptions, "snapshots" | "views">> &
  Pick<VenueOptions, "snapshots">;

/** Throws a `RangeError` where an option makes no sense. */
export const resolveOptions = (options: Omit<VenueOptions, "views">): ResolvedOptions => {
  const resolved = {
    projections: [],
    timer: platformTimer,
    snapshotEvery: 100_000,
    queueLimit: 10_000,
    projectionQueueBytes: 256 << 20,
    onProgress: () => undefined,
    onNotice: () => undefined,
    ...options,
  };
  assertPositive("snapshotEvery", resolved.snapshotEvery);
  assertPositive("queueLimit", resolved.queueLimit);
  assertPositive("projectionQueueBytes", resolved.projectionQueueBytes);
  return resolved;
};

const assertPositive = (option: string, value: number): void => {
  if (Number.isSafeInteger(value) && value > 0) return;
  throw new RangeError(`expected ${option} to be a whole number above zero, was ${value}`);
};
