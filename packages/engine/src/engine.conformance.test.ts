import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { SurveyAdapter, type SurveyMessage } from "./testing/survey.ts";
import { surveyMessages } from "./testing/survey-workload.ts";

// The verdict of others: a public survey of matching engines, its edge cases, and the report stream on which 160
// independent engines agree. No part of the repository.
const folder = join(
  process.env["PINCEX_DATA"] ?? join(import.meta.dirname, "../../../../shared/data"),
  "flash1-meb",
);
const surveyFile = (name: string): Buffer | undefined =>
  existsSync(join(folder, name)) ? readFileSync(join(folder, name)) : undefined;

const cases = surveyFile("edge_cases.json");
const expected = surveyFile("edge_cases.expected.json");
const isRequired = process.env["PINCEX_REQUIRE_DATA"] === "1";

const reportOf = (messages: Iterable<SurveyMessage>): string[] => {
  const adapter = new SurveyAdapter();
  for (const message of messages) adapter.apply(message);
  return adapter.report;
};

describe.runIf(cases !== undefined || isRequired)("the survey's edge case", () => {
  const messages = JSON.parse(cases?.toString() ?? "{}") as Record<string, SurveyMessage[]>;
  const reports = JSON.parse(expected?.toString() ?? "{}") as Record<string, string[]>;

  test.each(Object.entries(messages))("%s", (name, rows) => {
    expect(reportOf(rows)).toEqual(reports[name]);
  });

  test("list has 34 cases", () => {
    expect(Object.keys(messages)).toHaveLength(34);
  });

  test("is followed by its workload of two million messages: the report stream is the one agreed on", () => {
    const parts = [0, 1].map((part) => surveyFile(`normal.mebc.br.${part}`) as Buffer);
    const lines = reportOf(surveyMessages(Buffer.concat(parts)));
    const hash = createHash("sha256");
    for (let from = 0; from < lines.length; from += 10_000) {
      hash.update((from === 0 ? "" : "\n") + lines.slice(from, from + 10_000).join("\n"));
    }
    expect(surveyFile("correctness_hash.txt")?.toString()).toContain(hash.digest("hex"));
  });
});

test.skipIf(cases !== undefined || isRequired)(
  `SKIPPED: no survey in ${folder} (PINCEX_DATA names another folder)`,
  () => undefined,
);
