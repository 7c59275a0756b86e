import type { MarketView } from "@pincex/venue/views";
import { describe, expect, test } from "vitest";
import {
  expectedPendingPrice,
  expectedPrice,
  needsWorstPrice,
  worstPriceOf,
} from "./worst-price.ts";

const market = { priceIncrement: 5, maxPrice: 1_002 } as MarketView;
const quotes = (bid: number, ask: number) => ({
  market: 1,
  updateId: 1,
  bid: { price: bid, quantity: 1 },
  ask: { price: ask, quantity: 1 },
});

describe("the worst price of a market order", () => {
  test.each([
    // side, best bid, best ask, ppm, worst price
    ["buy", 95, 100, 50_000, 105],
    ["buy", 95, 100, 1, 105], // rounded up to an increment
    ["buy", 95, 100, 0, 100],
    ["buy", 95, 1_000, 50_000, 1_000], // the highest price is a multiple too
    ["buy", 95, 0, 50_000, 5], // nothing to buy: meets nobody
    ["sell", 100, 105, 50_000, 95],
    ["sell", 100, 105, 1, 95], // rounded down
    ["sell", 5, 10, 900_000, 5],
    ["sell", 100, 105, 2_000_000, 5],
    ["sell", 0, 105, 50_000, 1_000],
  ] as const)("a %s at %i/%i with %i ppm: %i", (side, bid, ask, ppm, worst) => {
    const expected = expectedPrice({ side }, quotes(bid, ask), 0);
    expect(worstPriceOf(market, side, expected, ppm)).toBe(worst);
  });

  test.each([
    ["buy", 1, 0, true],
    ["buy", 0, 1, false],
    ["sell", 1, 0, false],
    ["sell", 0, 1, true],
  ] as const)(
    "a %s of quantity %i, quote quantity %i needs one: %s",
    (side, quantity, quoteQuantity, needs) => {
      expect(needsWorstPrice({ side, quantity, quoteQuantity })).toBe(needs);
    },
  );

  test.each([
    // side, conditions, last price, where it is expected to begin
    ["buy", { trigger: "stop", triggerPrice: 120 }, 100, 120],
    ["sell", { trigger: "take_profit", triggerPrice: 130 }, 100, 130],
    ["buy", { trigger: "trailing_stop", trailingOffset: 7 }, 100, 107],
    ["buy", { trigger: "trailing_stop", trailingBasisPoints: 150 }, 100, 102], // rounded up
    ["buy", { trigger: "trailing_stop", trailingOffset: 7, activationPrice: 90 }, 100, 97],
    ["sell", { trigger: "trailing_stop", trailingOffset: 7 }, 0, 88], // nobody has traded: the best bid
    ["sell", { trigger: "trailing_stop", trailingOffset: 200 }, 100, 0],
  ] as const)("a %s with %j begins, at a last price of %i, at %i", (side, conditions, last, at) => {
    expect(expectedPrice({ side, conditions }, quotes(95, 105), last)).toBe(at);
  });

  test.each([
    // pending side, working order, bid, ask, where it is expected to begin
    ["sell", { side: "buy", type: "limit", price: 90 }, 95, 105, 90], // rests: where it is met
    ["sell", { side: "buy", type: "limit", price: 105 }, 95, 105, 95], // trades at once
    ["sell", { side: "buy", type: "limit", price: 900 }, 95, 105, 95],
    ["sell", { side: "buy", type: "limit", price: 900 }, 0, 105, 105], // nobody buys yet: what it has paid
    ["buy", { side: "buy", type: "limit", price: 900 }, 95, 105, 105],
    ["buy", { side: "sell", type: "limit", price: 1 }, 95, 105, 105],
    ["buy", { side: "sell", type: "limit", price: 1 }, 0, 105, 1],
    ["sell", { side: "buy", type: "market", price: 110 }, 95, 105, 95],
    ["sell", { side: "buy", type: "market", price: 0 }, 95, 0, 0], // there is nothing to trade
    ["sell", { side: "buy", type: "limit", price: 900, timeInForce: "at_open" }, 95, 105, 900],
    [
      "sell",
      {
        side: "buy",
        type: "limit",
        price: 130,
        conditions: { trigger: "stop", triggerPrice: 120 },
      },
      95,
      105,
      130,
    ],
    [
      "sell",
      {
        side: "buy",
        type: "market",
        price: 126,
        conditions: { trigger: "stop", triggerPrice: 120 },
      },
      95,
      105,
      120,
    ],
  ] as const)("a %s pending on %j, at %i/%i, begins at %i", (side, working, bid, ask, at) => {
    const order = { timeInForce: "gtc", ...working } as const;
    expect(expectedPendingPrice({ side }, order, quotes(bid, ask), 100)).toBe(at);
  });
});
