import { Side, TimeInForce } from "@pincex/engine";
import { describe, expect, test } from "vitest";
import { CommandList } from "../command-list.ts";
import { measured, tradedOn } from "../measurement.ts";
import type { Mix } from "../mixes.ts";
import { generated } from "../order-flow.ts";
import { Random } from "../random.ts";
import { CommandType, TERMS, typeOf, WORDS, type Workload } from "../workload.ts";
import { bulkLayer } from "./bulk-layer.ts";
import { contestants } from "./index.ts";

const tiny: Mix = {
  name: "tiny",
  main: 3_000,
  symbols: 1,
  resting: 200,
  adds: 50,
  cancels: 38,
  spread: 4,
  evenly: 0,
};

const CROWDED = 3_000;

/**
 * Random commands on a few prices: orders cross, and much that is asked for is no longer there. The first third are limits,
 * and neighbouring ids are on other symbols.
 */
const crowded = (seed: number): Workload => {
  const random = new Random(seed);
  const commands = new CommandList(CROWDED);
  const enters: number[] = [CommandType.limit, CommandType.market];
  let orders = 0;
  for (let index = 0; index < CROWDED; index += 1) {
    const type = index < CROWDED / 3 ? CommandType.limit : random.below(4);
    if (enters.includes(type)) orders += 1;
    const orderId = enters.includes(type) ? orders : 1 + random.below(orders);
    const [side, symbol] = [orderId & 1, orderId % 3];
    commands.add({ type, side, symbol, orderId, ...crowdedTerms(type, random) });
  }
  return commands.workload(0, 3);
};

const crowdedTerms = (type: number, random: Random) => {
  const timeInForce = type === CommandType.limit ? random.below(2) : TimeInForce.gtc;
  if (type === CommandType.cancel) return { timeInForce, price: 0, quantity: 0 };
  const price = type === CommandType.market ? 0 : 100 + random.below(8);
  return { timeInForce, price, quantity: 1 + random.below(9) };
};

describe.each(contestants)("$name", (contestant) => {
  test.each([
    ["one market", generated(tiny, 7)],
    ["a book with many levels", generated({ ...tiny, evenly: 100 }, 8)],
    ["many matches", generated({ ...tiny, cancels: 0 }, 9)],
    ["many markets", generated({ ...tiny, symbols: 20, resting: 10 }, 10)],
    ["replacements, and orders that are no longer there", crowded(11)],
  ])("trades as ours in bulk does on %s", (_, workload) => {
    const expected = tradedOn(workload, bulkLayer);
    expect(expected.trades).toBeGreaterThan(100);
    expect(tradedOn(workload, contestant)).toEqual(expected);
  });

  test("trades the oldest at the best price, at that price", () => {
    const commands = new CommandList(5);
    const limit = { type: CommandType.limit, timeInForce: TimeInForce.gtc, symbol: 0 };
    commands.add({ ...limit, side: Side.sell, orderId: 1, price: 102, quantity: 4 });
    commands.add({ ...limit, side: Side.sell, orderId: 2, price: 101, quantity: 3 });
    commands.add({ ...limit, side: Side.sell, orderId: 3, price: 101, quantity: 5 });
    commands.add({ ...limit, side: Side.buy, orderId: 4, price: 102, quantity: 9 });
    commands.add({ ...limit, side: Side.sell, orderId: 5, price: 90, quantity: 1 });
    // The checksum of 2, 4, 101, 3; then 3, 4, 101, 5; then 1, 4, 102, 1, as another program has counted it.
    expect(tradedOn(commands.workload(3, 1), contestant)).toEqual({
      commands: 2,
      trades: 3,
      volume: 9,
      checksum: "21074788",
    });
  });

  test("is measured", async () => {
    const workload = generated(tiny, 7);
    const measure = { commands: 1_000, passes: 1, isDetailed: true };
    const measurement = await measured(contestant, workload, measure);
    const { seconds, latencyNs, bytesPerOperation } = measurement;
    expect(measurement).toMatchObject({ commands: 2_000, trades: expect.any(Number) });
    expect(seconds).toHaveLength(1);
    expect(seconds[0]).toBeGreaterThan(0);
    expect(latencyNs?.p50).toBeGreaterThan(0);
    expect(latencyNs?.max).toBeGreaterThanOrEqual(latencyNs?.p9999 ?? Number.NaN);
    expect(bytesPerOperation ?? 0).toBeGreaterThanOrEqual(0);
  });
});

describe("a generated workload", () => {
  test("is the same for the same seed only", () => {
    expect(generated(tiny, 1)).toEqual(generated(tiny, 1));
    expect(generated(tiny, 1)).not.toEqual(generated(tiny, 2));
  });

  test("has the shares of its mix", () => {
    const { words, setup, main } = generated({ ...tiny, main: 20_000 }, 3);
    let cancels = 0;
    for (let at = setup * WORDS; at < words.length; at += WORDS) {
      if (typeOf(words[at + TERMS] as number) === CommandType.cancel) cancels += 1;
    }
    expect(main).toBe(20_000);
    expect(cancels / main).toBeCloseTo(0.38, 1);
  });
});
