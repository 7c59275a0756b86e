import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { replay } from "./replay.ts";

const folder = mkdtempSync(join(tmpdir(), "pincex-replay-"));
afterAll(() => rmSync(folder, { recursive: true }));

const stored = (name: string, rows: readonly string[]): string => {
  const file = join(folder, name);
  writeFileSync(file, rows.map((row) => `${row}\n`).join(""));
  return file;
};

const run = async (argv: readonly string[], isTTY = false) => {
  const said = { stdout: "", stderr: "" };
  const output = (name: "stdout" | "stderr") => ({
    isTTY,
    write: (text: string) => {
      said[name] += text;
    },
  });
  const exitCode = await replay(argv, { stdout: output("stdout"), stderr: output("stderr") });
  return { exitCode, ...said };
};

const flow = [
  "34200.1,1,11,1000,2238100,1",
  "34200.2,1,12,50,2239500,-1",
  "34200.3,2,11,100,2238100,1",
  "34200.4,4,11,200,2238100,1",
  "34200.5,5,0,7,2238500,1",
  "34200.6,3,9,40,2238000,1",
];

describe("pincex replay", () => {
  test("replays a file and sums up what happened", async () => {
    const { exitCode, stdout, stderr } = await run([stored("flow.csv", flow)]);
    expect([exitCode, stderr]).toEqual([
      0,
      expect.stringMatching(/^100 % {2}6 messages .*messages\/s\n$/),
    ]);
    const lines = new Map(
      stdout
        .trimEnd()
        .split("\n")
        .map((line) => line.trim().split(/ {2,}/) as [string, string]),
    );
    expect(lines.get("messages")).toMatch(/^6 in [\d.]+ s, [\d,]+ messages\/s$/);
    expect(lines.get("submissions")).toBe("2");
    expect(lines.get("partial cancellations")).toBe("1");
    expect(lines.get("deletions")).toBe("1");
    expect(lines.get("executions")).toBe("1, 0 of them out of turn");
    expect(lines.get("hidden executions")).toBe("1, 7 shares");
    expect(lines.get("resting before the file")).toBe("1");
    expect(lines.get("trades")).toBe("1");
    expect(lines.get("volume")).toBe("200 shares, $44,762");
    expect(lines.get("best bid")).toBe("223.8100 × 700");
    expect(lines.get("best ask")).toBe("223.9500 × 50");
    expect(lines.get("state hash")).toMatch(/^[0-9a-f]+$/);
  });

  test("goes through a whole venue as well, which is verified: the same trades, every asset adds up", async () => {
    const { exitCode, stdout } = await run(["--venue", stored("venue.csv", flow)]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^trades {19}1$/m);
    expect(stdout).toMatch(/^commands journaled {7}310$/m);
    expect(stdout).toMatch(/^ledger entries {11}201$/m);
    expect(stdout).toMatch(/^venue's state hash {7}[0-9a-f]+$/m);
    expect(stdout.match(/^✓ (journal frames|replay|trial balance)/gm)?.length).toBe(3);
  });

  test("draws a progress bar on a terminal, and leaves nothing of it behind", async () => {
    const { stderr } = await run([stored("bar.csv", flow)], true);
    expect(stderr).toContain("█".repeat(30));
    expect(stderr.endsWith("\r\u001b[K")).toBe(true);
  });

  test("names the line, the field and the rule of a malformed row", async () => {
    const file = stored("malformed.csv", [...flow, "34201,1,13,0,2238100,1"]);
    expect(await run([file])).toMatchObject({
      exitCode: 1,
      stdout: "",
      stderr: expect.stringContaining(
        `${file}, line 7: size "0": size is a whole number of shares, from 1 to 4503599 for types 1 to 4 (size_malformed)\n`,
      ),
    });
  });

  test("says that a file is missing", async () => {
    const file = join(folder, "missing.csv");
    expect(await run([file])).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: `${file}: there must be a file of this name (file_missing)\n`,
    });
  });

  test.each([[[]], [["a.csv", "b.csv"]], [["--fast"]]])(
    "called with %j says how to call it",
    async (argv) => {
      const { exitCode, stderr } = await run(argv);
      expect(exitCode).toBe(2);
      expect(stderr).toContain("Usage: pincex replay [--venue] FILE");
    },
  );

  test("--help explains itself on standard output", async () => {
    expect(await run(["--help"])).toMatchObject({ exitCode: 0, stderr: "" });
  });
});
