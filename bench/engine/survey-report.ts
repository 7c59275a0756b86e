// A process of its own: the survey's workload as the survey measures it, with the stream of reports, hashed as it comes.
import { hashReport } from "../../packages/engine/src/testing/survey/report-hash.ts";
import { replaySurvey } from "../../packages/engine/src/testing/survey/survey-adapter.ts";
import { secondsOf } from "./stopwatch.ts";
import { surveyMessages } from "./survey.ts";

/** What the process prints. */
export interface SurveyReport {
  readonly messages: number;
  readonly seconds: readonly number[];
  readonly trades: number;
  /** Lots. */
  readonly volume: number;
  /** SHA-256 of the report stream. */
  readonly hash: string;
}

const { passes } = JSON.parse(process.argv[2] ?? "") as { passes: number };
const messages = surveyMessages();
if (messages === undefined) throw new RangeError("expected the survey's workload, was absent");
// Hashing takes longer than matching: it is done once, and warms up.
const { trades, volume, hash } = hashReport(messages);
const seconds = Array.from({ length: passes }, () => {
  globalThis.gc?.();
  return secondsOf(() => replaySurvey(messages, () => undefined));
});
const report: SurveyReport = { messages: messages.count, seconds, trades, volume, hash };
process.stdout.write(JSON.stringify(report));
