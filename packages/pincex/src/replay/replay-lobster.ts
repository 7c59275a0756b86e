import { type ReadRefusal, readLobsterFile } from "./lobster-file.ts";
import { OrderFlowReplay, type ReplaySummary } from "./order-flow-replay.ts";

/** How far a replay has come. */
export interface ReplayProgress {
  readonly messages: number;
  /** Of the file as stored: of a compressed file, compressed. */
  readonly bytesRead: number;
  readonly bytesTotal: number;
}

export interface ReplayLobsterOptions {
  /** A LOBSTER message file, plain or compressed by gzip. */
  readonly file: string;
  /** Told after each piece of the file, some thousand messages. */
  readonly onProgress?: (progress: ReplayProgress) => void;
}

/**
 * Replays a LOBSTER message file through a matching engine of its own.
 *
 * Answers what it met and what stands in the book at the end, or the first row that breaks a rule of the format.
 *
 * @example
 * const replayed = await replayLobster({ file: "AAPL_2012-06-21_34200000_37800000_message_50.csv.gz" });
 * if (replayed.ok) console.log(replayed.summary.trades, replayed.summary.stateHash);
 * else console.error(replayed.line, replayed.field, replayed.rule);
 */
export const replayLobster = async ({
  file,
  onProgress,
}: ReplayLobsterOptions): Promise<{ ok: true; summary: ReplaySummary } | ReadRefusal> => {
  const replay = new OrderFlowReplay();
  for await (const read of readLobsterFile(file)) {
    if (!read.ok) return read;
    for (const message of read.messages) replay.replay(message);
    const { bytesRead, bytesTotal } = read;
    onProgress?.({ messages: replay.messages, bytesRead, bytesTotal });
  }
  return { ok: true, summary: replay.summary() };
};
