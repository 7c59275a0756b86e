import { judgeSkip } from "@pincex/venue";
import { ExchangeNotStarted } from "../exchange/exchange-not-started.ts";
import { type KeptExchange, openKeptExchange } from "../exchange/kept-exchange.ts";
import type { Outputs } from "./output.ts";
import { readPlaceOptions } from "./place-options.ts";

const USAGE = `Usage: pincex skip SEQUENCE REASON

Records that every replay passes over a command at which the start stops, because this release can't apply it
(command_not_replayable): at its sequence number, nothing but its time happens. It can't be taken back. Whoever sent the
command may have been told that it was done: look at it first.

It is refused for a command that can be replayed, and while the SQL copy has what the command once did.
`;

const CALLED_WRONGLY = 2;

export interface SkipHost extends Outputs {
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** `pincex skip SEQUENCE REASON`. Answers the exit code: 0 recorded, 1 refused, 2 called wrongly. */
export const skip = async (argv: readonly string[], host: SkipHost): Promise<number> => {
  if (argv.includes("--help") || argv.includes("-h")) {
    host.stdout.write(USAGE);
    return 0;
  }
  const [number = "", ...words] = argv;
  const reason = words.join(" ").trim();
  if (!/^\d{1,15}$/.test(number) || reason === "") {
    const got =
      argv.length === 0 ? "" : `expected a SEQUENCE and a REASON, was: ${argv.join(" ")}\n\n`;
    host.stderr.write(`${got}${USAGE}`);
    return CALLED_WRONGLY;
  }
  const read = readPlaceOptions(host.env);
  if (!read.ok) {
    host.stderr.write(`${read.message}\n`);
    return 1;
  }
  let kept: KeptExchange | undefined;
  try {
    kept = await openKeptExchange(read.options);
    return await record(kept, { sequence: Number(number), reason }, host);
  } catch (error) {
    if (!(error instanceof ExchangeNotStarted)) throw error;
    host.stderr.write(`${error.message}\n`);
    return 1;
  } finally {
    await kept?.close();
  }
};

const record = async (
  { journal, snapshots, projections, openJournal, sqlInUseBy }: KeptExchange,
  { sequence, reason }: { sequence: number; reason: string },
  { stdout, stderr }: Outputs,
): Promise<number> => {
  // It may have written what the command did.
  if (sqlInUseBy !== undefined) {
    stderr.write(`Process ${sqlInUseBy} has the SQL copy open: stop that exchange first.\n`);
    return 1;
  }
  const judged = await judgeSkip({
    journal,
    projections,
    sequence,
    ...(snapshots === undefined ? {} : { snapshots }),
  });
  if (!judged.ok) {
    stderr.write(`Command ${sequence} is not skipped: ${judged.rule} (${judged.code}).\n`);
    return 1;
  }
  const writer = await openJournal();
  await writer.skip({ sequence, at: Date.now(), reason });
  stdout.write(
    `Command ${sequence} is skipped from now on, by every start and "pincex verify" (${String(judged.error.cause)}).\n`,
  );
  return 0;
};
