import { recordViews } from "@pincex/engine";
import { expect, test } from "vitest";
import type { VenueCommand } from "../commands/venue-command.ts";
import { beginnings } from "../testing/command-flow.ts";
import { BTC, CoreUnderTest, MARKET } from "../testing/core-under-test.ts";
import { CLOSED_ORDERS_RETAINED } from "./closed-orders.ts";
import type { FillView } from "./fill-view.ts";
import type { OrderView } from "./order-view.ts";
import { FILLS_RETAINED } from "./recent-fills.ts";
import { Views } from "./views.ts";

interface Followed {
  readonly views: Views;
  /** What was told of account 1: its orders that are done, and its fills. */
  readonly closed: OrderView[];
  readonly fills: FillView[];
}

/** Twice as many orders and fills as are kept, and a few more: some of them named, some hidden, half of them cancelled. */
const followed = (): Followed => {
  const views = new Views();
  const venue = new CoreUnderTest();
  const tell = (command: VenueCommand): void => {
    const events = recordViews(venue.bytesOf(command));
    views.apply(events, 0, events.bytes.length);
  };
  const closed: OrderView[] = [];
  const fills: FillView[] = [];
  for (const command of beginnings) tell(command);
  views.onAccount((account, change) => {
    if (account !== 1) return;
    if (change.kind === "fill") fills.push(change.fill);
    if ("order" in change && change.order.status !== "open") closed.push(change.order);
  });
  const limit = { market: MARKET, type: "limit", timeInForce: "gtc", quoteQuantity: 0 } as const;
  const ask = { ...limit, side: "sell", price: 1, quantity: 2 } as const;
  const bid = { ...limit, side: "buy", price: 1, quantity: 1 } as const;
  const place = { kind: "place_order", clientOrderId: "" } as const;
  for (let turn = 0; turn < 1_050; turn++) {
    const name = turn % 3 === 0 ? `order-${turn}` : "";
    const sold = turn % 5 === 0 ? { ...ask, conditions: { hidden: true } as const } : ask;
    tell({ ...place, account: 1, clientOrderId: name, order: sold });
    tell({ ...place, account: 2, order: bid });
    tell({ ...place, account: 2, order: bid });
    tell({ ...place, account: 1, clientOrderId: "again", order: ask });
    tell({ kind: "cancel_order", account: 1, market: MARKET, orderId: 0, clientOrderId: "again" });
    tell({ kind: "credit_deposit", account: 1, asset: BTC, amount: 2_000n, reference: "" });
  }
  return { views, closed, fills };
};

test("the last 1,000 orders that are done and the last 1,000 fills are kept as they were, also after a restart", () => {
  const { views, closed, fills } = followed();
  expect(closed.length).toBe(2_100);
  const restarted = new Views();
  restarted.restore(views.snapshot());
  for (const kept of [views, restarted]) {
    const orders = kept.orders(1, { limit: 5_000 });
    expect(orders).toEqual(closed.slice(-CLOSED_ORDERS_RETAINED));
    expect(kept.fills(1, { limit: 5_000 })).toEqual(fills.slice(-FILLS_RETAINED));
    const [oldest] = closed.slice(-CLOSED_ORDERS_RETAINED);
    expect(kept.order(1, { orderId: oldest?.orderId ?? 0 })).toEqual(oldest);
    expect(kept.order(1, { orderId: (oldest?.orderId ?? 0) - 4 })).toBeUndefined();
    // Of a name that was used again and again it is the last one.
    expect(kept.order(1, { clientOrderId: "again" })).toEqual(closed.at(-1));
    expect(kept.order(1, { clientOrderId: "order-3" })).toBeUndefined();
  }
  expect(restarted.snapshot()).toEqual(views.snapshot());
});
