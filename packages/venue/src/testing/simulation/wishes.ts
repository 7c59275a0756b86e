import fc from "fast-check";
import type { VenueCommand } from "../../commands/venue-command.ts";
import { OPENING, venueCommand } from "../command-flow.ts";
import { BTC, MARKET, order, USDT } from "../core-under-test.ts";
import type { Dice } from "./dice.ts";

const ACCOUNTS = [1, 2, 3];

/** What somebody wants: one half plain trading, so that money moves, the other half everything that a venue takes. */
export const wish = (dice: Dice): VenueCommand => {
  const kinds = ["order", "order", "order", "order", "cancel", "deposit", "open"] as const;
  if (dice.chance(0.4)) return dice.pick(commandPool());
  switch (dice.pick(kinds)) {
    case "order":
      return plainOrder(dice);
    case "cancel":
      return cancelByName(dice);
    case "deposit":
      return deposit(dice);
    default:
      return OPENING;
  }
};

const plainOrder = (dice: Dice): VenueCommand => ({
  kind: "place_order",
  account: dice.pick(ACCOUNTS),
  clientOrderId: dice.chance(0.5) ? "" : nameOfOrder(dice),
  order: order({
    side: dice.pick(["buy", "sell"]),
    price: 98 + dice.below(5),
    quantity: 1 + dice.below(6),
  }),
});

const cancelByName = (dice: Dice): VenueCommand => ({
  kind: "cancel_order",
  account: dice.pick(ACCOUNTS),
  market: MARKET,
  orderId: 0,
  clientOrderId: nameOfOrder(dice),
});

const nameOfOrder = (dice: Dice): string => `order-${dice.below(8)}`;

const deposit = (dice: Dice): VenueCommand => ({
  kind: "credit_deposit",
  account: dice.pick(ACCOUNTS),
  asset: dice.pick([BTC, USDT]),
  amount: BigInt(1 + dice.below(5_000)),
  reference: "",
});

let pool: readonly VenueCommand[] | undefined;

/** Commands of every kind, the same in every world; made once. */
const commandPool = (): readonly VenueCommand[] => {
  pool ??= fc
    .sample(venueCommand, { numRuns: 1_500, seed: 20_261_125 })
    .filter(({ kind }) => kind !== "time");
  return pool;
};
