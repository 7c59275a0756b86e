import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** Another process that runs a program of this folder, and what it has said so far. */
export interface Child {
  readonly pid: number;
  /** Says a word to it. */
  go(): void;
  /** Its whole lines. */
  lines(): string[];
  /** Resolves when it has said so many lines. Rejects if it ends before. */
  said(lines: number): Promise<void>;
  /** Kills it as a power switch would, and resolves when it is gone. */
  kill(): Promise<void>;
}

export const startChild = (program: string, ...programArguments: string[]): Child => {
  const child = spawn(
    process.execPath,
    [
      "--import",
      "tsx",
      "--conditions=@pincex/source",
      join(import.meta.dirname, program),
      ...programArguments,
    ],
    { stdio: "pipe" },
  );
  let output = "";
  let newlines = 0;
  let complaints = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
    for (const byte of chunk) if (byte === 10) newlines += 1;
  });
  child.stderr.on("data", (chunk: Buffer) => {
    complaints += chunk.toString();
  });
  const gone = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await gone;
  };
  onTestFinished(kill);
  const lines = (): string[] => output.split("\n").slice(0, -1);
  return {
    pid: child.pid ?? 0,
    go: () => void child.stdin.write("go\n"),
    lines,
    said: async (count) => {
      while (newlines < count) {
        if (hasEnded(child)) throw new Error(`the child ended: ${complaints}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    kill,
  };
};

const hasEnded = (child: ChildProcess): boolean =>
  child.exitCode !== null || child.signalCode !== null;
