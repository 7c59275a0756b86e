import { decimalScale } from "@pincex/engine/decimal";
import type { ReadRefusal } from "../replay/lobster-file.ts";
import type { ReplaySummary } from "../replay/order-flow-replay.ts";
import {
  type ReplayLobsterOptions,
  type ReplayProgress,
  replayLobster,
} from "../replay/replay-lobster.ts";
import type { Output, Outputs } from "./output.ts";
import { CLEAR_LINE, progressBar } from "./progress-bar.ts";
import { replayVerified, type VerifiedVenue } from "./replay-verified.ts";
import { verdictText } from "./verdict-text.ts";

const USAGE = `Usage: pincex replay [--venue] FILE

Replays recorded order flow through the matching engine: a LOBSTER message file (.csv or .csv.gz).

  --venue   through a whole venue as well: orders of funded accounts are journaled, held for, matched and settled,
            then all that the venue has kept is verified and thrown away

Progress goes to standard error, the summary to standard output.
`;

/** The exit code of a command that was called wrongly, as shells have it. */
const CALLED_WRONGLY = 2;

/** `pincex replay FILE`. Answers the exit code: 0 replayed, 1 the file cannot be replayed, 2 called wrongly. */
export const replay = async (
  argv: readonly string[],
  { stdout, stderr }: Outputs,
): Promise<number> => {
  if (argv.includes("--help") || argv.includes("-h")) {
    stdout.write(USAGE);
    return 0;
  }
  const [file, ...surplus] = argv.filter((word) => word !== "--venue");
  if (file === undefined || file.startsWith("-") || surplus.length > 0) {
    const got = argv.length === 0 ? "" : `expected one FILE, was: ${argv.join(" ")}\n\n`;
    stderr.write(`${got}${USAGE}`);
    return CALLED_WRONGLY;
  }

  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1_000;
  const showProgress = stderr.isTTY === true ? progressDrawn(stderr) : progressLines(stderr);
  const options: ReplayLobsterOptions = {
    file,
    onProgress: (progress) => showProgress(progress, seconds()),
  };
  const replayed = argv.includes("--venue")
    ? await replayVerified(options)
    : await replayLobster(options);
  if (stderr.isTTY === true) stderr.write(CLEAR_LINE);
  if (!replayed.ok) {
    stderr.write(refusalText(replayed));
    return 1;
  }
  stdout.write(summaryText(replayed.summary, seconds()));
  return "venue" in replayed ? verdict(replayed.venue, stdout) : 0;
};

const verdict = (venue: VerifiedVenue, stdout: Output): number => {
  const { commands, entries, venueStateHash, checks } = venue;
  stdout.write(
    rowsText([
      ["commands journaled", grouped(commands)],
      ["ledger entries", grouped(entries)],
      ["venue's state hash", venueStateHash],
    ]),
  );
  for (const check of checks) stdout.write(verdictText(check));
  return checks.every(({ ok }) => ok) ? 0 : 1;
};

type ShowProgress = (progress: ReplayProgress, seconds: number) => void;

const progressDrawn =
  (output: Output): ShowProgress =>
  (progress, seconds) => {
    output.write(progressBar(shareOf(progress), progressText(progress, seconds)));
  };

/** One line for each tenth of the file: what a log wants to keep. */
const progressLines = (output: Output): ShowProgress => {
  let tenths = 0;
  return (progress, seconds) => {
    const reached = Math.floor(shareOf(progress) * 10);
    if (reached === tenths) return;
    tenths = reached;
    output.write(`${progressText(progress, seconds)}\n`);
  };
};

const shareOf = ({ bytesRead, bytesTotal }: ReplayProgress): number =>
  bytesTotal === 0 ? 1 : bytesRead / bytesTotal;

const progressText = (progress: ReplayProgress, seconds: number): string => {
  const percent = Math.floor(shareOf(progress) * 100);
  return `${percent} %  ${grouped(progress.messages)} messages  ${rateText(progress.messages, seconds)}`;
};

const refusalText = ({ code, file, line, field, rule, value }: ReadRefusal): string => {
  const place = line > 0 ? `${file}, line ${line}` : file;
  const blame = field === "file" ? "" : `${field} "${value}": `;
  return `${place}: ${blame}${rule} (${code})\n`;
};

const dollars = decimalScale("0.0001");

const summaryText = (summary: ReplaySummary, seconds: number): string => {
  const { byKind, bestBid, bestAsk } = summary;
  const level = ({ price, quantity }: { price: number; quantity: number }): string =>
    price === 0 ? "none" : `${dollars.format(price)} × ${grouped(quantity)}`;
  const rows: readonly (readonly [string, string])[] = [
    [
      "messages",
      `${grouped(summary.messages)} in ${seconds.toFixed(2)} s, ${rateText(summary.messages, seconds)}`,
    ],
    ["  submissions", grouped(byKind.submission)],
    ["  partial cancellations", grouped(byKind.partial_cancellation)],
    ["  deletions", grouped(byKind.deletion)],
    [
      "  executions",
      `${grouped(byKind.execution)}, ${grouped(summary.outOfTurn)} of them out of turn`,
    ],
    [
      "  hidden executions",
      `${grouped(byKind.hidden_execution)}, ${grouped(summary.hiddenVolume)} shares`,
    ],
    ["  cross trades", grouped(byKind.cross_trade)],
    ["  halts", grouped(byKind.halt)],
    ["resting before the file", grouped(summary.restingBefore)],
    ["proven gone", grouped(summary.provenGone)],
    ["contradictions", grouped(summary.contradictions)],
    ["trades", grouped(summary.trades)],
    ["volume", `${grouped(summary.volume)} shares, $${wholeDollars(summary.notional)}`],
    ["best bid", level(bestBid)],
    ["best ask", level(bestAsk)],
    ["state hash", summary.stateHash],
  ];
  return rowsText(rows);
};

const NAME_WIDTH = 23;

const rowsText = (rows: readonly (readonly [string, string])[]): string =>
  rows.map(([name, value]) => `${name.padEnd(NAME_WIDTH)}  ${value}\n`).join("");

/** Turnover for people to read: cents are cut off. */
const wholeDollars = (notional: bigint): string => (notional / 10_000n).toLocaleString("en-US");

const grouped = (count: number): string => count.toLocaleString("en-US");

const rateText = (messages: number, seconds: number): string =>
  `${grouped(Math.round(messages / Math.max(seconds, 0.001)))} messages/s`;
