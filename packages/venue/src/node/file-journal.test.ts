import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { Frame, StoredFrame } from "../journal/journal.ts";
import { describeJournal } from "../testing/journal-conformance.ts";
import { temporaryDirectory } from "../testing/temporary-directory.ts";
import { toyPayload } from "../testing/toy-machine.ts";
import { type Disk, nodeDisk } from "./disk.ts";
import { type FileJournal, openFileJournal, openJournalOn } from "./file-journal.ts";
import { type Machine, nodeMachine } from "./machine.ts";
import { isDraftName } from "./segment.ts";

const segmentBytes = 4096;

const opened = async (directory: string): Promise<FileJournal> => {
  const journal = await openFileJournal({ directory, segmentBytes });
  onTestFinished(() => journal.close());
  return journal;
};

const frame = (epoch: number, firstSequence: number, count = 1): Frame => ({
  epoch,
  firstSequence,
  count,
  payload: toyPayload(Array.from({ length: count }, (_, index) => firstSequence + index)),
});

const framesOf = async (journal: FileJournal, from = 1): Promise<StoredFrame[]> => {
  const frames: StoredFrame[] = [];
  for await (const read of journal.read(from)) frames.push(read);
  return frames;
};

const filesOf = (directory: string, ending: string): string[] =>
  readdirSync(directory)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => join(directory, name));

/** Makes the lock say that its holder is a process that ended long ago. */
const declareDead = (directory: string): void => {
  for (const path of filesOf(directory, ".lock")) {
    const holder = JSON.parse(readFileSync(path, "utf8"));
    writeFileSync(path, JSON.stringify({ ...holder, startTime: "1" }));
  }
};

describeJournal("the journal in files", async () => {
  const directory = temporaryDirectory();
  return {
    open: () => opened(directory),
    takeOver: () => {
      declareDead(directory);
      return opened(directory);
    },
  };
});

describe("segments", () => {
  test("a journal goes on in the next file when one is full, and is read across them", async () => {
    const directory = temporaryDirectory();
    const journal = await opened(directory);
    for (let sequence = 1; sequence <= 400; sequence += 4) {
      await journal.append(frame(1, sequence, 4));
    }
    const segments = filesOf(directory, ".journal");
    expect(segments.length).toBeGreaterThan(3);
    expect(segments.map((path) => statSync(path).size)).toEqual(segments.map(() => segmentBytes));
    expect((await framesOf(journal)).length).toBe(100);
    expect((await framesOf(journal, 300))[0]?.firstSequence).toBe(297);
    await journal.close();
    const again = await opened(directory);
    expect((await again.head()).sequence).toBe(400);
    await again.append(frame(2, 401));
    expect((await framesOf(again)).at(-1)?.firstSequence).toBe(401);
  });

  test("a frame that is larger than a segment gets one of its own size", async () => {
    const directory = temporaryDirectory();
    const journal = await opened(directory);
    await journal.append(frame(1, 1));
    await journal.append(frame(1, 2, 1_000));
    await journal.append(frame(1, 1_002));
    expect((await framesOf(journal)).map(({ count }) => count)).toEqual([1, 1_000, 1]);
  });

  test("nobody but the owner can read them", async () => {
    const directory = join(temporaryDirectory(), "journal");
    const journal = await opened(directory);
    await journal.append(frame(1, 1));
    const modes = [directory, ...filesOf(directory, "")]
      .filter((path) => !path.endsWith(".sock"))
      .map((path) => statSync(path).mode & 0o077);
    expect(modes.length).toBeGreaterThan(2);
    expect(modes.every((mode) => mode === 0)).toBe(true);
  });

  test("a missing one stops the reader, who names the next", async () => {
    const directory = temporaryDirectory();
    const journal = await opened(directory);
    for (let sequence = 1; sequence <= 400; sequence += 4) {
      await journal.append(frame(1, sequence, 4));
    }
    await journal.close();
    const [, second = "", third = ""] = filesOf(directory, ".journal");
    rmSync(second);
    const again = await opened(directory);
    await expect(framesOf(again)).rejects.toMatchObject({ code: "journal_damaged", file: third });
  });
});

test("without its locks, as after a restore, a journal still raises the epoch of its last frame", async () => {
  const directory = temporaryDirectory();
  for (const epoch of [1, 2, 3]) {
    const journal = await opened(directory);
    await journal.append(frame(epoch, epoch));
    await journal.close();
  }
  for (const lock of filesOf(directory, ".lock")) rmSync(lock);
  const journal = await opened(directory);
  expect((await journal.head()).epoch).toBe(4);
  await journal.append(frame(4, 4));
});

