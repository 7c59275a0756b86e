import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { type Child, startChild } from "../testing/child-process.ts";
import { CrashRounds, journaled } from "../testing/crash-rounds.ts";
import { type LoopDisk, missingMounts, mountLoopDisk } from "../testing/loop-disk.ts";

// A journal on a file system in a file, while a process writes to it. What that file holds at one moment is what a disk holds
// whose power is cut then: what the kernel has in memory only is not in it.

/** 2 in the gate; more by `PINCEX_POWER_ROUNDS=50`. */
const ROUNDS = Number(process.env["PINCEX_POWER_ROUNDS"] ?? 2);

const missing = missingMounts();
const withMounts = test.skipIf(missing !== undefined);
const because = missing === undefined ? "" : ` (skipped: ${missing})`;

/** Stops the process, hears all that it said, and cuts the power. */
const cutPower = async (child: Child, disk: LoopDisk, rounds: CrashRounds): Promise<LoopDisk> => {
  process.kill(child.pid, "SIGSTOP");
  while (!/\) T /.test(readFileSync(`/proc/${child.pid}/stat`, "utf8"))) await sleep(1);
  // What is in the pipe was said before.
  await sleep(20);
  rounds.hear(child.lines().slice(1));
  const after = disk.powerCut();
  await child.kill();
  return after;
};

withMounts(
  `${ROUNDS} power cuts under load take nothing that was acknowledged before${because}`,
  { timeout: 60_000 + ROUNDS * 10_000 },
  async () => {
    let disk = mountLoopDisk();
    const rounds = new CrashRounds();
    for (let round = 1; round <= ROUNDS; round += 1) {
      const child = startChild("crash-child.ts", disk.root);
      child.go();
      await child.said(1 + Math.floor(Math.random() * 6_000));
      disk = await cutPower(child, disk, rounds);
      await rounds.expectAllIn(disk.root, round);
    }
    expect(rounds.acknowledged.size).toBeGreaterThan(ROUNDS);
  },
);

withMounts(`a power cut finds out a writer that does not wait for its disk${because}`, async () => {
  const disk = mountLoopDisk();
  const rounds = new CrashRounds();
  const child = startChild("crash-child.ts", disk.root, "40", "lying");
  child.go();
  await child.said(1_000);
  const { root } = await cutPower(child, disk, rounds);
  const { amounts } = await journaled(join(root, "journal")).catch(() => ({ amounts: [] }));
  expect(rounds.missingFrom(amounts)).toBeDefined();
});
