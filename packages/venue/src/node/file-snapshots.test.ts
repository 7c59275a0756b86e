import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import type { Snapshot } from "../snapshots/snapshot.ts";
import { temporaryDirectory } from "../testing/temporary-directory.ts";
import { openFileSnapshots } from "./file-snapshots.ts";

const snapshotAt = (sequence: number): Snapshot => ({
  sequence,
  time: 1_000 + sequence,
  journalHash: new Uint8Array(32).fill(sequence),
  sections: new Map([
    ["core", Uint8Array.of(1, 2, sequence)],
    ["market-data", new Uint8Array(3_000_001).fill(sequence)],
    ["leer", new Uint8Array()],
  ]),
});

/** With the bytes as text: comparing millions of them one by one takes a minute. */
const plain = (snapshot: Snapshot | undefined) => ({
  ...snapshot,
  journalHash: Buffer.from(snapshot?.journalHash ?? []).toString("hex"),
  sections: [...(snapshot?.sections ?? [])].map(([name, data]) => [
    name,
    Buffer.from(data).toString("hex"),
  ]),
});

const NEWEST = Number.POSITIVE_INFINITY;

test("a snapshot comes back as it was saved", async () => {
  const directory = join(temporaryDirectory(), "snapshots");
  const store = await openFileSnapshots({ directory });
  expect(await store.newest(NEWEST)).toBeUndefined();
  await store.save(snapshotAt(7), 7);
  const again = await openFileSnapshots({ directory });
  expect(plain(await again.newest(NEWEST))).toEqual(plain(snapshotAt(7)));
  expect(plain(await again.newest(7))).toEqual(plain(snapshotAt(7)));
  expect(await again.newest(6)).toBeUndefined();
  expect(statSync(join(directory, readdirSync(directory)[0] ?? "")).mode & 0o077).toBe(0);
});

test("the newest are kept, and the one that the slowest consumer starts from", async () => {
  const directory = temporaryDirectory();
  const store = await openFileSnapshots({ directory });
  for (const sequence of [10, 20, 30, 40, 50]) await store.save(snapshotAt(sequence), 25);
  const kept = () => readdirSync(directory).map((name) => Number.parseInt(name, 10));
  expect(kept()).toEqual([20, 40, 50]);
  expect((await store.newest(25))?.sequence).toBe(20);
  await store.save(snapshotAt(60), 60);
  expect(kept()).toEqual([50, 60]);
});

test("a damaged one is passed over for the one before, wherever the damage is", async () => {
  const directory = temporaryDirectory();
  const store = await openFileSnapshots({ directory });
  const small = (sequence: number): Snapshot => ({
    ...snapshotAt(sequence),
    sections: new Map([["core", Uint8Array.of(sequence)]]),
  });
  await store.save(small(1), 1);
  await store.save(small(2), 1);
  const path = join(directory, readdirSync(directory).at(-1) ?? "");
  const bytes = readFileSync(path);
  const damaged = [
    ...Array.from(bytes, (byte, at) => {
      const flipped = Buffer.from(bytes);
      flipped[at] = byte ^ 1;
      return flipped;
    }),
    ...Array.from(bytes, (_, length) => bytes.subarray(0, length)),
  ];
  for (const wrong of damaged) {
    writeFileSync(path, wrong);
    expect((await store.newest(NEWEST))?.sequence).toBe(1);
  }
  expect(store.damaged).toMatchObject([{ file: path, finding: expect.any(String) }]);
});

test("a failed save leaves what was there and nothing half written", async () => {
  const directory = temporaryDirectory();
  const store = await openFileSnapshots({ directory });
  await store.save(snapshotAt(1), 1);
  const handle = await open(join(directory, "any"), "w");
  const full = Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
  const spy = vi
    .spyOn(Object.getPrototypeOf(handle), "write")
    // The header is on the disk, what follows it has no room.
    .mockResolvedValueOnce({ bytesWritten: 64 })
    .mockRejectedValueOnce(full);
  onTestFinished(() => spy.mockRestore());
  await handle.close();
  await expect(store.save(snapshotAt(2), 1)).rejects.toMatchObject({ code: "ENOSPC" });
  expect(readdirSync(directory).filter((name) => name !== "any").length).toBe(1);
  expect((await store.newest(NEWEST))?.sequence).toBe(1);
});

test("what a crash left half written is cleared away", async () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, "0000000000000009.snapshot.tmp"), "half");
  const store = await openFileSnapshots({ directory });
  expect(readdirSync(directory)).toEqual([]);
  expect(await store.newest(NEWEST)).toBeUndefined();
});

test.each([0, -1, 1.5])("to keep %d snapshots is refused", async (keep) => {
  await expect(openFileSnapshots({ directory: temporaryDirectory(), keep })).rejects.toThrow(
    RangeError,
  );
});
