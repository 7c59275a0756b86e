import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { SurveyAdapter, type SurveyMessage } from "./testing/survey.ts";

// The verdict of others: the edge cases of a public survey of matching engines. No part of the repository.
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

const absence =
  cases === undefined
    ? ` (skipped: no recordings at ${folder}; PINCEX_DATA names another place)`
    : "";

describe.skipIf(cases === undefined && !isRequired)(`the survey's edge case${absence}`, () => {
  const messages = JSON.parse(cases?.toString() ?? "{}") as Record<string, SurveyMessage[]>;
  const reports = JSON.parse(expected?.toString() ?? "{}") as Record<string, string[]>;

  test.each(Object.entries(messages))("%s", (name, rows) => {
    expect(reportOf(rows)).toEqual(reports[name]);
  });

  test("list has 34 cases", () => {
    expect(Object.keys(messages)).toHaveLength(34);
  });
});
