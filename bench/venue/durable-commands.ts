import { closeSync, fdatasyncSync, fsyncSync, openSync, writeSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openFileJournal } from "@pincex/venue/node";
import type { BenchOptions, Print } from "../figure.ts";
import { closedLoop, type LoopRun, loopNote } from "./closed-loop.ts";
import { MIXES, type Mix, median } from "./core.ts";

interface Run extends LoopRun {
  /** The same frames by a loop that does nothing else. */
  readonly bareCommandsPerSecond: number;
}

/**
 * Commands a second through the whole venue with the file journal: many clients in this process, each of whom sends its
 * next command when the last was acknowledged. Beside it a bare loop that writes the same bytes into a preallocated file
 * with the same number of `fdatasync` calls.
 */
export const durableCommands = async (print: Print, { short }: BenchOptions): Promise<void> => {
  const count = short ? 100_000 : 400_000;
  const [mix] = MIXES;
  if (mix === undefined) throw new RangeError("expected a mix of commands");
  // Compiled code is what a venue runs on after its first seconds.
  await measured(mix, count / 4);
  const runs: Run[] = [];
  for (let round = 0; round < (short ? 1 : 3); round += 1) runs.push(await measured(mix, count));
  const ours = median(runs.map((run) => run.commandsPerSecond));
  const theirs = median(runs.map((run) => run.bareCommandsPerSecond));
  print({
    bench: "venue/durable-commands",
    ours: Math.round(ours),
    unit: "commands/s",
    peer: "bare fdatasync loop",
    theirs: Math.round(theirs),
    ratio: Math.round((ours / theirs) * 100) / 100,
    note: `${loopNote(runs, mix, count)}; the loop writes the same frames and does nothing else; median of ${runs.length}`,
  });
};

const measured = async (mix: Mix, count: number): Promise<Run> => {
  const directory = await mkdtemp(join(tmpdir(), "pincex-bench-"));
  try {
    const journal = await openFileJournal({ directory: join(directory, "journal") });
    const run = await closedLoop(journal, mix, count);
    const bareSeconds = bareLoop(join(directory, "bare"), run.frameBytes);
    return { ...run, bareCommandsPerSecond: count / bareSeconds };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};

/** Seconds for writing so many bytes so many times, each with its own `fdatasync`, into a file that was allocated before. */
const bareLoop = (path: string, frameBytes: readonly number[]): number => {
  const total = frameBytes.reduce((sum, bytes) => sum + bytes, 0);
  const descriptor = openSync(path, "w");
  const zeros = new Uint8Array(1 << 20);
  for (let at = 0; at < total; at += zeros.length) writeSync(descriptor, zeros);
  fsyncSync(descriptor);
  const bytes = new Uint8Array(Math.max(...frameBytes)).fill(0x5a);
  let at = 0;
  const began = performance.now();
  for (const length of frameBytes) {
    writeSync(descriptor, bytes, 0, length, at);
    fdatasyncSync(descriptor);
    at += length;
  }
  const seconds = (performance.now() - began) / 1_000;
  closeSync(descriptor);
  return seconds;
};
