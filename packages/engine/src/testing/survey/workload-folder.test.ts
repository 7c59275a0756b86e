import { brotliCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { folderOf } from "./folder-of.ts";
import { mebcOf, TINY } from "./mebc-of.ts";
import { findWorkloads } from "./workload-folder.ts";

const plain = mebcOf(TINY);
const compressed = brotliCompressSync(plain);
const [a = "", b = "", c = ""] = ["a", "b", "c"].map((digit) => digit.repeat(64));

const namesIn = (folder: string): string[] => findWorkloads(folder).map(({ name }) => name);

/** What is expected of each workload in a folder with such names. */
const expectedIn = (names: string[], files: Record<string, string>): Record<string, unknown> => {
  const workloads = names.map((name) => [`${name}.mebc`, plain] as const);
  const folder = folderOf({ ...Object.fromEntries(workloads), ...files });
  return Object.fromEntries(findWorkloads(folder).map(({ name, expected }) => [name, expected]));
};

describe("a workload is found", () => {
  test("compressed, plain or in parts, and every one in the folder", () => {
    const parts = Array.from({ length: 11 }, (_, part) => {
      const at = part * 2;
      return [
        `swing-25.mebc.br.${part}`,
        compressed.subarray(at, part === 10 ? undefined : at + 2),
      ];
    });
    const folder = folderOf({
      "normal.mebc.br": compressed,
      "static.mebc": plain,
      ...Object.fromEntries(parts),
      "half.mebc.0": plain.subarray(0, 9),
      "half.mebc.1": plain.subarray(9),
      "notes.txt": "not a workload",
      "mebc.br": "neither",
    });
    expect(compressed.length).toBeGreaterThan(22);
    expect(namesIn(folder)).toEqual(["half", "normal", "static", "swing-25"]);
    for (const workload of findWorkloads(folder)) expect(workload.read().count).toBe(4);
  });

  test("but not read, if it is damaged", () => {
    const folder = folderOf({
      "cut.mebc.br": compressed.subarray(0, -1),
      "empty.mebc.br": "",
      "followed.mebc.br": Buffer.concat([compressed, Buffer.from("!!")]),
      "gap.mebc.0": plain.subarray(0, 9),
      "gap.mebc.2": plain.subarray(9),
      "short.mebc": plain.subarray(0, -1),
    });
    const messages = findWorkloads(folder).map(({ read }) => {
      try {
        return read();
      } catch (error) {
        return error instanceof RangeError ? error.message : error;
      }
    });
    expect(messages).toEqual([
      "expected a whole brotli stream",
      "expected a whole brotli stream",
      "2 bytes follow the brotli stream",
      "part 1 of 2 is missing",
      `expected ${plain.length} bytes, was ${plain.length - 1}`,
    ]);
  });
});

describe("the hash that is expected of a workload", () => {
  const report = (name: string): string => `${name}_seed23_count1000000_reports.txt`;

  test("is the one in the list whose file begins with its name, and no other that does so too", () => {
    const list = [
      `${a}  ${report("swing-25")}`,
      `${b.toUpperCase()} *${report("flash-crash")}`,
      "",
      `${c}  ${report("normal")}\r`,
    ].join("\n");
    expect(
      expectedIn(["swing", "swing-25", "swing-2", "flash", "flash_crash", "crash", "normal"], {
        "correctness_hash.txt": `${list}\n`,
      }),
    ).toEqual({
      swing: [],
      "swing-25": [a],
      "swing-2": [],
      flash: [],
      flash_crash: [b],
      crash: [],
      normal: [c],
    });
  });

  test("may be one of several, for several seeds", () => {
    const list = `${a}  ${report("normal")}\n${b}  normal_seed24_reports.txt\n${a}  normal.txt\n`;
    expect(expectedIn(["normal"], { "correctness_hash.txt": list })).toEqual({ normal: [a, b] });
  });

  test("is the only one, if there is a single workload, whatever its name", () => {
    expect(expectedIn(["mine"], { "correctness_hash.txt": `${a}  ${report("normal")}` })).toEqual({
      mine: [a],
    });
    expect(expectedIn(["mine"], { "correctness_hash.txt": a })).toEqual({ mine: [a] });
    expect(expectedIn(["mine", "yours"], { "correctness_hash.txt": a })).toEqual({
      mine: [],
      yours: [],
    });
  });

  test.each(["normal.sha256", "normal_correctness_hash.txt", "normal.correctness_hash.txt"])(
    "is that in %s, before the list",
    (file) => {
      const list = { "correctness_hash.txt": `${a}  ${report("normal")}` };
      const expected = { normal: [b], static: [] };
      expect(expectedIn(["normal", "static"], { ...list, [file]: b })).toEqual(expected);
      const named = { ...list, [file]: `${b}  some-other-name.txt\n` };
      expect(expectedIn(["normal", "static"], named)).toEqual(expected);
    },
  );

  test("is unknown, if nobody has published one", () => {
    expect(expectedIn(["normal"], {})).toEqual({ normal: [] });
  });

  test.each(["no hash", a.slice(1), `${a}0`])("is not read from %j", (line) => {
    expect(() => expectedIn(["normal"], { "correctness_hash.txt": `${a}\n${line}` })).toThrow(
      new RangeError("correctness_hash.txt, line 2: expected a SHA-256 and a file name"),
    );
  });
});
