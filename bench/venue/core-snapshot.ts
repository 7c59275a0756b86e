import { RecordWriter } from "@pincex/engine";
import { type VenueCommand, VenueCore, writeVenueCommand } from "@pincex/venue";
import type { BenchOptions, Print } from "../figure.ts";
import { beginnings, median } from "./core.ts";

const ACCOUNTS = 100_000;
const MID = 500_000;
/** How far from the middle orders rest: as many price levels on each side. */
const DEPTH = 20_000;

/** The longest that a snapshot of the core keeps commands waiting: in slices, and beside it in one go. */
export const coreSnapshot = (print: Print, { short }: BenchOptions): void => {
  for (const orders of short ? [20_000] : [100_000, 1_000_000]) {
    const core = coreWith(short ? 2_000 : ACCOUNTS, orders);
    const inOneGo: number[] = [];
    const begin: number[] = [];
    const longest: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      inOneGo.push(millisecondsOf(() => core.snapshot()));
      const [first, slice] = pauses(core);
      begin.push(first);
      longest.push(Math.max(first, slice));
    }
    const ours = median(longest);
    const theirs = median(inOneGo);
    print({
      bench: `venue/core-snapshot-${orders}`,
      ours: Math.round(ours * 100) / 100,
      unit: "ms without a command",
      peer: "the same in one go",
      theirs: Math.round(theirs * 100) / 100,
      ratio: Math.round((ours / theirs) * 1_000) / 1_000,
      note: `${orders} open orders of ${core.books.holds().length} holds, ${(core.snapshot().length / 1e6).toFixed(0)} MB; to begin ${median(begin).toFixed(1)} ms; median of ${longest.length}`,
    });
  }
};

/** How long it took to begin one, and the longest slice. */
const pauses = (core: VenueCore): [begin: number, longest: number] => {
  let sliced: ReturnType<VenueCore["beginSnapshot"]> | undefined;
  const begin = millisecondsOf(() => {
    sliced = core.beginSnapshot();
  });
  let longest = 0;
  for (let isLeft = true; isLeft; ) {
    const took = millisecondsOf(() => {
      isLeft = sliced?.slice() ?? false;
    });
    longest = Math.max(longest, took);
  }
  return [begin, longest];
};

/** Of the processor, so that what else the machine does doesn't count. */
const millisecondsOf = (act: () => void): number => {
  const began = process.cpuUsage();
  act();
  const { system, user } = process.cpuUsage(began);
  return (system + user) / 1_000;
};

/** A core with accounts that have both assets, and so many orders that rest. */
const coreWith = (accounts: number, orders: number): VenueCore => {
  const core = new VenueCore();
  const out = new RecordWriter(1 << 20);
  const commands = new RecordWriter();
  const apply = (command: VenueCommand): void => {
    commands.clear();
    writeVenueCommand(commands, command);
    core.apply(core.sequence + 1, core.sequence, commands.views, 0, out);
    out.clear();
  };
  for (const command of beginnings.slice(0, 4)) apply(command);
  for (let account = 1; account <= accounts; account += 1) {
    apply({ kind: "open_account", account, name: `account-${account}` });
    for (const asset of [1, 2]) {
      apply({ kind: "credit_deposit", account, asset, amount: 10n ** 17n, reference: "" });
    }
  }
  for (let turn = 0; turn < orders; turn += 1) {
    const distance = 1 + ((turn * 7_919) % DEPTH);
    const side = turn % 2 === 0 ? "buy" : "sell";
    apply({
      kind: "place_order",
      account: 1 + ((turn * 104_729) % accounts),
      clientOrderId: turn % 4 === 0 ? `order-${turn}` : "",
      order: {
        market: 1,
        side,
        type: "limit",
        timeInForce: "gtc",
        price: side === "buy" ? MID - distance : MID + distance,
        quantity: 1 + (turn % 50),
        quoteQuantity: 0,
      },
    });
  }
  return core;
};
