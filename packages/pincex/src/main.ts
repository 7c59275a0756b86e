import { HELP, unknownCommandText } from "./commands/help.ts";
import { replay } from "./commands/replay.ts";
import { type ServeHost, serve } from "./commands/serve.ts";
import { packageVersion } from "./package-files.ts";

const CALLED_WRONGLY = 2;

const run = async ([command, ...argv]: readonly string[], host: ServeHost): Promise<number> => {
  switch (command) {
    case "serve":
      return await serve(argv, host);
    case "replay":
      return await replay(argv, host);
    case "--version":
    case "-v":
      host.stdout.write(`${packageVersion()}\n`);
      return 0;
    case undefined:
    case "help":
    case "--help":
    case "-h":
      host.stdout.write(HELP);
      return 0;
    default:
      host.stderr.write(unknownCommandText(command));
      return CALLED_WRONGLY;
  }
};

const host: ServeHost = {
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  onStopRequest: (request) => {
    process.on("SIGINT", request);
    process.on("SIGTERM", request);
  },
  exit: (code) => process.exit(code),
};

run(process.argv.slice(2), host).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    // Ours, not theirs: whoever reports it needs the stack.
    process.stderr.write(`Pincex met an error of its own:\n${(error as Error).stack ?? error}\n`);
    process.exit(1);
  },
);
