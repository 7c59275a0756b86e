import { fileURLToPath } from "node:url";
import type { BenchOptions, Print } from "../figure.ts";
import { roundsOf } from "./contest-rounds.ts";
import { bulkLayer } from "./contestants/bulk-layer.ts";
import { median } from "./median.ts";
import { storedSurvey } from "./survey.ts";
import type { SurveyReport } from "./survey-report.ts";
import { turnOf } from "./turns.ts";

const SURVEY_REPORT = fileURLToPath(import.meta.resolve("./survey-report.ts"));

/**
 * Ours on the survey's whole workload as the survey has it: with the stream of reports, whose SHA-256 must be the one on
 * which the engines in the survey agree. Nothing where the recording is absent.
 */
export const reportSurvey = (print: Print, options: BenchOptions): void => {
  const stored = storedSurvey();
  if (stored === undefined) return;
  const reports = Array.from({ length: roundsOf(options) }, () =>
    turnOf<SurveyReport>(SURVEY_REPORT, { passes: 1 }),
  );
  for (const { messages, trades, volume, hash } of reports.slice(-1)) {
    if (!stored.expected.includes(hash)) {
      throw new Error(`expected a report stream of SHA-256 ${stored.expected[0]}, was ${hash}`);
    }
    print({
      bench: "engine/survey-report",
      contestant: `${bulkLayer.name}, with the survey's report stream`,
      commands: messages,
      opsPerSecond: Math.round(messages / median(reports.flatMap(({ seconds }) => seconds))),
      trades,
      volume,
      checksum: hash,
      bytesPerOperation: null,
      latencyNs: null,
    });
  }
};
