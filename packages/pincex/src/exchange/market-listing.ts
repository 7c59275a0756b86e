import { type ListMarket, listing } from "@pincex/venue";
import type { Views } from "@pincex/venue/views";
import { ExchangeNotStarted } from "./exchange-not-started.ts";
import type { MarketSetup } from "./exchange-setup.ts";

/** The command that lists a market under the given number. Its assets must have been added. */
export const listingOf = (setup: MarketSetup, market: number, views: Views): ListMarket => {
  const { symbol, tick, lot, maxPrice, minNotional } = setup;
  const [base, quote] = symbol.split("-").map((code) => views.asset(code));
  if (base === undefined || quote === undefined) {
    throw new ExchangeNotStarted(
      "setup_refused",
      `The market ${symbol} cannot be listed: its symbol must be two assets of the setup with a dash between.`,
    );
  }
  const listed = listing({
    market,
    symbol,
    base,
    quote,
    tickSize: tick,
    lotSize: lot,
    maxPrice,
    minNotional,
  });
  if (listed.ok) return listed.command;
  throw new ExchangeNotStarted(
    "setup_refused",
    `The market ${symbol} cannot be listed: ${listed.rule} (${listed.field}, ${listed.code})`,
  );
};

/** The reference price in ticks, rounded to the nearest: simulated traders need no more than that. */
export const anchorOf = ({ referencePrice, tick }: MarketSetup): number =>
  Math.max(1, Math.round(Number(referencePrice) / Number(tick)));
