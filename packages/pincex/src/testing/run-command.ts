import { runCommandLine } from "../commands/command-line.ts";

/** Runs `pincex` in this process; what it said and its exit code. */
export const runCommand = async (
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number; stdout: string; stderr: string }> => {
  const written = { stdout: "", stderr: "" };
  const output = (stream: "stdout" | "stderr") => ({
    write: (text: string) => {
      written[stream] += text;
    },
  });
  const code = await runCommandLine(argv, {
    env,
    stdout: output("stdout"),
    stderr: output("stderr"),
    onStopRequest: () => {},
    now: () => 0,
    exit: () => {},
  });
  return { code, ...written };
};
