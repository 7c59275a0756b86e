import type { BenchOptions, Print } from "../figure.ts";
import { fanOut } from "./fan-out.ts";
import { orderEntry } from "./order-entry.ts";

/** The gateway from a second process: durable orders over WebSockets and by signed REST, and one busy book to many subscribers. */
export const run = async (print: Print, options: BenchOptions): Promise<void> => {
  await orderEntry(print, options);
  await fanOut(print, options);
};
