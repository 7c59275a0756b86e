import { Engine } from "@pincex/engine";
import fc from "fast-check";
import { expect, test } from "vitest";
import { bookChecksum } from "./book-checksum.ts";
import { type BookRow, MarketFeed } from "./market-feed.ts";
import { act, orderFlow } from "./testing/order-flow.ts";

const MARKET = 3;

const following = (): { engine: Engine; feed: MarketFeed } => {
  const feed = new MarketFeed(MARKET);
  const engine = new Engine({
    handler: { event: (event) => feed.applyRecord(event.views, 0, 0) },
  });
  engine.addMarket(MARKET, 1_000, 1_000, 1, 1, 1, 0);
  return { engine, feed };
};

const depthOf = (engine: Engine, side: 0 | 1): BookRow[] =>
  Array.from(engine.depth(MARKET, side, 1_000), ({ price, quantity }) => [price, quantity]);

test("for any order flow / the book is the engine's after every command", () => {
  fc.assert(
    fc.property(orderFlow, (flow) => {
      const { engine, feed } = following();
      for (const action of flow) {
        act(engine, MARKET, action);
        const { bids, asks } = feed.book();
        expect({ bids, asks }).toEqual({ bids: depthOf(engine, 0), asks: depthOf(engine, 1) });
      }
    }),
  );
});

test("for any order flow / a client that applies the updates to a snapshot has the book, without a gap", () => {
  fc.assert(
    fc.property(orderFlow, fc.nat(80), fc.integer({ min: 1, max: 7 }), (flow, joined, batch) => {
      const { engine, feed } = following();
      const copy = { bids: new Map<number, number>(), asks: new Map<number, number>() };
      let updateId = 0;
      const apply = (rows: readonly BookRow[], side: Map<number, number>): void => {
        for (const [price, quantity] of rows) {
          if (quantity === 0) side.delete(price);
          else side.set(price, quantity);
        }
      };
      flow.forEach((action, index) => {
        if (index === Math.min(joined, flow.length - 1)) {
          // As a client joins: what is pending is told first, so that the next update follows the snapshot.
          feed.takeBookUpdate();
          const snapshot = feed.book();
          copy.bids = new Map(snapshot.bids);
          copy.asks = new Map(snapshot.asks);
          updateId = snapshot.updateId;
        }
        act(engine, MARKET, action);
        if (index < joined || index % batch !== 0) return;
        const update = feed.takeBookUpdate();
        if (update === undefined) return;
        expect(update.firstUpdateId).toBe(updateId + 1);
        expect(update.previousUpdateId).toBe(updateId);
        updateId = update.lastUpdateId;
        apply(update.bids, copy.bids);
        apply(update.asks, copy.asks);
        const sorted = (side: Map<number, number>, sign: 1 | -1) =>
          [...side].sort(([one], [other]) => sign * (one - other));
        const mine = { bids: sorted(copy.bids, -1), asks: sorted(copy.asks, 1) };
        expect({ updateId, ...mine }).toEqual(feed.book());
        expect(bookChecksum(mine)).toBe(update.checksum);
      });
    }),
  );
});

test("for any order flow / the trades are the engine's, one after the other", () => {
  fc.assert(
    fc.property(orderFlow, (flow) => {
      const { engine, feed } = following();
      for (const action of flow) act(engine, MARKET, action);
      const ids = feed.trades({ limit: 1_000 }).map(({ tradeId }) => tradeId);
      expect(ids).toEqual(Array.from({ length: engine.nextTradeId - 1 }, (_, index) => index + 1));
    }),
  );
});
