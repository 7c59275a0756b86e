import {
  decodeEvent,
  EventKind,
  invariant,
  recordKind,
  recordLength,
  recordViews,
} from "@pincex/engine";
import { LedgerRecordKind } from "@pincex/ledger";
import { MarketData } from "@pincex/market-data";
import {
  encodeVenueCommand,
  type Journal,
  openVenue,
  type Submission,
  type Venue,
  type VenueCommand,
  VenueEventKind,
} from "@pincex/venue";
import { Views } from "@pincex/venue/views";
import { type ReadRefusal, readLobsterFile } from "./lobster-file.ts";
import { HIGHEST_PRICE, LARGEST_SIZE } from "./lobster-message.ts";
import { OrderFlowReplay, type ReplayCommand, type ReplaySummary } from "./order-flow-replay.ts";
import type { ReplayLobsterOptions } from "./replay-lobster.ts";

export interface ReplayThroughVenueOptions extends ReplayLobsterOptions {
  /** Empty: the venue of the replay begins in it, and closes it at the end. */
  readonly journal: Journal;
}

/** What a replay has met, and what the venue made of it. */
export interface VenueReplaySummary extends ReplaySummary {
  /** Commands in the journal, with those that fund the accounts. */
  readonly commands: number;
  /** Ledger entries that were posted: deposits, and one for each trade. */
  readonly entries: number;
  /** Of the whole venue; `stateHash` is that of the replay's own engine. */
  readonly venueStateHash: string;
}

/**
 * Replays a LOBSTER message file through a whole venue of its own: orders of funded accounts are journaled, held for,
 * matched and settled with fees. Its trades and best prices must be those of `replayLobster`, and no order may be refused;
 * anything else is an `InvariantViolation`.
 *
 * Time is the recording's, so the same file leads to the same state, whatever the journal.
 *
 * @example
 * const journal = await openFileJournal({ directory: "/tmp/replay" });
 * const replayed = await replayThroughVenue({ file: "AAPL_2012-06-21_34200000_37800000_message_50.csv.gz", journal });
 * if (replayed.ok) console.log(replayed.summary.trades, replayed.summary.venueStateHash);
 */
export const replayThroughVenue = async ({
  file,
  journal,
  onProgress,
}: ReplayThroughVenueOptions): Promise<{ ok: true; summary: VenueReplaySummary } | ReadRefusal> => {
  const { sequence } = await journal.head();
  if (sequence !== 0) throw new RangeError(`expected an empty journal, was one of ${sequence}`);
  let now = 0;
  const marketData = new MarketData();
  const venue = await openVenue({
    journal,
    views: [new Views(), marketData],
    clock: () => now,
    // A piece of the file is sent at once.
    queueLimit: Number.MAX_SAFE_INTEGER,
  });
  const traders = new ReplayTraders(venue);
  const replay = new OrderFlowReplay({ onCommand: (command) => traders.send(command) });
  try {
    await traders.fund();
    for await (const read of readLobsterFile(file)) {
      if (!read.ok) return read;
      for (const message of read.messages) {
        now = Math.floor(message.timeNs / 1_000_000);
        replay.replay(message);
      }
      await traders.answered();
      const { bytesRead, bytesTotal } = read;
      onProgress?.({ messages: replay.messages, bytesRead, bytesTotal });
    }
    const summary = replay.summary();
    traders.assertSame(summary, marketData);
    const { entries } = traders;
    const venueStateHash = venue.stateHash();
    return { ok: true, summary: { ...summary, commands: venue.sequence, entries, venueStateHash } };
  } finally {
    await venue.stop();
  }
};

const MARKET = 1;
const SHARES = 1;
const DOLLARS = 2;
/** The recording names no accounts: so many rest in turn, and as many take. */
const MAKERS = 50;
const FEE_PPM = 1_000;
/** More than all that is bought and sold in a day. */
const DEPOSIT = 10n ** 18n;

