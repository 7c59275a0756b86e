import type { Scheduler } from "./scheduler.ts";

/** The wall clock of a world begins here. */
export const WORLD_BEGINS = 1_000;

/**
 * Puts a world's time in the place of the platform's while `run` is on its way: code that waits or looks at the clock by
 * itself, without a door for it, is in the simulation all the same. `setImmediate` keeps its order, as the platform's does.
 */
export const onVirtualTime = async <T>(scheduler: Scheduler, run: () => Promise<T>): Promise<T> => {
  const { setTimeout, clearTimeout, setImmediate, clearImmediate } = globalThis;
  const { now: dateNow } = Date;
  const { random } = Math;
  const later = (callback: () => void, milliseconds: number): (() => void) =>
    scheduler.after(Math.max(milliseconds, 0), "timer", callback);
  const takeBack = (handle: unknown): void => {
    if (typeof handle === "function") handle();
  };
  Object.assign(globalThis, {
    setTimeout: (callback: () => void, milliseconds = 0) => later(callback, milliseconds),
    setImmediate: (callback: () => void) => later(callback, 0),
    clearTimeout: takeBack,
    clearImmediate: takeBack,
  });
  Object.defineProperty(performance, "now", { configurable: true, value: () => scheduler.now });
  Date.now = () => Math.floor(WORLD_BEGINS + scheduler.now);
  Math.random = () => {
    throw new Error("nothing in a simulated world is left to chance but by its seed");
  };
  try {
    return await run();
  } finally {
    Object.assign(globalThis, { setTimeout, clearTimeout, setImmediate, clearImmediate });
    Reflect.deleteProperty(performance, "now");
    Date.now = dateNow;
    Math.random = random;
  }
};
