import { verifyVenue } from "@pincex/venue/verification";
import { ExchangeNotStarted, reasonOf, systemCodeOf } from "../exchange/exchange-not-started.ts";
import { type KeptExchange, openKeptExchange } from "../exchange/kept-exchange.ts";
import type { Outputs } from "./output.ts";
import { readPlaceOptions } from "./place-options.ts";
import { CLEAR_LINE } from "./progress-bar.ts";
import { replayNews } from "./replay-news.ts";
import { verdictText } from "./verdict-text.ts";

const USAGE = `Usage: pincex verify

Looks at all that an exchange has kept: reads every frame of its journal, replays every command, and compares the state with
the snapshots, and the books with the SQL copy. Prints a line for each, and each difference with where it is. Changes nothing.

The variables of "pincex serve" say where the exchange is; see "pincex --help". It may go on meanwhile; but an embedded SQL copy
is compared only while it is stopped.
`;

const CALLED_WRONGLY = 2;

export interface VerifyHost extends Outputs {
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** `pincex verify`. Answers the exit code: 0 nothing differs, 1 something does or can't be looked at, 2 called wrongly. */
export const verify = async (argv: readonly string[], host: VerifyHost): Promise<number> => {
  if (argv.includes("--help") || argv.includes("-h")) {
    host.stdout.write(USAGE);
    return 0;
  }
  if (argv.length > 0) {
    host.stderr.write(`verify takes no arguments, but got: ${argv.join(" ")}\n\n${USAGE}`);
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
    return await look(kept, host);
  } catch (error) {
    const sentence = error instanceof ExchangeNotStarted ? error.message : sqlSentence(error);
    if (sentence === undefined) throw error;
    host.stderr.write(`${sentence}\n`);
    return 1;
  } finally {
    await kept?.close();
  }
};

/** Of an error of a database, which has a code of five digits and letters: a copy of another release may lack what is read. */
const sqlSentence = (error: unknown): string | undefined =>
  /^(?=.*\d)[0-9A-Z]{5}$/.test(systemCodeOf(error) ?? "")
    ? `The SQL copy cannot be read (${reasonOf(error)}): start this release once, which brings it up to date.`
    : undefined;

const look = async (
  { journal, snapshots, sql, sqlInUseBy }: KeptExchange,
  host: Outputs,
): Promise<number> => {
  const news = replayNews(host.stderr);
  let isSound = true;
  const checks = verifyVenue({
    journal,
    ...(snapshots === undefined ? {} : { snapshots }),
    ...(sql === undefined ? {} : { sql: { db: sql } }),
    onProgress: (progress) => news({ from: 0, ...progress }),
  });
  for await (const check of checks) {
    if (host.stderr.isTTY === true) host.stderr.write(CLEAR_LINE);
    isSound &&= check.ok;
    host.stdout.write(verdictText(check));
  }
  if (sqlInUseBy !== undefined) {
    host.stdout.write(
      `- the SQL copy is not compared: process ${sqlInUseBy} has it open, stop that exchange first\n`,
    );
  } else if (sql === undefined) host.stdout.write("- no SQL copy yet\n");
  return isSound ? 0 : 1;
};