describe("a disk that fails", () => {
  const failing = async (method: "datasync" | "write" | "sync", code: string): Promise<void> => {
    const handle = await open(join(temporaryDirectory(), "any"), "w");
    const prototype = Object.getPrototypeOf(handle);
    await handle.close();
    const error = Object.assign(new Error(`${code}: from the test`), { code });
    const spy = vi.spyOn(prototype, method).mockRejectedValueOnce(error);
    onTestFinished(() => spy.mockRestore());
  };

  test.each([
    ["datasync", "EIO"],
    ["write", "ENOSPC"],
  ] as const)(
    "a failed %s with %s ends the journal and is never tried again",
    async (method, code) => {
      const directory = temporaryDirectory();
      const journal = await opened(directory);
      await journal.append(frame(1, 1));
      await failing(method, code);
      await expect(journal.append(frame(1, 2))).rejects.toMatchObject({
        code: "journal_dead",
        cause: { code },
      });
      await expect(journal.append(frame(1, 2))).rejects.toMatchObject({ code: "journal_dead" });
      await journal.close();
      const again = await opened(directory);
      const { sequence } = await again.head();
      expect([1, 2]).toContain(sequence);
      await again.append(frame(2, sequence + 1));
    },
  );

  test("a disk that is full when the next segment is due ends the journal, which can be opened again", async () => {
    const directory = temporaryDirectory();
    const journal = await opened(directory);
    await journal.append(frame(1, 1));
    await failing("write", "ENOSPC");
    await expect(journal.append(frame(1, 2, 1_000))).rejects.toMatchObject({
      code: "journal_dead",
      cause: { code: "ENOSPC" },
    });
    await journal.close();
    const again = await opened(directory);
    expect((await again.head()).sequence).toBe(1);
    await again.append(frame(2, 2, 1_000));
  });

  test("a short write counts as a failed one", async () => {
    const journal = await opened(temporaryDirectory());
    await journal.append(frame(1, 1));
    const handle = await open(join(temporaryDirectory(), "any"), "w");
    const spy = vi.spyOn(Object.getPrototypeOf(handle), "write");
    await handle.close();
    spy.mockResolvedValueOnce({ bytesWritten: 10 });
    onTestFinished(() => spy.mockRestore());
    await expect(journal.append(frame(1, 2))).rejects.toMatchObject({ code: "journal_dead" });
  });
});

test.each([4095, 0, 5000, 4096.5])("segments of %d bytes are refused", async (wrong) => {
  const directory = temporaryDirectory();
  await expect(openFileJournal({ directory, segmentBytes: wrong })).rejects.toThrow(RangeError);
});

describe("archiving", () => {
  /** A journal of some segments, in which every frame holds four commands. */
  const written = async (options: { archiveDirectory?: string } = {}): Promise<FileJournal> => {
    const directory = temporaryDirectory();
    const journal = await openFileJournal({ directory, segmentBytes, ...options });
    onTestFinished(() => journal.close());
    for (let sequence = 1; sequence <= 400; sequence += 4) {
      await journal.append(frame(1, sequence, 4));
    }
    return journal;
  };

  const firstSequencesIn = (directory: string): number[] =>
    filesOf(directory, ".journal").map((path) => Number(basename(path).slice(0, 16)));

  test("moves the segments that hold nothing after a sequence, and reads from the first command on", async () => {
    const journal = await written();
    const before = await framesOf(journal);
    const segments = firstSequencesIn(journal.directory);
    const [, , third = 0, fourth = 0] = segments;
    await journal.archive(fourth - 2);
    expect(firstSequencesIn(journal.archiveDirectory)).toEqual(segments.slice(0, 2));
    expect(firstSequencesIn(journal.directory)).toEqual(segments.slice(2));
    await journal.archive(third - 1);
    expect(firstSequencesIn(journal.archiveDirectory).length).toBe(2);
    await journal.archive(fourth - 1);
    expect(firstSequencesIn(journal.archiveDirectory)).toEqual(segments.slice(0, 3));
    expect(await framesOf(journal)).toEqual(before);
    expect((await framesOf(journal, 30))[0]?.firstSequence).toBe(29);
  });

  test("leaves the last segment where it is, and goes on in it", async () => {
    const journal = await written();
    await journal.archive(400);
    expect(firstSequencesIn(journal.directory).length).toBe(1);
    await journal.append(frame(1, 401));
    await journal.close();
    const again = await opened(journal.directory);
    expect((await again.head()).sequence).toBe(401);
    await again.append(frame(2, 402));
    expect((await framesOf(again)).length).toBe(102);
  });

  test("goes to the folder that the options name, also on another disk", async () => {
    const elsewhere = mkdtempSync(join(otherDisk(), "pincex-"));
    onTestFinished(() => rmSync(elsewhere, { recursive: true, force: true }));
    const journal = await written({ archiveDirectory: join(elsewhere, "old", "segments") });
    const before = await framesOf(journal);
    await journal.archive(400);
    expect(firstSequencesIn(journal.directory).length).toBe(1);
    expect(firstSequencesIn(journal.archiveDirectory).length).toBeGreaterThan(2);
    expect(filesOf(journal.archiveDirectory, ".tmp")).toEqual([]);
    expect(await framesOf(journal)).toEqual(before);
  });

  test("may happen while somebody reads", async () => {
    const journal = await written();
    const sequences: number[] = [];
    for await (const { firstSequence } of journal.read(1)) {
      if (firstSequence === 5) await journal.archive(400);
      sequences.push(firstSequence);
    }
    expect(sequences.length).toBe(100);
  });

  test("is finished by the next one when a crash has left a segment in both places", async () => {
    const journal = await written();
    const before = await framesOf(journal);
    const [first = ""] = filesOf(journal.directory, ".journal");
    await journal.archive(200);
    copyFileSync(join(journal.archiveDirectory, basename(first)), first);
    expect(await framesOf(journal)).toEqual(before);
    await journal.archive(200);
    expect(filesOf(journal.directory, ".journal")).not.toContain(first);
    expect(await framesOf(journal)).toEqual(before);
  });

  test("damage in the archive is named when it is read", async () => {
    const journal = await written();
    await journal.archive(400);
    const [, second = ""] = filesOf(journal.archiveDirectory, ".journal");
    const bytes = readFileSync(second);
    bytes.writeUInt8(bytes.readUInt8(200) ^ 1, 200);
    writeFileSync(second, bytes);
    await expect(framesOf(journal)).rejects.toMatchObject({
      code: "journal_damaged",
      file: second,
    });
    expect((await framesOf(journal, 300))[0]?.firstSequence).toBe(297);
  });

  test("of a journal whose own segments are gone refuses the start: it would begin anew", async () => {
    const journal = await written();
    await journal.archive(400);
    await journal.close();
    for (const path of filesOf(journal.directory, ".journal")) rmSync(path);
    const archived = filesOf(journal.archiveDirectory, ".journal");
    await expect(opened(journal.directory)).rejects.toMatchObject({
      code: "journal_damaged",
      file: archived.at(-1),
    });
  });

  test("is not for a writer that was replaced", async () => {
    const journal = await written();
    declareDead(journal.directory);
    await opened(journal.directory);
    await journal.archive(400);
    expect(filesOf(journal.archiveDirectory, ".journal")).toEqual([]);
  });
});

