import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { replaySurvey } from "./survey-adapter.ts";
import { type MessageRow, type Workload, workloadOf } from "./workload.ts";

/** A short story that engines are known to get wrong. */
export interface EdgeCase {
  readonly name: string;
  readonly messages: readonly MessageRow[];
  /** Lines of the right report stream. */
  readonly expected: readonly string[];
}

/** The edge cases of a folder; none if it has not both the messages and the reports. */
export const findEdgeCases = (folder: string): EdgeCase[] => {
  const messages = join(folder, "edge_cases.json");
  const reports = join(folder, "edge_cases.expected.json");
  if (!existsSync(messages) || !existsSync(reports)) return [];
  const expected = parsed(reports) as Record<string, string[]>;
  return Object.entries(parsed(messages) as Record<string, MessageRow[]>).map(([name, rows]) => ({
    name,
    messages: rows,
    expected: expected[name] ?? [],
  }));
};

/** Whether the engine reports an edge case as it is expected. Throws `RangeError` for messages that are none. */
export const isAsExpected = ({ messages, expected }: EdgeCase): boolean => {
  const lines = reportOf(workloadOf(messages));
  return lines.join("\n") === expected.join("\n");
};

/** The lines of a short report stream. */
export const reportOf = (workload: Workload): string[] => {
  const decoder = new TextDecoder();
  let text = "";
  replaySurvey(workload, (bytes) => {
    text += decoder.decode(bytes);
  });
  return text === "" ? [] : text.split("\n");
};

const parsed = (file: string): unknown => JSON.parse(readFileSync(file, "utf8"));
