import { closeSync, fdatasyncSync, fsyncSync, openSync, writeSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RecordWriter, recordLength } from "@pincex/engine";
import { type Journal, openVenue, type Venue, writeVenueCommand } from "@pincex/venue";
import { openFileJournal } from "@pincex/venue/node";
import type { BenchOptions, Print } from "../figure.ts";
import { beginnings, commandStream, MIXES, type Mix, median } from "./core.ts";

const CLIENTS = 1_024;

interface Run {
  readonly commandsPerSecond: number;
  /** The same frames by a loop that does nothing else. */
  readonly bareCommandsPerSecond: number;
  readonly frames: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
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
  const p50 = median(runs.map((run) => run.p50Ms)).toFixed(1);
  const p99 = median(runs.map((run) => run.p99Ms)).toFixed(1);
  const frames = median(runs.map((run) => run.frames));
  print({
    bench: "venue/durable-commands",
    ours: Math.round(ours),
    unit: "commands/s",
    peer: "bare fdatasync loop",
    theirs: Math.round(theirs),
    ratio: Math.round((ours / theirs) * 100) / 100,
    note: `${count} ${mix.name} commands, ${CLIENTS} clients in a closed loop, ${frames} frames; acknowledged after ${p50} ms (p50), ${p99} ms (p99); the loop writes the same frames and does nothing else; median of ${runs.length}`,
  });
};

const measured = async (mix: Mix, count: number): Promise<Run> => {
  const directory = await mkdtemp(join(tmpdir(), "pincex-bench-"));
  try {
    const frameBytes: number[] = [];
    const journal = await openFileJournal({ directory: join(directory, "journal") });
    const venue = await openVenue({
      journal: weighed(journal, frameBytes),
      clock: Date.now,
      queueLimit: CLIENTS,
    });
    const beginning = new RecordWriter();
    for (const command of beginnings) writeVenueCommand(beginning, command);
    await submitAll(venue, beginning, []);
    frameBytes.length = 0;
    const latencies: number[] = [];
    const seconds = await submitAll(venue, commandStream(mix, count), latencies);
    await venue.stop();
    latencies.sort((a, b) => a - b);
    return {
      commandsPerSecond: count / seconds,
      bareCommandsPerSecond: count / bareLoop(join(directory, "bare"), frameBytes),
      frames: frameBytes.length,
      p50Ms: latencies[Math.floor(latencies.length * 0.5)] ?? 0,
      p99Ms: latencies[Math.floor(latencies.length * 0.99)] ?? 0,
    };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};

/** The same journal, noting how long each of its frames is. */
const weighed = (journal: Journal, frameBytes: number[]): Journal => ({
  head: () => journal.head(),
  skipped: () => journal.skipped(),
  skip: (command) => journal.skip(command),
  read: (fromSequence) => journal.read(fromSequence),
  close: () => journal.close(),
  append: (frame) => {
    frameBytes.push(frame.payload.length + 80);
    return journal.append(frame);
  },
});

/** Seconds until the last of the commands was acknowledged. */
const submitAll = async (
  venue: Venue,
  { views, length }: RecordWriter,
  latencies: number[],
): Promise<number> => {
  let offset = 0;
  const client = async (): Promise<void> => {
    while (offset < length) {
      const end = offset + recordLength(views, offset);
      const record = views.bytes.subarray(offset, end);
      offset = end;
      const sent = performance.now();
      await venue.submit(record);
      latencies.push(performance.now() - sent);
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return (performance.now() - began) / 1_000;
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
