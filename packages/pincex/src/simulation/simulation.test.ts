import { MarketData } from "@pincex/market-data";
import { memoryJournal, openVenue, readEvents, type Venue } from "@pincex/venue";
import { Views } from "@pincex/venue/views";
import { expect, test } from "vitest";
import {
  DEFAULT_ASSETS,
  DEFAULT_MARKETS,
  MARKET_MAKER,
  NOISE_TRADERS,
} from "../exchange/exchange-setup.ts";
import { setUp } from "../exchange/first-start.ts";
import { anchorOf } from "../exchange/market-listing.ts";
import { Simulation } from "./simulation.ts";

test("the traders keep three markets two-sided and trading, and adopt their orders after a restart", {
  timeout: 60_000,
}, async () => {
  const views = new Views();
  const marketData = new MarketData();
  const clock = Date.now;
  const venue = await openVenue({ journal: memoryJournal(), views: [views, marketData], clock });
  const accounts = [MARKET_MAKER, ...NOISE_TRADERS];
  await setUp(venue, views, { assets: DEFAULT_ASSETS, markets: DEFAULT_MARKETS, accounts });

  const refusals = new Set<string>();
  let cancels = 0;
  const submit: Venue["submit"] = async (record) => {
    const submission = await venue.submit(record);
    for (const event of readEvents(submission.events)) {
      if (event.kind === "refused") refusals.add(event.code);
      if (event.kind === "done" && event.reason === "cancelled") cancels += 1;
    }
    return submission;
  };
  const start = (): Simulation => {
    const simulation = new Simulation({
      venue: { submit },
      views,
      marketData,
      marketMaker: MARKET_MAKER.account,
      noiseTraders: NOISE_TRADERS.map(({ account }) => account),
      stages: DEFAULT_MARKETS.map((setup, index) => ({
        market: index + 1,
        anchor: anchorOf(setup),
      })),
      seed: 1,
    });
    simulation.start();
    return simulation;
  };
  const thinnest = (): number =>
    Math.min(
      ...[1, 2, 3].flatMap((market) => {
        const { bids, asks } = marketData.book(market);
        return [bids.length, asks.length];
      }),
    );

  const first = start();
  await expect.poll(thinnest, { timeout: 30_000 }).toBeGreaterThanOrEqual(15);
  await expect
    .poll(() => Math.min(...[1, 2, 3].map((market) => marketData.trades(market).length)), {
      timeout: 30_000,
    })
    .toBeGreaterThan(0);
  await first.stop();
  const { sequence } = venue;
  await new Promise((later) => setTimeout(later, 500));
  expect(venue.sequence).toBe(sequence);

  const resting = views.openOrders(MARKET_MAKER.account).length;
  cancels = 0;
  const second = start();
  await new Promise((later) => setTimeout(later, 600));
  await second.stop();
  expect(cancels).toBeLessThan(resting / 3);
  expect(thinnest()).toBeGreaterThanOrEqual(15);

  // Cancelling what has just traded is the only thing that may go wrong for them.
  refusals.delete("order_not_open");
  expect([...refusals]).toEqual([]);
  await venue.stop();
});
