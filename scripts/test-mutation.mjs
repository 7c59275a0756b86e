// Mutation testing of the matching code: `npm run test:mutation` for all of it, `npm run test:mutation -- FILE` for one file
// (or FILE:FROM-TO for some of its lines). Runs at the lowest priority, in one process. Fails where the tests let more than
// a tenth of a file's mutants live.
import { setPriority } from "node:os";
import { relative } from "node:path";
import { Stryker } from "@stryker-mutator/core";

const LEAST_KILLED = 0.9;

/** What Stryker says of a mutant that the tests told from the original: one that loops for ever has been told from it, too. */
const KILLED = new Set(["Killed", "Timeout"]);
const ALIVE = new Set(["Survived", "NoCoverage"]);

setPriority(19);
const files = process.argv.slice(2);
const mutants = await new Stryker(files.length > 0 ? { mutate: files } : {}).runMutationTest();

const counts = new Map();
for (const { fileName, status } of mutants) {
  const count = counts.get(fileName) ?? { killed: 0, alive: 0 };
  if (KILLED.has(status)) count.killed += 1;
  if (ALIVE.has(status)) count.alive += 1;
  counts.set(fileName, count);
}
for (const [file, { killed, alive }] of counts) {
  const share = killed / (killed + alive);
  console.log(`${relative(process.cwd(), file)}: ${killed} of ${killed + alive} killed`);
  if (share < LEAST_KILLED) process.exitCode = 1;
}
