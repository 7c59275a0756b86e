// `npm run conformance` sends the workloads of a public survey of matching engines through ours, and compares the SHA-256
// of each report stream with the published one; `npm run conformance -- DIR` does so with the workloads in a folder.
// A line a workload, and one for the edge cases. Seconds are those of matching, reporting and hashing.
import { statSync } from "node:fs";
import { join } from "node:path";
import { findEdgeCases } from "../packages/engine/src/testing/survey/edge-cases.ts";
import { findWorkloads } from "../packages/engine/src/testing/survey/workload-folder.ts";
import { edgeCasesLine, type Verdict, workloadLine } from "./verdict.ts";

const recordings = process.env["PINCEX_DATA"] ?? join(import.meta.dirname, "../../shared/data");
const folder = process.argv[2] ?? join(recordings, "flash1-meb");

const verdicts = function* (): Generator<Verdict> {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  for (const workload of findWorkloads(folder)) yield workloadLine(workload);
  const cases = findEdgeCases(folder);
  if (cases.length > 0) yield edgeCasesLine(cases);
};

const fail = (sentence: string): void => {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 1;
};

let found = 0;
try {
  for (const { line, isFailure } of verdicts()) {
    found += 1;
    process.stdout.write(`${line}\n`);
    if (isFailure) process.exitCode = 1;
  }
  if (found === 0) fail(`There is no workload (NAME.mebc.br) and no edge case in ${folder}.`);
} catch (error) {
  if (!(error instanceof RangeError || error instanceof SyntaxError)) throw error;
  fail(`${folder}: ${error.message}`);
}
