import { copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { startChild } from "../testing/child-process.ts";
import { temporaryDirectory } from "../testing/temporary-directory.ts";
import { processState, thisProcess } from "./process-identity.ts";
import { acquireWriterLock, type WriterLock } from "./writer-lock.ts";

const acquired = async (directory: string): Promise<WriterLock> => {
  const lock = await acquireWriterLock(directory);
  onTestFinished(() => lock.release());
  return lock;
};

const locksIn = (directory: string): string[] =>
  readdirSync(directory)
    .filter((name) => name.endsWith(".lock"))
    .sort();

/** Rewrites what the lock says about its holder. */
const holderSays = (directory: string, other: Record<string, unknown>): void => {
  const path = join(directory, locksIn(directory).at(-1) ?? "");
  const holder = JSON.parse(readFileSync(path, "utf8"));
  writeFileSync(path, JSON.stringify({ ...holder, ...other }));
};

const refused = { code: "journal_locked", pid: process.pid };

describe("a lock", () => {
  test("is refused while its holder lives, also in the same process", async () => {
    const directory = temporaryDirectory();
    await acquired(directory);
    await expect(acquireWriterLock(directory)).rejects.toMatchObject(refused);
    await expect(acquireWriterLock(directory)).rejects.toThrow(
      `the journal in ${directory} is locked by process ${process.pid}`,
    );
    expect(locksIn(directory)).toEqual(["epoch-1.lock"]);
  });

  test("goes to the next once it is released, in the next epoch", async () => {
    const directory = temporaryDirectory();
    for (const epoch of [1, 2, 3]) {
      const lock = await acquired(directory);
      expect([lock.epoch, lock.isHeld()]).toEqual([epoch, true]);
      await lock.release();
    }
    expect(readdirSync(directory)).toEqual(["epoch-3.lock"]);
  });

  test("is taken over when its holder's number belongs to a later process", async () => {
    const directory = temporaryDirectory();
    const first = await acquired(directory);
    holderSays(directory, { startTime: "1" });
    const second = await acquired(directory);
    expect([first.isHeld(), second.isHeld(), second.epoch]).toEqual([false, true, 2]);
    await first.release();
    expect(second.isHeld()).toBe(true);
  });

  test.each([
    ["the machine has been started again since", { bootId: "another" }],
    ["nobody has its holder's number", { pid: 2 ** 22 + 1 }],
    ["it was released", { released: true }],
  ])("is taken over when %s", async (_, other) => {
    const directory = temporaryDirectory();
    await acquired(directory);
    holderSays(directory, other);
    expect((await acquired(directory)).epoch).toBe(2);
  });

  test("is taken over when a power cut left nothing in it", async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "epoch-7.lock"), "");
    expect((await acquired(directory)).epoch).toBe(8);
  });

  test("of another container is held as long as its beacon answers", async () => {
    const directory = temporaryDirectory();
    await acquired(directory);
    holderSays(directory, { pidNamespace: "pid:[1]" });
    await expect(acquireWriterLock(directory)).rejects.toMatchObject(refused);
    holderSays(directory, { pidNamespace: "pid:[1]", beacon: "writer-gone.sock" });
    expect((await acquired(directory)).epoch).toBe(2);
  });

  test("means nothing in a copy of its directory", async () => {
    const directory = temporaryDirectory();
    await acquired(directory);
    const copy = temporaryDirectory();
    copyFileSync(join(directory, "epoch-1.lock"), join(copy, "epoch-1.lock"));
    expect((await acquired(copy)).epoch).toBe(2);
    await expect(acquireWriterLock(directory)).rejects.toMatchObject(refused);
  });

  test("can be raised above every epoch that the journal has seen", async () => {
    const directory = temporaryDirectory();
    const lock = await acquired(directory);
    const raised = await lock.raise(40);
    expect([lock.isHeld(), raised.isHeld(), raised.epoch]).toEqual([false, true, 40]);
    await expect(acquireWriterLock(directory)).rejects.toMatchObject(refused);
    await raised.release();
    expect((await acquired(directory)).epoch).toBe(41);
  });

  test("is not raised to an epoch that somebody else has", async () => {
    const directory = temporaryDirectory();
    const lock = await acquired(directory);
    const rival = { ...thisProcess(), beacon: "", released: false, directory: "" };
    writeFileSync(join(directory, "epoch-40.lock"), JSON.stringify(rival));
    await expect(lock.raise(40)).rejects.toMatchObject(refused);
    expect(readFileSync(join(directory, "epoch-40.lock"), "utf8")).toBe(JSON.stringify(rival));
    await lock.release();
  });

  test("goes to exactly one of many who take it over at once", async () => {
    for (let round = 0; round < 20; round += 1) {
      const directory = temporaryDirectory();
      await acquired(directory);
      holderSays(directory, { startTime: "1" });
      const outcomes = await Promise.allSettled(
        Array.from({ length: 8 }, () => acquired(directory)),
      );
      const winners = outcomes.flatMap((outcome) =>
        outcome.status === "fulfilled" ? [outcome.value] : [],
      );
      expect(winners.length).toBe(1);
      expect(winners[0]?.isHeld()).toBe(true);
      const errors = outcomes.flatMap((outcome) =>
        outcome.status === "rejected" ? [outcome.reason] : [],
      );
      for (const error of errors) expect(error).toMatchObject(refused);
    }
  });
});

test("of several processes that start on a killed one's journal, one gets it", async () => {
  const directory = temporaryDirectory();
  const killed = startChild("lock-child.ts", directory);
  await killed.said(1);
  expect(killed.lines()).toEqual(["open 1"]);
  await killed.kill();
  const children = [1, 2, 3].map(() => startChild("lock-child.ts", directory));
  await Promise.all(children.map((child) => child.said(1)));
  const winner = children.find((child) => child.lines()[0]?.startsWith("open"));
  expect(winner).toBeDefined();
  const losers = children.filter((child) => child !== winner).flatMap((child) => child.lines());
  expect(losers).toEqual(Array(2).fill(`journal_locked ${winner?.pid}`));
});

test("this process runs, and one that never was is gone", () => {
  const self = thisProcess();
  expect(processState(self)).toBe("running");
  expect(processState({ ...self, pid: 2 ** 22 + 1 })).toBe("gone");
  expect(processState({ ...self, startTime: "" })).toBe("unseen");
});
