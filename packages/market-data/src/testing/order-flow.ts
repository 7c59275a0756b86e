import type { Engine } from "@pincex/engine";
import fc from "fast-check";

/** One thing that a trader does. Prices and quantities are small, so that orders meet. */
export type Action =
  | {
      readonly kind: "place";
      readonly account: number;
      readonly side: 0 | 1;
      readonly timeInForce: 0 | 1 | 2;
      readonly price: number;
      readonly quantity: number;
    }
  | { readonly kind: "cancel"; readonly account: number; readonly orderId: number };

const account = fc.integer({ min: 1, max: 4 });

/** What traders do in one market. */
export const orderFlow: fc.Arbitrary<Action[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant("place" as const),
        account,
        side: fc.constantFrom(0 as const, 1 as const),
        timeInForce: fc.constantFrom(0 as const, 0 as const, 1 as const, 2 as const),
        price: fc.integer({ min: 95, max: 105 }),
        quantity: fc.integer({ min: 1, max: 20 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("cancel" as const),
        account,
        orderId: fc.integer({ min: 1, max: 60 }),
      }),
    },
  ),
  { maxLength: 80 },
);

/** Has an engine do it. */
export const act = (engine: Engine, market: number, action: Action): void => {
  if (action.kind === "cancel") {
    engine.cancel(market, action.account, action.orderId);
  } else {
    const { side, timeInForce, price, quantity } = action;
    engine.place(market, action.account, side, 0, timeInForce, price, quantity, 0);
  }
};
