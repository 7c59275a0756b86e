import type { VenueCommand } from "@pincex/venue";
import fc from "fast-check";
import { expect, test } from "vitest";
import { MarketData } from "./market-data.ts";
import { OrderBooks } from "./order-books.ts";
import { orderCommand } from "./testing/order-command.ts";
import { MARKETS, SmallVenue } from "./testing/small-venue.ts";

const NOON = Date.UTC(2026, 10, 24, 12);

/** Commands in batches, and busts of some of the trades that they may have made. */
const batches = fc.array(
  fc.array(
    fc.oneof(
      { weight: 6, arbitrary: orderCommand },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant("bust_trade" as const),
          market: fc.constantFrom(...MARKETS),
          tradeId: fc.integer({ min: 1, max: 10 }),
          reference: fc.constant(""),
        }),
      },
    ),
    { maxLength: 6 },
  ),
  { maxLength: 12 },
);

/** All that is told one by one, and the numbers that stand at the end. */
const told = (flow: readonly (readonly VenueCommand[])[]) => {
  const marketData = new MarketData();
  const orderBooks = new OrderBooks();
  const messages = { tape: [] as unknown[], depth: [] as unknown[], orders: [] as unknown[] };
  marketData.on("tape", (change) => messages.tape.push(change));
  marketData.on("depth", (change) => messages.depth.push(change));
  orderBooks.on("orders", (update) => messages.orders.push(update));
  const venue = new SmallVenue(
    {
      apply: (...events) => {
        for (const view of [marketData, orderBooks]) view.apply(...events);
      },
    },
    NOON,
  );
  for (const batch of flow) venue.batch(NOON, batch);
  const numbers = MARKETS.map((market) => marketData.tradeChanges(market));
  return { ...messages, numbers };
};

test("for any commands / trades, busts, level changes and orders are told alike, wherever batches are cut", () => {
  fc.assert(
    fc.property(batches, (flow) => {
      const oneByOne = flow.flat().map((command) => [command]);
      expect(told(flow)).toEqual(told(oneByOne));
    }),
  );
});

test("for any commands / a market's trades and busts are numbered without a gap", () => {
  fc.assert(
    fc.property(batches, (flow) => {
      const { tape, numbers } = told(flow);
      MARKETS.forEach((market, index) => {
        const its = (tape as { number: number; trade: { market: number } }[]).filter(
          ({ trade }) => trade.market === market,
        );
        expect(its.map(({ number }) => number)).toEqual(its.map((_, at) => at + 1));
        expect(numbers[index]).toBe(its.length);
      });
    }),
  );
});
