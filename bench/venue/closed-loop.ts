import { RecordWriter, recordLength } from "@pincex/engine";
import { type Journal, openVenue, type Venue, writeVenueCommand } from "@pincex/venue";
import { beginnings, commandStream, type Mix, median } from "./core.ts";

const CLIENTS = 1_024;

/** What a journal let the venue do, and the bytes that it was given. */
export interface LoopRun {
  readonly commandsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** How long each frame was. */
  readonly frameBytes: readonly number[];
}

/** Many clients in this process, each of whom sends its next command when the last was acknowledged. Ends the venue. */
export const closedLoop = async (journal: Journal, mix: Mix, count: number): Promise<LoopRun> => {
  const frameBytes: number[] = [];
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
    p50Ms: latencies[Math.floor(latencies.length * 0.5)] ?? 0,
    p99Ms: latencies[Math.floor(latencies.length * 0.99)] ?? 0,
    frameBytes,
  };
};

/** How the runs' latencies and frames are told in a note. */
export const loopNote = (runs: readonly LoopRun[], mix: Mix, count: number): string => {
  const p50 = median(runs.map((run) => run.p50Ms)).toFixed(1);
  const p99 = median(runs.map((run) => run.p99Ms)).toFixed(1);
  const frames = median(runs.map((run) => run.frameBytes.length));
  return `${count} ${mix.name} commands, ${CLIENTS} clients in a closed loop, ${frames} frames; acknowledged after ${p50} ms (p50), ${p99} ms (p99)`;
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
