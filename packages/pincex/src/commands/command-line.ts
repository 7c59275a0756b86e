import { packageVersion } from "../package-files.ts";
import { HELP, unknownCommandText } from "./help.ts";
import { replay } from "./replay.ts";
import { type ServeHost, serve } from "./serve.ts";
import { skip } from "./skip.ts";
import { verify } from "./verify.ts";

/** The exit code of a command that was called wrongly, as shells have it. */
const CALLED_WRONGLY = 2;

/** Runs `pincex` with its arguments. Answers the exit code. */
export const runCommandLine = async (
  [command, ...argv]: readonly string[],
  host: ServeHost,
): Promise<number> => {
  switch (command) {
    case "serve":
      return await serve(argv, host);
    case "replay":
      return await replay(argv, host);
    case "verify":
      return await verify(argv, host);
    case "skip":
      return await skip(argv, host);
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
