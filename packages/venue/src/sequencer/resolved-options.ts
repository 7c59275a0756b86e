import { CORE_SECTION, SKIPPED_SECTION } from "./starting-snapshot.ts";
import { platformTimer } from "./timer.ts";
import type { VenueOptions } from "./venue.ts";

/** The options with everything that was left out. */
export type ResolvedOptions = Required<Omit<VenueOptions, "snapshots">> &
  Pick<VenueOptions, "snapshots">;

/** Throws a `RangeError` where an option makes no sense. */
export const resolveOptions = (options: VenueOptions): ResolvedOptions => {
  const resolved = {
    views: [],
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
  const names = resolved.views.map(({ name }) => name).concat(CORE_SECTION, SKIPPED_SECTION);
  if (new Set(names).size !== names.length) {
    throw new RangeError(`expected views with names of their own, was ${names.join(", ")}`);
  }
  return resolved;
};

const assertPositive = (option: string, value: number): void => {
  if (Number.isSafeInteger(value) && value > 0) return;
  throw new RangeError(`expected ${option} to be a whole number above zero, was ${value}`);
};
