import type { BenchOptions, Print } from "../figure.ts";
import { dayOfCandles } from "./day-of-candles.ts";

/** Market data: its history in SQL, and its archive. */
export const run = (print: Print, options: BenchOptions): Promise<void> =>
  dayOfCandles(print, options);
