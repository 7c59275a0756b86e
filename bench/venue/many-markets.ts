import { RecordWriter, recordViews } from "@pincex/engine";
import { encodeVenueCommand, type VenueCommand, VenueCore } from "@pincex/venue";
import type { BenchOptions, Print } from "../figure.ts";

const MARKETS = 5_000;
const ACCOUNTS = 100_000;

/**
 * A venue of 5,000 markets and 100,000 accounts in one process, all of them trading: commands a second, and what it takes of
 * memory; beside it the same orders in one market between the same accounts.
 */
export const manyMarkets = (print: Print, { short }: BenchOptions): void => {
  const count = short ? 50_000 : 400_000;
  const many = measured(MARKETS, count);
  const one = measured(1, count);
  print({
    bench: "venue/many-markets",
    ours: Math.round(many.commandsPerSecond),
    unit: "commands/s",
    peer: "the same orders in one market",
    theirs: Math.round(one.commandsPerSecond),
    ratio: Math.round((many.commandsPerSecond / one.commandsPerSecond) * 100) / 100,
    note: `${MARKETS} markets, ${ACCOUNTS} accounts with two assets each, ${many.trades} trades, ${many.resting} orders rest; ${many.emptyMiB} MiB before the first order, ${many.fullMiB} MiB after the last`,
  });
};

interface Run {
  readonly commandsPerSecond: number;
  readonly trades: number;
  readonly resting: number;
  readonly emptyMiB: number;
  readonly fullMiB: number;
}

const measured = (markets: number, count: number): Run => {
  const before = memoryMiB();
  const core = new VenueCore();
  const out = new RecordWriter(1 << 16);
  const tell = (command: VenueCommand): void => {
    out.clear();
    core.apply(core.sequence + 1, 0, recordViews(encodeVenueCommand(command)), 0, out);
  };
  begin(tell, markets);
  const emptyMiB = memoryMiB() - before;
  const records = Array.from({ length: count }, (_, turn) =>
    recordViews(encodeVenueCommand(order(turn, markets))),
  );
  const began = performance.now();
  for (const record of records) {
    out.clear();
    core.apply(core.sequence + 1, 0, record, 0, out);
  }
  const commandsPerSecond = (count / (performance.now() - began)) * 1_000;
  // The commands are no part of the venue.
  records.length = 0;
  const fullMiB = memoryMiB() - before;
  core.checkInvariants();
  const { nextTradeId, restingCount: resting } = core.engine;
  return { commandsPerSecond, trades: nextTradeId - 1, resting, emptyMiB, fullMiB };
};

const begin = (tell: (command: VenueCommand) => void, markets: number): void => {
  tell({ kind: "add_asset", asset: 1, code: "USDT", decimals: 8 });
  tell({ kind: "add_asset", asset: 2, code: "BASE", decimals: 8 });
  const units = { lotUnits: 1_000n, tickLotUnits: 10n, priceIncrement: 1, quantityIncrement: 1 };
  const bounds = { maxPrice: 1_000_000, maxQuantity: 1_000_000, minQuantity: 1, minNotional: 0 };
  for (let market = 1; market <= markets; market += 1) {
    const named = { market, symbol: `M${market}-USDT`, base: 2, quote: 1 };
    tell({ kind: "list_market", ...named, ...units, ...bounds });
  }
  for (let account = 1; account <= ACCOUNTS; account += 1) {
    tell({ kind: "open_account", account, name: `account-${account}` });
    for (const asset of [1, 2]) {
      tell({ kind: "credit_deposit", account, asset, amount: 10n ** 15n, reference: "" });
    }
  }
};

/** Two of three rest near the middle of their market; the third one takes what rests there. */
const order = (turn: number, markets: number): VenueCommand => {
  const draw = Math.imul(turn + 1, 0x9e37_79b1) >>> 0;
  const takes = turn % 3 === 2;
  const buys = ((draw >>> 16) & 1) === 0;
  const distance = takes ? -5 : 1 + ((draw >>> 1) % 8);
  return {
    kind: "place_order",
    account: 1 + ((draw >>> 8) % ACCOUNTS),
    clientOrderId: "",
    order: {
      market: 1 + (turn % markets),
      side: buys ? "buy" : "sell",
      type: "limit",
      timeInForce: takes ? "ioc" : "gtc",
      price: buys ? 1_000 - distance : 1_000 + distance,
      quantity: 1 + ((draw >>> 4) % 20),
      quoteQuantity: 0,
    },
  };
};

const memoryMiB = (): number => {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return Math.round((heapUsed + arrayBuffers) / 2 ** 20);
};
