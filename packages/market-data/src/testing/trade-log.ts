import fc from "fast-check";
import type { PublicTrade } from "../public-trade.ts";

const MINUTE = 60_000;

/** How long markets wait for their next trade: some trade every second, some every few days, and all now and then rest. */
const pausesUpTo = (longest: number): fc.Arbitrary<number> =>
  fc.oneof(
    { weight: 12, arbitrary: fc.integer({ min: 0, max: longest }) },
    { weight: 1, arbitrary: fc.constantFrom(0, MINUTE, 60 * MINUTE, 24 * 60 * MINUTE) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 9 * 24 * 60 * MINUTE }) },
  );

const liveliness: fc.Arbitrary<number> = fc.constantFrom(
  2_000,
  MINUTE,
  30 * MINUTE,
  3 * 60 * MINUTE,
  60 * 60 * MINUTE,
);

/** The same moment, or the first or last millisecond of its minute: where mistakes live. */
const snapped: fc.Arbitrary<(at: number) => number> = fc.constantFrom(
  (at: number) => at,
  (at: number) => at,
  (at: number) => at - (at % MINUTE) + MINUTE - 1,
  (at: number) => at - (at % MINUTE) + MINUTE,
);

/** Trades of market 1 in the order of time, from any moment around the turn of a year on. */
export const tradeLog: fc.Arbitrary<PublicTrade[]> = fc
  .tuple(
    fc.integer({ min: Date.UTC(2026, 11, 20), max: Date.UTC(2027, 2, 3) }),
    liveliness.chain((longest) =>
      fc.array(
        fc.record({
          pause: pausesUpTo(longest),
          snap: snapped,
          price: fc.integer({ min: 1, max: 100_000_000 }),
          quantity: fc.integer({ min: 1, max: 50_000_000 }),
          takerSide: fc.constantFrom("buy" as const, "sell" as const),
        }),
        { maxLength: 120 },
      ),
    ),
  )
  .map(([start, steps]) => {
    let at = start;
    return steps.map(({ pause, snap, price, quantity, takerSide }, index) => {
      at = snap(at + pause);
      return { market: 1, tradeId: index + 1, price, quantity, takerSide, at };
    });
  });

/** Trades, and after each the ids of those that are taken back then. */
export const tradeLogWithBusts: fc.Arbitrary<{ trade: PublicTrade; busts: number[] }[]> =
  tradeLog.chain((log) =>
    fc.tuple(
      ...log.map((trade) =>
        fc.record({
          trade: fc.constant(trade),
          busts: fc.oneof(
            { weight: 3, arbitrary: fc.constant<number[]>([]) },
            {
              weight: 1,
              arbitrary: fc.array(fc.integer({ min: 1, max: trade.tradeId }), { maxLength: 3 }),
            },
          ),
        }),
      ),
    ),
  );
