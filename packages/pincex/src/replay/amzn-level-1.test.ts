import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { recording, titled } from "../../../../scripts/recordings.ts";
import { readLobsterFile } from "./lobster-file.ts";
import type { LobsterMessage } from "./lobster-message.ts";
import { OrderFlowReplay } from "./order-flow-replay.ts";

// Nasdaq's whole day of AMZN, 2012-06-21: row i of the book is the best of both sides after message i.
const day = "lobster/AMZN_2012-06-21_34200000_57600000";
const messageFile = recording(`${day}_message_1.csv.gz`);
const bookFile = recording(`${day}_orderbook_1.csv.gz`);

interface Level {
  readonly price: number;
  readonly quantity: number;
}
type Book = Readonly<Record<"buy" | "sell", Level>>;

const booksOf = (file: string): Book[] =>
  gunzipSync(readFileSync(file))
    .toString("latin1")
    .trimEnd()
    .split("\n")
    .map((row) => {
      const [ask = 0, askSize = 0, bid = 0, bidSize = 0] = row.split(",").map(Number);
      return { sell: { price: ask, quantity: askSize }, buy: { price: bid, quantity: bidSize } };
    });

const messagesOf = async (file: string): Promise<LobsterMessage[]> => {
  const messages: LobsterMessage[] = [];
  for await (const read of readLobsterFile(file)) {
    if (!read.ok) throw new Error(`line ${read.line}: ${read.rule}`);
    messages.push(...read.messages);
  }
  return messages;
};

const OTHERS = { buy: -1, sell: -2 };

/**
 * Puts the best level of a side into our book. The file shows a level's total alone, so the order that the next message
 * names comes first, as large as the message needs it, and all others rest behind it as one.
 */
const restLevel = (
  replay: OrderFlowReplay,
  side: "buy" | "sell",
  { price, quantity }: Level,
  next: LobsterMessage,
): void => {
  const namesOne = next.side === side && next.price === price && next.kind !== "submission";
  const isPart = next.kind === "partial_cancellation";
  const named = namesOne && next.id > 0 ? (isPart ? quantity : next.size) : 0;
  if (named > 0) replay.rest({ id: next.id, side, price, size: named });
  if (quantity > named) replay.rest({ id: OTHERS[side], side, price, size: quantity - named });
};

const isSame = (one: Level, other: Level): boolean =>
  one.price === other.price && one.quantity === other.quantity;

const isWorse = (side: "buy" | "sell", price: number, than: number): boolean =>
  side === "buy" ? price < than : price > than;

test.skipIf(messageFile === undefined || bookFile === undefined)(
  titled(
    "every message of the AMZN recording takes our book from one recorded row to the next",
    bookFile,
  ),
  { timeout: 120_000 },
  async () => {
    const messages = await messagesOf(messageFile as string);
    const books = booksOf(bookFile as string);
    expect([messages.length, books.length]).toEqual([57_515, 57_515]);

    const replay = new OrderFlowReplay();
    // Collected, since to expect 57,514 times would take ten times as long as the replay.
    const wrong: unknown[] = [];
    let emptied = 0;
    for (let row = 1; row < books.length; row += 1) {
      const [before, after, message] = [books[row - 1], books[row], messages[row]] as [
        Book,
        Book,
        LobsterMessage,
      ];
      replay.clear();
      restLevel(replay, "buy", before.buy, message);
      restLevel(replay, "sell", before.sell, message);
      replay.replay(message);

      const ours: Book = { buy: replay.best("buy"), sell: replay.best("sell") };
      const changed = message.side;
      const other = changed === "buy" ? "sell" : "buy";
      let agrees = isSame(ours[other], after[other]);
      if (ours[changed].quantity > 0) {
        agrees &&= isSame(ours[changed], after[changed]);
      } else {
        // The next level comes from outside the file: all that it shows is that it is worse.
        emptied += 1;
        agrees &&= isWorse(changed, after[changed].price, before[changed].price);
      }
      if (!agrees) wrong.push({ row, before, message, ours, after });
    }
    expect(wrong).toEqual([]);
    expect({ transitions: books.length - 1, emptied }).toEqual({
      transitions: 57_514,
      emptied: 13_953,
    });

    // It was our matching that executed, each time the order that Nasdaq's did.
    const { trades, outOfTurn, contradictions, provenGone, restingBefore } = replay.summary();
    expect({ trades, outOfTurn, contradictions, provenGone, restingBefore }).toEqual({
      trades: 8_974,
      outOfTurn: 0,
      contradictions: 0,
      provenGone: 0,
      restingBefore: 0,
    });
  },
);
