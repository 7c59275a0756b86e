import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryDirectory } from "../testing/temporary-directory.ts";
import { toyPayload } from "../testing/toy-machine.ts";
import { nodeDisk } from "./disk.ts";
import { openFileJournal } from "./file-journal.ts";
import { openLastSegment } from "./segment-reader.ts";
import { endOfData } from "./torn-frame.ts";

const COUNTS = [1, 3, 2, 9];
/** For what is only seen when a frame covers several sectors of a disk. */
const LONG_COUNTS = [1, 3, 2, 60];
const segmentBytes = 4096;

interface Written {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Where each frame begins, and where the last ends. */
  readonly offsets: readonly number[];
}

/** One segment with a few frames in it, as it stands on the disk. */
const written = async (counts: readonly number[] = COUNTS): Promise<Written> => {
  const directory = temporaryDirectory();
  const journal = await openFileJournal({ directory, segmentBytes });
  const offsets = [72];
  let firstSequence = 1;
  for (const count of counts) {
    const amounts = Array.from({ length: count }, (_, index) => firstSequence + index);
    const payload = toyPayload(amounts);
    await journal.append({ epoch: 1, firstSequence, count, payload });
    firstSequence += count;
    offsets.push((offsets.at(-1) ?? 0) + 80 + payload.length);
  }
  await journal.close();
  const name = readdirSync(directory).find((file) => file.endsWith(".journal")) ?? "";
  return { name, bytes: new Uint8Array(readFileSync(join(directory, name))), offsets };
};

/** Starts on a segment of these bytes, and says how far it goes and what was removed, or what was wrong with it. */
const start = async (
  directory: string,
  name: string,
  bytes: Uint8Array,
): Promise<{ sequence: number; torn: number | undefined } | { code: string; offset: number }> => {
  const path = join(directory, name);
  writeFileSync(path, bytes);
  try {
    const last = await openLastSegment(nodeDisk, [
      { path, firstSequence: Number.parseInt(name, 10) },
    ]);
    await last?.segment.handle.close();
    const left = new Uint8Array(readFileSync(path));
    expect(endOfData(left)).toBe(last?.segment.position);
    expect(left.length).toBe(bytes.length);
    return { sequence: last?.ended.sequence ?? 0, torn: last?.torn?.offset };
  } catch (error) {
    const { code, offset } = error as { code: string; offset: number };
    return { code, offset };
  }
};

const ALL = COUNTS.reduce((sum, count) => sum + count, 0);
const BEFORE_LAST = ALL - (COUNTS.at(-1) ?? 0);

describe("a last frame whose write was cut short is removed", () => {
  test("at whatever byte it was cut", async () => {
    const { name, bytes, offsets } = await written();
    const root = temporaryDirectory();
    const [from = 0, to = 0] = offsets.slice(-2);
    for (let cut = from + 1; cut < to; cut += 1) {
      const outcome = await start(root, name, bytes.slice().fill(0, cut));
      expect({ cut, ...outcome }).toEqual({ cut, sequence: BEFORE_LAST, torn: from });
    }
    expect(await start(root, name, bytes.slice().fill(0, from))).toEqual({
      sequence: BEFORE_LAST,
      torn: undefined,
    });
  });

  test("whichever of its sectors never reached the disk", async () => {
    const { name, bytes, offsets } = await written(LONG_COUNTS);
    const root = temporaryDirectory();
    const [from = 0, to = 0] = offsets.slice(-2);
    const first = Math.floor(from / 512);
    const sectors = Array.from(
      { length: Math.ceil(to / 512) - first },
      (_, index) => first + index,
    );
    expect(sectors.length).toBeGreaterThan(2);
    for (let lost = 1; lost < 1 << sectors.length; lost += 1) {
      const torn = bytes.slice();
      sectors.forEach((sector, index) => {
        if (lost & (1 << index)) torn.fill(0, Math.max(from, sector * 512), (sector + 1) * 512);
      });
      expect({ lost, ...(await start(root, name, torn)) }).toMatchObject({
        lost,
        sequence: BEFORE_LAST,
      });
    }
  });

  test("and what is appended next is kept", async () => {
    const { name, bytes, offsets } = await written();
    const directory = temporaryDirectory();
    writeFileSync(join(directory, name), bytes.slice().fill(0, (offsets.at(-1) ?? 0) - 100));
    for (let run = 1; run <= 2; run += 1) {
      const journal = await openFileJournal({ directory, segmentBytes });
      expect((await journal.head()).sequence).toBe(BEFORE_LAST + run - 1);
      expect(journal.torn === undefined).toBe(run === 2);
      const epoch = (await journal.head()).epoch;
      const firstSequence = BEFORE_LAST + run;
      await journal.append({ epoch, firstSequence, count: 1, payload: toyPayload([run]) });
      await journal.close();
    }
  });
});

describe("damage refuses the start and names where", () => {
  test("a flipped bit anywhere in what was written", async () => {
    const { name, bytes, offsets } = await written();
    const root = temporaryDirectory();
    const end = offsets.at(-1) ?? 0;
    expect(endOfData(bytes)).toBe(end);
    for (let at = 0; at < end; at += 1) {
      const flipped = bytes.slice();
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
      const frameAt = offsets.findLast((offset) => offset <= at) ?? 0;
      expect({ at, ...(await start(root, name, flipped)) }).toEqual({
        at,
        code: "journal_damaged",
        offset: frameAt,
      });
    }
  });

  test("zeros where a frame was, with frames behind it", async () => {
    const { name, bytes, offsets } = await written();
    const root = temporaryDirectory();
    const [, from = 0, to = 0] = offsets;
    expect(await start(root, name, bytes.slice().fill(0, from, to))).toEqual({
      code: "journal_damaged",
      offset: from,
    });
  });

  test("a file that was cut off", async () => {
    const { name, bytes, offsets } = await written();
    const root = temporaryDirectory();
    for (const length of [0, 40, offsets[2] ?? 0, offsets.at(-1) ?? 0, segmentBytes - 8]) {
      expect(await start(root, name, bytes.subarray(0, length))).toEqual({
        code: "journal_damaged",
        offset: 0,
      });
    }
  });

  test("a frame that was swapped for another that is whole", async () => {
    const { name, bytes, offsets } = await written();
    const other = await written();
    const root = temporaryDirectory();
    const [, from = 0, to = 0] = offsets;
    const swapped = bytes.slice();
    swapped.set(other.bytes.subarray(to, to + (to - from)), from);
    expect(await start(root, name, swapped)).toMatchObject({ code: "journal_damaged" });
  });

  test("a segment under another's name", async () => {
    const { bytes } = await written();
    const root = temporaryDirectory();
    expect(await start(root, "0000000000000009.journal", bytes)).toEqual({
      code: "journal_damaged",
      offset: 0,
    });
  });
});

test("a flipped bit behind the last frame costs nothing", async () => {
  const { name, bytes, offsets } = await written();
  const root = temporaryDirectory();
  const end = offsets.at(-1) ?? 0;
  for (const at of [end, end + 9, end + 100, end + 1_000, segmentBytes - 1]) {
    const flipped = bytes.slice();
    flipped[at] = 4;
    const outcome = await start(root, name, flipped);
    if ("code" in outcome) expect(outcome.code).toBe("journal_damaged");
    else expect(outcome.sequence).toBe(ALL);
  }
});
