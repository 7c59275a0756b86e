import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RecordWriter, recordLength } from "@pincex/engine";
import { openVenue, type Venue, writeVenueCommand } from "@pincex/venue";
import { openFileJournal, openVenueInWorker } from "@pincex/venue/node";
import type { BenchOptions, Print } from "../figure.ts";
import { beginnings, commandStream, MIXES, median } from "./core.ts";

/** How many commands are sent at once; they fit into the ring. */
const COMMANDS = 20_000;
/** Longer than the venue takes for them. */
const BLOCKED_MS = 1_000;

/** Sequence number of the last command that the journal kept, and when. */
type Kept = Float64Array;

/**
 * Commands a second through journal and matching while the host's thread is blocked: in a thread of their own, beside the same
 * while the host's thread is free. In the host's thread, nothing would be done until it is free again.
 */
export const ownThread = async (print: Print, { short }: BenchOptions): Promise<void> => {
  const rounds = short ? 3 : 7;
  const blocked: number[] = [];
  const free: number[] = [];
  const shared: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    blocked.push(await measured(inOwnThread, blockThisThread));
    free.push(await measured(inOwnThread, leaveThisThread));
    shared.push(await measured(inThisThread, blockThisThread));
  }
  const ours = median(blocked);
  const theirs = median(free);
  print({
    bench: "venue/own-thread",
    ours: Math.round(ours),
    unit: "commands/s",
    peer: "the same while the host's thread is free",
    theirs: Math.round(theirs),
    ratio: Math.round((ours / theirs) * 100) / 100,
    note: `${COMMANDS} mixed commands sent at once, durable, the host's thread blocked for ${BLOCKED_MS} ms right after; a venue in the host's thread reaches ${Math.round(median(shared))}; median of ${rounds}`,
  });
};

interface Opened {
  readonly venue: Venue;
  readonly kept: Kept;
}

const inOwnThread = async (directory: string): Promise<Opened> => {
  const kept = new Float64Array(new SharedArrayBuffer(16));
  const venue = await openVenueInWorker({
    program: new URL("./own-thread-worker.js", import.meta.url),
    data: { directory, kept: kept.buffer, queueLimit: 2 * COMMANDS },
    execArgv: [],
  });
  return { venue, kept };
};

const inThisThread = async (directory: string): Promise<Opened> => {
  const journal = await openFileJournal({ directory });
  const kept = new Float64Array(2);
  const noting = {
    head: () => journal.head(),
    skipped: () => journal.skipped(),
    skip: journal.skip.bind(journal),
    read: (fromSequence: number) => journal.read(fromSequence),
    close: () => journal.close(),
    append: async (frame: Parameters<typeof journal.append>[0]) => {
      await journal.append(frame);
      kept.set([frame.firstSequence + frame.count - 1, now()]);
    },
  };
  const venue = await openVenue({
    journal: noting,
    clock: Date.now,
    queueLimit: 2 * COMMANDS,
  });
  return { venue, kept };
};

const now = (): number => performance.timeOrigin + performance.now();

/** Without taking a core from the other: what is looked at is whether it waits for this one. */
const blockThisThread = async (): Promise<void> => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BLOCKED_MS);
};

const leaveThisThread = (): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, BLOCKED_MS));

/** Commands a second until the journal had kept the last. */
const measured = async (
  open: (directory: string) => Promise<Opened>,
  meanwhile: () => Promise<void>,
): Promise<number> => {
  const directory = await mkdtemp(join(tmpdir(), "pincex-bench-"));
  try {
    const { venue, kept } = await open(join(directory, "journal"));
    const [mix] = MIXES;
    if (mix === undefined) throw new RangeError("expected a mix of commands");
    const beginning = new RecordWriter();
    for (const command of beginnings) writeVenueCommand(beginning, command);
    const stream = commandStream(mix, 2 * COMMANDS);
    const records = recordsOf(stream);
    await submitAll(venue, recordsOf(beginning));
    // Compiled code is what a venue runs on after its first seconds.
    await submitAll(venue, records.slice(0, COMMANDS));
    const began = now();
    const submitted = submitAll(venue, records.slice(COMMANDS));
    await meanwhile();
    await submitted;
    const [sequence = 0, at = 0] = kept;
    if (sequence !== venue.sequence)
      throw new RangeError(`expected ${venue.sequence}, was ${sequence}`);
    await venue.stop();
    return (COMMANDS / (at - began)) * 1_000;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};

const recordsOf = ({ views, length }: RecordWriter): Uint8Array[] => {
  const records: Uint8Array[] = [];
  for (let offset = 0; offset < length; offset += recordLength(views, offset)) {
    records.push(views.bytes.slice(offset, offset + recordLength(views, offset)));
  }
  return records;
};

const submitAll = async (venue: Venue, records: readonly Uint8Array[]): Promise<void> => {
  await Promise.all(records.map((record) => venue.submit(record)));
};
