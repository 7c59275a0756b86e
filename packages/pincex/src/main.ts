import { runCommandLine } from "./commands/command-line.ts";

const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

runCommandLine(process.argv.slice(2), {
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  now: () => performance.now(),
  onStopRequest: (request) => {
    for (const signal of STOP_SIGNALS) process.on(signal, request);
  },
  exit: (code) => process.exit(code),
}).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    // Ours, not theirs: whoever reports it needs the stack.
    const report = error instanceof Error ? error.stack : String(error);
    process.stderr.write(`Pincex met an error of its own:\n${report}\n`);
    process.exit(1);
  },
);
