import { join } from "node:path";
import { expect, test } from "vitest";
import { startChild } from "../testing/child-process.ts";
import { CrashRounds } from "../testing/crash-rounds.ts";
import { temporaryDirectory } from "../testing/temporary-directory.ts";
import { openFileJournal } from "./file-journal.ts";

/** 10 in the suite that everybody runs; more by `PINCEX_CRASH_ROUNDS=100`. */
const ROUNDS = Number(process.env["PINCEX_CRASH_ROUNDS"] ?? 10);

test(`a process that is killed ${ROUNDS} times under load loses nothing that it acknowledged`, {
  timeout: 20_000 + ROUNDS * 10_000,
}, async () => {
  const root = temporaryDirectory();
  const directory = join(root, "journal");
  const rounds = new CrashRounds();
  let next = startChild("crash-child.ts", root);
  for (let round = 1; round <= ROUNDS; round += 1) {
    const child = next;
    child.go();
    await child.said(1 + Math.floor(Math.random() * 6_000));
    await expect(openFileJournal({ directory })).rejects.toMatchObject({
      code: "journal_locked",
      pid: child.pid,
    });
    await child.kill();
    // Loads while this process looks at what the last one left.
    if (round < ROUNDS) next = startChild("crash-child.ts", root);
    rounds.hear(child.lines().slice(1));
    await rounds.expectAllIn(root, round);
  }
  expect(rounds.acknowledged.size).toBeGreaterThan(ROUNDS);
});
