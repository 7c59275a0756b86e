import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { folderOf } from "../packages/engine/src/testing/survey/folder-of.ts";
import { mebcOf, TINY, TINY_REPORT } from "../packages/engine/src/testing/survey/mebc-of.ts";

const workload = mebcOf(TINY);
const right = createHash("sha256").update(TINY_REPORT.join("\n")).digest("hex");
const wrong = "0".repeat(64);
const report = (name: string): string => `${name}_seed23_count1000000_reports.txt`;
const counts = "4 messages, 5 lines, 1 trades, volume 3, ";

/** What the command says about a folder, without the seconds. */
const conformance = (folder: string): { code: number | null; said: string[]; error: string } => {
  const program = join(import.meta.dirname, "main.ts");
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", "tsx", "--conditions=@pincex/source", program, folder],
    { encoding: "utf8" },
  );
  const said = stdout.split("\n").slice(0, -1);
  return {
    code: status,
    said: said.map((line) => line.replace(/\d+\.\d\d s$/, "")),
    error: stderr,
  };
};

test("a report stream that differs fails the command, and the others are compared all the same", () => {
  const folder = folderOf({
    "flash-crash.mebc.br": brotliCompressSync(workload),
    "flash.mebc": workload,
    "normal.mebc": workload,
    "static.mebc": workload.subarray(0, 30),
    "correctness_hash.txt": `${wrong}  ${report("flash_crash")}\n${right}  ${report("normal")}\n`,
  });
  expect(conformance(folder)).toEqual({
    code: 1,
    said: [
      `flash-crash: ${right} differs (expected ${wrong}); ${counts}`,
      `flash: ${right} no expected hash; ${counts}`,
      `normal: ${right} match; ${counts}`,
      `static: fails: expected ${workload.length} bytes, was 30`,
    ],
    error: "",
  });
});

test("what matches, and what nobody has published a hash of, is no failure", () => {
  const folder = folderOf({
    "normal.mebc": workload,
    "normal.sha256": right,
    "static.mebc": workload,
    "edge_cases.json": JSON.stringify({ one: [[1, 0, 0, 0, 7, 0]], two: [] }),
    "edge_cases.expected.json": JSON.stringify({ one: ["4,0,7"], two: [] }),
  });
  expect(conformance(folder)).toEqual({
    code: 0,
    said: [
      `normal: ${right} match; ${counts}`,
      `static: ${right} no expected hash; ${counts}`,
      "2 of 2 edge cases match",
    ],
    error: "",
  });
});

test("an edge case that differs fails the command", () => {
  const folder = folderOf({
    "edge_cases.json": JSON.stringify({ one: [[1, 0, 0, 0, 7, 0]], two: [], three: [] }),
    "edge_cases.expected.json": JSON.stringify({ one: ["4,0,8"], two: [], three: ["4,0,1"] }),
  });
  expect(conformance(folder)).toEqual({
    code: 1,
    said: ["1 of 3 edge cases match; these differ: one, three"],
    error: "",
  });
});

test("a folder with nothing in it, none at all, and hashes that are none fail with a sentence", () => {
  const empty = folderOf({});
  const sentence = "There is no workload (NAME.mebc.br) and no edge case in";
  expect(conformance(empty)).toEqual({ code: 1, said: [], error: `${sentence} ${empty}.\n` });
  const none = join(empty, "none");
  expect(conformance(none)).toEqual({ code: 1, said: [], error: `${sentence} ${none}.\n` });
  const folder = folderOf({ "normal.mebc": workload, "normal.sha256": "unknown" });
  expect(conformance(folder)).toEqual({
    code: 1,
    said: [],
    error: `${folder}: normal.sha256, line 1: expected a SHA-256 and a file name\n`,
  });
});