/** A folder on another file system than temporary directories are on, or theirs if the machine has no other. */
const otherDisk = (): string =>
  existsSync("/dev/shm") && statSync("/dev/shm").dev !== statSync(tmpdir()).dev
    ? "/dev/shm"
    : tmpdir();

// Found by the simulation, and kept as stories.

/** This machine, with a disk of which one function is another. */
const machineWith = (changed: Partial<Disk>): Machine => ({
  ...nodeMachine,
  disk: { ...nodeDisk, ...changed },
});

test("the last frame is written again and waited for when a journal is opened: its writer may have been killed before the disk had it", async () => {
  const directory = temporaryDirectory();
  const journal = await opened(directory);
  await journal.append(frame(1, 1, 3));
  await journal.append(frame(1, 4, 2));
  await journal.close();
  const [segment = ""] = filesOf(directory, ".journal");
  const before = readFileSync(segment);
  const asked: string[] = [];
  const machine = machineWith({
    open: async (path, mode) => {
      const file = await nodeDisk.open(path, mode);
      if (path !== segment || mode === "r") return file;
      return {
        read: file.read.bind(file),
        stat: file.stat.bind(file),
        sync: file.sync.bind(file),
        close: file.close.bind(file),
        write: (bytes, offset, length, position) => {
          asked.push(`write ${length} at ${position}`);
          return file.write(bytes, offset, length, position);
        },
        datasync: () => {
          asked.push("datasync");
          return file.datasync();
        },
      };
    },
  });
  const again = await openJournalOn(machine, { directory, segmentBytes });
  onTestFinished(() => again.close());
  // A frame of two commands, after one of three: 80 bytes each, and 24 for each command.
  expect(asked).toEqual(["write 128 at 224", "datasync"]);
  expect(readFileSync(segment)).toEqual(before);
});

test("a writer that is replaced while it makes its next segment ready leaves its successor's alone", async () => {
  const directory = temporaryDirectory();
  let wakeUp = (): void => undefined;
  const asleep = new Promise<void>((resolve) => {
    wakeUp = resolve;
  });
  const sleepy = machineWith({
    open: async (path, mode) => {
      if (isDraftName(basename(path))) await asleep;
      return nodeDisk.open(path, mode);
    },
  });
  const sleeper = await openJournalOn(sleepy, { directory, segmentBytes });
  const appended = sleeper.append(frame(1, 1, 2)).catch((error: unknown) => error);
  declareDead(directory);
  const successor = await opened(directory);
  await successor.append(frame(2, 1, 1));
  wakeUp();
  expect(await appended).toMatchObject({
    code: "journal_dead",
    cause: { code: "journal_head_moved" },
  });
  await sleeper.close();
  await successor.append(frame(2, 2, 1));
  expect((await framesOf(successor)).map(({ epoch, count }) => [epoch, count])).toEqual([
    [2, 1],
    [2, 1],
  ]);
});
