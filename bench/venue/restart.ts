import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RecordWriter, recordLength } from "@pincex/engine";
import { openVenue, type View, writeVenueCommand } from "@pincex/venue";
import { openFileJournal } from "@pincex/venue/node";
import { Views } from "@pincex/venue/views";
import type { BenchOptions, Print } from "../figure.ts";
import { beginnings, commandStream, MIXES, median } from "./core.ts";

/**
 * Commands a second of a start that replays the whole journal into core and views, beside the same start without views, and
 * a loop that only reads and checks the frames.
 */
export const restart = async (print: Print, { short }: BenchOptions): Promise<void> => {
  const count = short ? 100_000 : 1_000_000;
  const directory = await mkdtemp(join(tmpdir(), "pincex-bench-"));
  try {
    await fill(directory, count);
    const rounds = short ? 1 : 3;
    const withViews: number[] = [];
    const coreAlone: number[] = [];
    const bare: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      withViews.push(await secondsToStart(directory, [new Views()]));
      coreAlone.push(await secondsToStart(directory, []));
      bare.push(await secondsToRead(directory));
    }
    const seconds = median(withViews);
    const floor = median(bare);
    print({
      bench: "venue/restart",
      ours: Math.round(count / seconds),
      unit: "commands/s",
      peer: "frames read and checked, and nothing done",
      theirs: Math.round(count / floor),
      ratio: Math.round((floor / seconds) * 100) / 100,
      note: `${count} mixed commands replayed into core and views in ${seconds.toFixed(2)} s, into the core alone in ${median(coreAlone).toFixed(2)} s; median of ${rounds}`,
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};

const fill = async (directory: string, count: number): Promise<void> => {
  const [mix] = MIXES;
  if (mix === undefined) throw new RangeError("expected a mix of commands");
  const venue = await openVenue({ journal: await openFileJournal({ directory }), clock: Date.now });
  const begin = new RecordWriter();
  for (const command of beginnings) writeVenueCommand(begin, command);
  for (const { views, length } of [begin, commandStream(mix, count)]) {
    let answered: Promise<unknown>[] = [];
    for (let offset = 0; offset < length; offset += recordLength(views, offset)) {
      const record = views.bytes.subarray(offset, offset + recordLength(views, offset));
      answered.push(venue.submit(record));
      if (answered.length < 5_000) continue;
      await Promise.all(answered);
      answered = [];
    }
    await Promise.all(answered);
  }
  await venue.stop();
};

const secondsToStart = async (directory: string, views: readonly View[]): Promise<number> => {
  const journal = await openFileJournal({ directory });
  const began = performance.now();
  const venue = await openVenue({ journal, views, clock: Date.now });
  const seconds = (performance.now() - began) / 1_000;
  await venue.stop();
  return seconds;
};

const secondsToRead = async (directory: string): Promise<number> => {
  const journal = await openFileJournal({ directory });
  const began = performance.now();
  for await (const frame of journal.read(1)) if (frame.count === 0) break;
  const seconds = (performance.now() - began) / 1_000;
  await journal.close();
  return seconds;
};
