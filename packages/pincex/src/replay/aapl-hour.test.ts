import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { recording, titled } from "../../../../scripts/recordings.ts";
import { readLobsterFile } from "./lobster-file.ts";
import type { LobsterMessage } from "./lobster-message.ts";
import { OrderFlowReplay, type RecordedOrder } from "./order-flow-replay.ts";
import { replayLobster } from "./replay-lobster.ts";
import { alignWithBeginning } from "./testing/alignment.ts";

// Nasdaq's AAPL of 2012-06-21: the messages of an hour, 50 levels deep, and the best of both sides for the whole day.
const day = "lobster/AAPL_2012-06-21_34200000";
const file = recording(`${day}_37800000_message_50.csv.gz`);
const bookFile = recording(`${day}_57600000_orderbook_1.csv.gz`);

test.skipIf(file === undefined)(
  titled("an hour of AAPL, 50 levels deep, replays to the same book each time", file),
  { timeout: 120_000 },
  async () => {
    const [first, second] = [
      await replayLobster({ file: file as string }),
      await replayLobster({ file: file as string }),
    ];
    expect(first).toEqual(second);
    expect(first).toMatchObject({
      ok: true,
      summary: {
        messages: 91_997,
        byKind: {
          submission: 44_256,
          partial_cancellation: 469,
          deletion: 41_004,
          execution: 4_067,
          hidden_execution: 2_201,
          cross_trade: 0,
          halt: 0,
        },
        restingBefore: 80,
        trades: 4_067 - 26,
        outOfTurn: 26,
        provenGone: 0,
        contradictions: 0,
        bestBid: { price: 5_856_900 },
        bestAsk: { price: 5_859_500 },
      },
    });
  },
);

const messagesOf = async (messageFile: string): Promise<LobsterMessage[]> => {
  const messages: LobsterMessage[] = [];
  for await (const read of readLobsterFile(messageFile)) {
    if (!read.ok) throw new Error(`line ${read.line}: ${read.rule}`);
    messages.push(...read.messages);
  }
  return messages;
};

/**
 * The orders that come in from beyond the 50 levels, first come, first: the file never shows their submission, but all that
 * happens to them afterwards, and so how large they were at least.
 */
const ordersFromBeyond = (messages: readonly LobsterMessage[]): RecordedOrder[] => {
  const submitted = new Set<number>();
  const beyond = new Map<number, RecordedOrder>();
  for (const { kind, id, side, price, size } of messages) {
    if (kind === "submission") submitted.add(id);
    if (!["partial_cancellation", "deletion", "execution"].includes(kind)) continue;
    if (submitted.has(id)) continue;
    beyond.set(id, { id, side, price, size: size + (beyond.get(id)?.size ?? 0) });
  }
  return [...beyond.values()].sort((one, other) => one.id - other.id);
};

/** Without those that repeat the one before. */
const distinct = (states: readonly string[]): string[] =>
  states.filter((state, index) => state !== states[index - 1]);

test.skipIf(file === undefined || bookFile === undefined)(
  titled(
    "an hour of AAPL goes through the best prices and sizes that Nasdaq's own book went through",
    file && bookFile,
  ),
  { timeout: 120_000 },
  async () => {
    const messages = await messagesOf(file as string);
    const fromBeyond = ordersFromBeyond(messages);
    expect(fromBeyond).toHaveLength(80);

    const replay = new OrderFlowReplay();
    const states: string[] = [];
    for (const message of messages) {
      // Nasdaq numbers orders as they come: each is entered in its turn, out of sight.
      while (message.kind === "submission" && (fromBeyond[0]?.id ?? message.id) < message.id) {
        replay.rest(fromBeyond.shift() as RecordedOrder);
      }
      replay.replay(message);
      const [ask, bid] = [replay.best("sell"), replay.best("buy")];
      // The hour begins with an empty book, the day's file with a best price on either side.
      if (ask.price === 0 || bid.price === 0) continue;
      states.push([ask.price, ask.quantity, bid.price, bid.quantity].join(","));
    }
    const recorded = gunzipSync(readFileSync(bookFile as string))
      .toString("latin1")
      .trimEnd()
      .split("\n");
    expect(recorded).toHaveLength(118_497);

    // With what rests there: 18 of Nasdaq's 23,440 are not ours.
    const ours = distinct(states);
    expect(ours).toHaveLength(23_439);
    expect(alignWithBeginning(ours, distinct(recorded))).toEqual({
      common: 23_422,
      length: 23_440,
    });

    // The prices alone.
    const prices = (rows: readonly string[]): string[] =>
      distinct(
        rows.map((row) =>
          row
            .split(",")
            .filter((_, index) => index % 2 === 0)
            .join(","),
        ),
      );
    expect(alignWithBeginning(prices(states), prices(recorded))).toEqual({
      common: 16_134,
      length: 16_148,
    });

    // Our matching executed the order that Nasdaq's did, but for those that stood behind others of our queue.
    const { byKind, trades, outOfTurn, restingBefore, provenGone, contradictions } =
      replay.summary();
    expect({ executions: byKind.execution, trades, outOfTurn }).toEqual({
      executions: 4_067,
      trades: 4_043,
      outOfTurn: 24,
    });
    expect({ restingBefore, provenGone, contradictions }).toEqual({
      restingBefore: 0,
      provenGone: 0,
      contradictions: 0,
    });
  },
);
