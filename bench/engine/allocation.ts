import { PerformanceObserver } from "node:perf_hooks";
import { setImmediate } from "node:timers/promises";
import type { Attempt } from "./contestants/contestant.ts";

/** Commands between two looks at the heap: so few that a collection seldom falls between them. */
const SLICE = 1_000;

interface Slice {
  readonly began: number;
  readonly ended: number;
  readonly bytes: number;
}

/**
 * Bytes that a command leaves on the heap for the collector, on average. What is counted are slices of the commands in
 * which no collection ran; `null` if there is none. Memory outside the heap (typed arrays) is not in it.
 */
export const bytesPerCommand = async (
  attempt: Attempt,
  from: number,
  to: number,
): Promise<number | null> => {
  const collections: { startTime: number; duration: number }[] = [];
  const observer = new PerformanceObserver((list) => collections.push(...list.getEntries()));
  observer.observe({ entryTypes: ["gc"] });
  globalThis.gc?.();
  const found = slices(from, to, (begin, end) => attempt.perform(begin, end));
  // Looking leaves bytes, too.
  const looks = slices(from, to, () => undefined);
  // Collections are told later, by the event loop.
  await setImmediate();
  await setImmediate();
  observer.disconnect();
  const isWhole = ({ began, ended }: Slice): boolean =>
    !collections.some((each) => each.startTime <= ended && each.startTime + each.duration >= began);
  const bytes = meanBytes(found.filter(isWhole));
  const overhead = meanBytes(looks.filter(isWhole));
  if (bytes === null || overhead === null) return null;
  return Math.max(0, Math.round(((bytes - overhead) / SLICE) * 10) / 10);
};

const slices = (
  from: number,
  to: number,
  perform: (begin: number, end: number) => void,
): Slice[] => {
  const found: Slice[] = [];
  for (let begin = from; begin + SLICE <= to; begin += SLICE) {
    const began = performance.now();
    const before = process.memoryUsage().heapUsed;
    perform(begin, begin + SLICE);
    const bytes = process.memoryUsage().heapUsed - before;
    found.push({ began, ended: performance.now(), bytes });
  }
  return found;
};

const meanBytes = (found: readonly Slice[]): number | null =>
  found.length === 0 ? null : found.reduce((sum, { bytes }) => sum + bytes, 0) / found.length;
