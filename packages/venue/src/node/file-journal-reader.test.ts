import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { frameBytes } from "../journal/frame-codec.ts";
import type { JournalReader } from "../journal/journal.ts";
import { temporaryDirectory } from "../testing/temporary-directory.ts";
import { toyPayload } from "../testing/toy-machine.ts";
import { type FileJournal, openFileJournal } from "./file-journal.ts";
import { readFileJournal } from "./file-journal-reader.ts";
import { SEGMENT_HEADER_BYTES } from "./segment.ts";

const append = async (journal: FileJournal, count: number): Promise<void> => {
  const { epoch, sequence } = await journal.head();
  const payload = toyPayload(Array.from({ length: count }, (_, index) => sequence + index));
  await journal.append({ epoch, firstSequence: sequence + 1, count, payload });
};

const sequencesIn = async (reader: JournalReader): Promise<number[]> => {
  const sequences: number[] = [];
  for await (const frame of reader.read(1)) sequences.push(frame.firstSequence + frame.count - 1);
  return sequences;
};

/** The names in the folder and when each file was changed. */
const traces = async (directory: string): Promise<unknown> =>
  Promise.all(
    (await readdir(directory)).sort().map(async (name) => {
      const { mtimeMs, size } = await stat(join(directory, name));
      return [name, size, mtimeMs];
    }),
  );

describe("a reader beside the writer of a journal in files", () => {
  test("finds nothing where nothing is, and every frame that the writer was told is kept", async () => {
    const directory = temporaryDirectory();
    const reader = readFileJournal({ directory });
    expect((await reader.head()).sequence).toBe(0);
    expect(await sequencesIn(reader)).toEqual([]);
    const journal = await openFileJournal({ directory });
    await append(journal, 2);
    await append(journal, 3);
    const before = await traces(directory);
    expect(await reader.head()).toEqual(await journal.head());
    expect(await sequencesIn(reader)).toEqual([2, 5]);
    expect(await traces(directory)).toEqual(before);
    await append(journal, 1);
    await journal.skip({ sequence: 4, at: 1, reason: "by mistake" });
    expect((await reader.head()).sequence).toBe(6);
    expect(await reader.skipped()).toEqual(await journal.skipped());
    await journal.close();
  });

  test("while frames are written and segments begun and archived, reads all that was kept before it looked", async () => {
    const directory = temporaryDirectory();
    const journal = await openFileJournal({ directory, segmentBytes: 4_096 });
    const reader = readFileJournal({ directory });
    let isWriting = true;
    const writing = (async () => {
      for (let frame = 0; frame < 300; frame += 1) {
        await append(journal, 1 + (frame % 7));
        const { sequence } = await journal.head();
        if (frame % 50 === 49) await journal.archive(sequence - 10);
      }
      isWriting = false;
    })();
    let looks = 0;
    while (isWriting) {
      const kept = (await journal.head()).sequence;
      const sequences = await sequencesIn(reader);
      expect(sequences.at(-1) ?? 0).toBeGreaterThanOrEqual(kept);
      looks += 1;
    }
    await writing;
    expect(looks).toBeGreaterThan(3);
    expect(await reader.head()).toEqual(await journal.head());
    await journal.close();
  });

  test("passes over a last frame that a crash has left half written, and leaves it there", async () => {
    const directory = temporaryDirectory();
    const journal = await openFileJournal({ directory });
    await append(journal, 2);
    await append(journal, 2);
    await journal.close();
    const frame = frameBytes(toyPayload([1, 2]).length);
    await overwrite(directory, SEGMENT_HEADER_BYTES + frame + 60, new Uint8Array(frame - 60));
    const before = await traces(directory);
    const reader = readFileJournal({ directory });
    expect((await reader.head()).sequence).toBe(2);
    expect(await sequencesIn(reader)).toEqual([2]);
    expect(await traces(directory)).toEqual(before);
  });

  test("names the file and the byte of any other damage", async () => {
    const directory = temporaryDirectory();
    const journal = await openFileJournal({ directory });
    await append(journal, 2);
    await append(journal, 2);
    await journal.close();
    await overwrite(directory, SEGMENT_HEADER_BYTES + 80, Uint8Array.of(255));
    await expect(readFileJournal({ directory }).head()).rejects.toMatchObject({
      code: "journal_damaged",
      offset: SEGMENT_HEADER_BYTES,
    });
  });
});

const overwrite = async (directory: string, at: number, bytes: Uint8Array): Promise<void> => {
  const handle = await open(join(directory, "0000000000000001.journal"), "r+");
  await handle.write(bytes, 0, bytes.length, at);
  await handle.close();
};
