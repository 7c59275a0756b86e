import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findEdgeCases, reportOf } from "./testing/survey/edge-cases.ts";
import { hashReport } from "./testing/survey/report-hash.ts";
import { workloadOf } from "./testing/survey/workload.ts";
import { findWorkloads } from "./testing/survey/workload-folder.ts";

// The verdict of others: the workload and the edge cases of a public survey of matching engines. No part of the repository.
const folder = join(
  process.env["PINCEX_DATA"] ?? join(import.meta.dirname, "../../../../shared/data"),
  "flash1-meb",
);
const isThere = existsSync(folder);
const isRequired = process.env["PINCEX_REQUIRE_DATA"] === "1";
const absence =
  isThere || isRequired
    ? ""
    : ` (skipped: no recordings at ${folder}; PINCEX_DATA names another place)`;

describe.skipIf(!isThere && !isRequired)(`the survey's edge case${absence}`, () => {
  const cases = isThere ? findEdgeCases(folder) : [];

  test.each(cases)("$name", ({ messages, expected }) => {
    expect(reportOf(workloadOf(messages))).toEqual(expected);
  });

  test("list has 34 cases", () => {
    expect(cases).toHaveLength(34);
  });
});

describe.skipIf(!isThere && !isRequired)(`the survey's workload${absence}`, () => {
  test("normal gives the report stream on which 160 engines agree", () => {
    const stored = findWorkloads(folder).find(({ name }) => name === "normal");
    const workload = stored?.read();
    expect(workload?.count).toBe(1_996_097);
    expect(workload && hashReport(workload)).toEqual({
      lines: 2_204_643,
      trades: 62_474,
      volume: 1_793_858,
      hash: "e9b2e3926854410b01a035aeb25dd05f1e597c233be8263de9eb49b6713d367e",
    });
    expect(stored?.expected).toEqual([
      "e9b2e3926854410b01a035aeb25dd05f1e597c233be8263de9eb49b6713d367e",
    ]);
  });
});
