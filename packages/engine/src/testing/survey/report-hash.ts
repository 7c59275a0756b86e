import { createHash } from "node:crypto";
import { type Outcome, replaySurvey } from "./survey-adapter.ts";
import type { Workload } from "./workload.ts";

/** What came of a workload, with the SHA-256 of its report stream in hexadecimal. The stream itself, tens of megabytes, is not kept. */
export const hashReport = (workload: Workload): Outcome & { readonly hash: string } => {
  const hash = createHash("sha256");
  const outcome = replaySurvey(workload, (bytes) => void hash.update(bytes));
  return { ...outcome, hash: hash.digest("hex") };
};
