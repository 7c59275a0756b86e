import { describe, expect, test } from "vitest";
import { runCommandLine } from "./command-line.ts";

const run = async (...argv: string[]) => {
  const written = { stdout: "", stderr: "" };
  const output = (stream: "stdout" | "stderr") => ({
    write: (text: string) => {
      written[stream] += text;
    },
  });
  const code = await runCommandLine(argv, {
    env: {},
    stdout: output("stdout"),
    stderr: output("stderr"),
    onStopRequest: () => {},
    now: () => 0,
    exit: () => {},
  });
  return { code, ...written };
};

describe("pincex", () => {
  test.each([[[]], [["--help"]], [["-h"]], [["help"]]])("%j tells what there is", async (argv) => {
    const { code, stdout, stderr } = await run(...argv);
    expect(code).toBe(0);
    expect(stderr).toBe("");
    for (const words of ["serve", "replay FILE", "PORT", "PINCEX_DATA_DIR", "DATABASE_URL"]) {
      expect(stdout).toContain(words);
    }
  });

  test("--version tells the version of the package", async () => {
    expect((await run("--version")).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test.each([
    ["srve", 'There is no command "srve". Did you mean "pincex serve"?'],
    ["reply", 'There is no command "reply". Did you mean "pincex replay"?'],
    ["backtest", 'There is no command "backtest".'],
  ])("%s is no command, and a near one is hinted at", async (command, sentence) => {
    const { code, stdout, stderr } = await run(command);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr.split("\n")[0]).toBe(sentence);
  });

  test("serve takes no arguments", async () => {
    const { code, stderr } = await run("serve", "--port", "80");
    expect(code).toBe(2);
    expect(stderr).toContain("serve takes no arguments, but got: --port 80");
  });
});