const beginnings = (): VenueCommand[] => [
  { kind: "add_asset", asset: SHARES, code: "SHARES", decimals: 0 },
  { kind: "add_asset", asset: DOLLARS, code: "USD", decimals: 4 },
  {
    ...{ kind: "list_market", market: MARKET, symbol: "SHARES-USD", base: SHARES, quote: DOLLARS },
    // Prices are in dollars × 10,000, sizes in shares: a tick of a share is the smallest unit of a dollar.
    ...{ lotUnits: 1n, tickLotUnits: 1n, priceIncrement: 1, quantityIncrement: 1 },
    ...{ maxPrice: HIGHEST_PRICE, maxQuantity: LARGEST_SIZE, minQuantity: 1, minNotional: 0 },
  },
  { kind: "set_fees", market: MARKET, makerPpm: FEE_PPM, takerPpm: FEE_PPM },
  ...Array.from({ length: 2 * MAKERS }, (_, index): VenueCommand[] => {
    const deposit = { kind: "credit_deposit", account: index + 1, reference: "" } as const;
    return [
      { kind: "open_account", account: index + 1, name: `trader-${index + 1}` },
      { ...deposit, asset: SHARES, amount: DEPOSIT },
      { ...deposit, asset: DOLLARS, amount: DEPOSIT },
    ];
  }).flat(),
];

/** Sends the replay's commands to the venue in their order, and counts what comes of them. */
class ReplayTraders {
  entries = 0;
  #trades = 0;
  #volume = 0;
  #notional = 0n;
  readonly #venue: Venue;
  #sent: Promise<Submission>[] = [];

  constructor(venue: Venue) {
    this.#venue = venue;
  }

  async fund(): Promise<void> {
    for (const command of beginnings()) this.#submit(command);
    await this.answered();
  }

  send(command: ReplayCommand): void {
    this.#submit(venueCommand(command));
  }

  /** Resolves when all that was sent is in the journal. */
  async answered(): Promise<void> {
    for (const { events } of await Promise.all(this.#sent)) this.#count(events);
    this.#sent = [];
  }

  /** The venue has matched as the replay's own engine did. */
  assertSame(
    { trades, volume, notional, bestBid, bestAsk }: ReplaySummary,
    seen: MarketData,
  ): void {
    invariant(
      this.#trades === trades && this.#volume === volume && this.#notional === notional,
      "the venue's trades are those of the engine alone",
    );
    const { bid, ask } = seen.bestQuotes(MARKET);
    invariant(
      bid.price === bestBid.price && bid.quantity === bestBid.quantity,
      "the venue's best bid is that of the engine alone",
    );
    invariant(
      ask.price === bestAsk.price && ask.quantity === bestAsk.quantity,
      "the venue's best ask is that of the engine alone",
    );
  }

  #submit(command: VenueCommand): void {
    this.#sent.push(this.#venue.submit(encodeVenueCommand(command)));
  }

  #count(events: Uint8Array): void {
    const views = recordViews(events);
    for (let at = 0; at < events.length; at += recordLength(views, at)) {
      const kind = recordKind(views, at);
      invariant(
        kind !== VenueEventKind.refused && kind !== EventKind.rejected,
        "an order of a funded account is refused by nobody",
      );
      if (kind === LedgerRecordKind.entry) this.entries += 1;
      if (kind !== EventKind.trade) continue;
      const trade = decodeEvent(views, at);
      if (trade.kind !== "trade") continue;
      this.#trades += 1;
      this.#volume += trade.quantity;
      this.#notional += BigInt(trade.price) * BigInt(trade.quantity);
    }
  }
}

const venueCommand = (command: ReplayCommand): VenueCommand => {
  const { orderId } = command;
  const maker = 1 + (orderId % MAKERS);
  switch (command.kind) {
    case "cancel":
      return { kind: "cancel_order", market: MARKET, account: maker, orderId, clientOrderId: "" };
    case "reduce": {
      const { size: quantity } = command;
      const request = { kind: "reduce", market: MARKET, orderId, quantity } as const;
      return { kind: "order_command", account: maker, request, clientOrderIds: [] };
    }
    case "rest":
    case "take": {
      const { kind, side, price, size: quantity } = command;
      const timeInForce = kind === "rest" ? "gtc" : "ioc";
      const order = { market: MARKET, type: "limit", timeInForce, side, price, quantity } as const;
      return {
        kind: "place_order",
        account: kind === "rest" ? maker : maker + MAKERS,
        clientOrderId: "",
        order: { ...order, quoteQuantity: 0 },
      };
    }
  }
};
