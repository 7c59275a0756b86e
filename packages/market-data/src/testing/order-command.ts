import type { VenueCommand } from "@pincex/venue";
import fc from "fast-check";
import { ALICE, BOB, MARKETS, SmallVenue } from "./small-venue.ts";

/** What traders send to the small venue: orders that meet, some of them icebergs, and cancels. */
export const orderCommand: fc.Arbitrary<VenueCommand> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record({
        account: fc.constantFrom(ALICE, BOB),
        side: fc.constantFrom("buy" as const, "sell" as const),
        price: fc.integer({ min: 95, max: 105 }),
        quantity: fc.integer({ min: 1, max: 20 }),
        display: fc.constantFrom(0, 0, 3),
        market: fc.constantFrom(...MARKETS),
      })
      .map(({ account, side, price, quantity, display, market }): VenueCommand => {
        const placed = SmallVenue.order(account, side, price, quantity, market);
        if (placed.kind !== "place_order" || display === 0) return placed;
        const conditions = { displayQuantity: Math.min(display, quantity) };
        return { ...placed, order: { ...placed.order, conditions } };
      }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("cancel_order" as const),
      account: fc.constantFrom(ALICE, BOB),
      market: fc.constantFrom(...MARKETS),
      orderId: fc.integer({ min: 1, max: 40 }),
      clientOrderId: fc.constant(""),
    }),
  },
);
