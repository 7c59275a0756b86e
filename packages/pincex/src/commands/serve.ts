import { createExchange, type Exchange } from "../exchange/create-exchange.ts";
import { ExchangeNotStarted, reasonOf } from "../exchange/exchange-not-started.ts";
import type { ExchangeOptions } from "../exchange/exchange-options.ts";
import { packageVersion } from "../package-files.ts";
import { mailText } from "./mail-text.ts";
import type { Output, Outputs } from "./output.ts";
import { replayNews } from "./replay-news.ts";
import { serveBanner } from "./serve-banner.ts";
import { readServeOptions, type ServeOptions } from "./serve-options.ts";
import { firstStopRequest, type StopRequests } from "./stop-requests.ts";

const USAGE = `Usage: pincex serve

Starts an exchange with simulated traders. Variables of the environment change where and how; see "pincex --help".
`;

/** The simulated traders of `pincex serve` are the same for everybody. */
const SEED = 20_261_124;

const CALLED_WRONGLY = 2;
const FORCED = 130;

export interface ServeHost extends Outputs, Pick<StopRequests, "onStopRequest" | "now"> {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends the process at once. */
  exit(code: number): void;
}

/** `pincex serve`. Answers the exit code once it has stopped: 0 stopped, 1 could not start, 2 called wrongly. */
export const serve = async (argv: readonly string[], host: ServeHost): Promise<number> => {
  if (argv.includes("--help") || argv.includes("-h")) {
    host.stdout.write(USAGE);
    return 0;
  }
  if (argv.length > 0) {
    host.stderr.write(`serve takes no arguments, but got: ${argv.join(" ")}\n\n${USAGE}`);
    return CALLED_WRONGLY;
  }
  const read = readServeOptions(host.env);
  if (!read.ok) {
    host.stderr.write(`${read.message}\n`);
    return 1;
  }
  const stopRequested = firstStopRequest({
    onStopRequest: host.onStopRequest,
    now: host.now,
    force: () => {
      host.stderr.write("Stopped at once. The next start recovers from the journal.\n");
      host.exit(FORCED);
    },
  });
  const exchange = await start(read.options, host);
  if (exchange === undefined) return 1;
  const failure = await Promise.race([stopRequested, exchange.stopped]);
  if (failure !== undefined) {
    host.stderr.write(`The exchange had to stop: ${failure.message}\n`);
    await exchange.stop();
    return 1;
  }
  host.stdout.write("\nStopping: no new orders, those on their way are finished …\n");
  await exchange.stop();
  host.stdout.write("Stopped. Everything is kept; start again to go on.\n");
  return 0;
};

const start = async (options: ServeOptions, host: ServeHost): Promise<Exchange | undefined> => {
  host.stdout.write(`Pincex ${packageVersion()} is starting …\n`);
  let exchange: Exchange | undefined;
  try {
    exchange = await createExchange({
      ...options,
      simulatedTraders: { seed: SEED },
      onProgress: replayNews(host.stdout),
      onNotice: noticeNews(host.stderr),
      onMail: (mail) => host.stdout.write(mailText(mail)),
    });
    const { port } = await exchange.listen();
    await exchange.identity.ready();
    host.stdout.write(
      serveBanner({
        version: packageVersion(),
        port,
        markets: exchange.views.markets().map(({ symbol }) => symbol),
        demoKeys: exchange.demoKeys,
        demoKeysFile: exchange.dataDirectory.demoKeys,
        dataDirectory: exchange.dataDirectory.path,
        demoDeposits: exchange.demoDeposits,
        database: options.databaseUrl === undefined ? "embedded" : "server",
        journal: options.journal,
      }),
    );
    return exchange;
  } catch (error) {
    await exchange?.stop();
    if (!(error instanceof ExchangeNotStarted)) throw error;
    host.stderr.write(`${error.message}\n`);
    return undefined;
  }
};

/** Attempts to reach a database come every few seconds. */
const NOTICE_EVERY = 12;

/** What goes wrong behind the scenes while trading goes on: said at once, then every so often. */
const noticeNews =
  (stderr: Output): NonNullable<ExchangeOptions["onNotice"]> =>
  (notice) => {
    if (notice.kind === "identity_failed") {
      stderr.write(`Something about users failed (${reasonOf(notice.error)}); trading goes on.\n`);
    }
    if (notice.kind === "snapshot_failed") {
      stderr.write(`A snapshot could not be saved (${reasonOf(notice.error)}); trading goes on.\n`);
    }
    if (notice.kind === "snapshot_passed_over") {
      stderr.write(
        `The snapshot of command ${notice.sequence} is of another release (${reasonOf(notice.error)}); the start takes an older one, or the whole journal.\n`,
      );
    }
    if (notice.kind === "archive_failed") {
      stderr.write(
        `Old segments of the journal could not be archived (${reasonOf(notice.error)}); trading goes on.\n`,
      );
    }
    if (notice.kind === "projection_unreachable" && notice.attempt % NOTICE_EVERY === 1) {
      stderr.write(
        `The database cannot be reached (${reasonOf(notice.error)}); trading goes on, SQL catches up later.\n`,
      );
    }
  };
