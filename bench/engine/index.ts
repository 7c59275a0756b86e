import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BenchOptions, Print } from "../figure.ts";
import { compareOrderTypes, holdContest } from "./contest-rounds.ts";
import { reportSurvey } from "./survey-rounds.ts";
import { generatedFiles, givenFiles } from "./workload-files.ts";

/**
 * The engine's commands a second on one core, beside what npm offers and beside a book of plain objects: the same commands
 * from the same files, each contestant in processes of its own that take turns.
 */
export const run = (print: Print, options: BenchOptions): void => {
  const given = options.workloads ?? [];
  if (given.length > 0) {
    for (const file of givenFiles(given)) holdContest(print, options, file);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "pincex-bench-"));
  try {
    for (const file of generatedFiles(folder, options)) {
      holdContest(print, options, file);
      if (file.name === "mixed") compareOrderTypes(print, options, file);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  reportSurvey(print, options);
};
