import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** Another process. It is killed when the test is over, if not before. */
export interface Process {
  /** What it said in the line for which was waited. */
  readonly said: RegExpMatchArray;
  /** Kills it as a power switch would. */
  kill(): Promise<void>;
}

/** Starts a program, and waits for a line of it. */
export const startProcess = async (
  program: string,
  programArguments: readonly string[],
  line: RegExp,
): Promise<Process> => {
  const child = spawn(program, programArguments, { stdio: ["ignore", "pipe", "pipe"] });
  const gone = once(child, "close");
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await gone;
  };
  onTestFinished(kill);
  let output = "";
  const said = new Promise<RegExpMatchArray>((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      output += String(chunk);
      const match = output.match(line);
      if (match !== null) resolve(match);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    gone.then(
      () => reject(new Error(`${program} ended: ${output}`)),
      (error) => reject(error),
    );
  });
  return { said: await said, kill };
};

/** Starts a TypeScript program of this folder. */
export const startChild = (name: string, programArguments: readonly string[], line: RegExp) =>
  startProcess(
    process.execPath,
    [
      "--import",
      "tsx",
      "--conditions=@pincex/source",
      join(import.meta.dirname, name),
      ...programArguments,
    ],
    line,
  );
