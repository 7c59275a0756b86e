import type { Attempt } from "./contestants/contestant.ts";

/** Nanoseconds that single commands took, with one reading of the clock in each. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly p9999: number;
  readonly max: number;
  /** What the clock shows for doing nothing: the median of that. */
  readonly timer: number;
}

const TIMER_READINGS = 20_000;

/** Performs the commands from one number to another, each for itself. */
export const latencyOf = (attempt: Attempt, from: number, to: number): Latency => {
  const spent = new Float64Array(to - from);
  for (let index = from; index < to; index += 1) {
    const began = performance.now();
    attempt.perform(index, index + 1);
    spent[index - from] = performance.now() - began;
  }
  spent.sort();
  const at = (share: number): number => nanoseconds(quantile(spent, share));
  return {
    p50: at(0.5),
    p99: at(0.99),
    p999: at(0.999),
    p9999: at(0.9999),
    max: at(1),
    timer: nanoseconds(timerMedian()),
  };
};

const timerMedian = (): number => {
  const spent = new Float64Array(TIMER_READINGS);
  for (let index = 0; index < TIMER_READINGS; index += 1) {
    const began = performance.now();
    spent[index] = performance.now() - began;
  }
  return quantile(spent.sort(), 0.5);
};

const quantile = (sorted: Float64Array, share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

const nanoseconds = (milliseconds: number): number => Math.round(milliseconds * 1_000_000);
