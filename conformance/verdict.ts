import { type EdgeCase, isAsExpected } from "../packages/engine/src/testing/survey/edge-cases.ts";
import { hashReport } from "../packages/engine/src/testing/survey/report-hash.ts";
import type { StoredWorkload } from "../packages/engine/src/testing/survey/workload-folder.ts";

/** What is printed about a workload, or about all edge cases. */
export interface Verdict {
  readonly line: string;
  readonly isFailure: boolean;
}

/** Replays a workload. One that can't be read, or that the engine can't take, is a failure too. */
export const workloadLine = ({ name, expected, read }: StoredWorkload): Verdict => {
  try {
    const workload = read();
    const began = performance.now();
    const { hash, lines, trades, volume } = hashReport(workload);
    const seconds = (performance.now() - began) / 1_000;
    const isFailure = expected.length > 0 && !expected.includes(hash);
    const counts = `${workload.count} messages, ${lines} lines, ${trades} trades, volume ${volume}`;
    return {
      line: `${name}: ${hash} ${agreement(hash, expected)}; ${counts}, ${seconds.toFixed(2)} s`,
      isFailure,
    };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { line: `${name}: fails: ${error.message}`, isFailure: true };
  }
};

const agreement = (hash: string, expected: readonly string[]): string => {
  if (expected.length === 0) return "no expected hash";
  return expected.includes(hash) ? "match" : `differs (expected ${expected.join(" or ")})`;
};

/** Replays the edge cases, and names those whose reports differ. */
export const edgeCasesLine = (cases: readonly EdgeCase[]): Verdict => {
  const different = cases.filter((each) => !isAsExpected(each)).map(({ name }) => name);
  const matching = cases.length - different.length;
  const named = different.length > 0 ? `; these differ: ${different.join(", ")}` : "";
  return {
    line: `${matching} of ${cases.length} edge cases match${named}`,
    isFailure: different.length > 0,
  };
};
