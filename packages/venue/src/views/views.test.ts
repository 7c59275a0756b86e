import { recordViews } from "@pincex/engine";
import { describe, expect, test } from "vitest";
import type { AccountRequest } from "../commands/order-command.ts";
import type { OrderRequest } from "../commands/place-order.ts";
import type { VenueCommand } from "../commands/venue-command.ts";
import {
  BTC,
  CoreUnderTest,
  listedMarket,
  MARKET,
  order,
  USDT,
} from "../testing/core-under-test.ts";
import { legOf } from "../testing/order-wishes.ts";
import type { AccountChange } from "./account-change.ts";
import { Views } from "./views.ts";

/** A core whose events the views follow, command by command. */
class ViewedVenue {
  readonly venue: CoreUnderTest = new CoreUnderTest();
  readonly views: Views = new Views();

  constructor() {
    for (const command of listedMarket) this.do(command);
    for (const account of [1, 2]) {
      this.do({ kind: "open_account", account, name: `account-${account}` });
      for (const asset of [BTC, USDT]) {
        this.do({ kind: "credit_deposit", account, asset, amount: 100_000n, reference: "" });
      }
    }
  }

  do(command: VenueCommand): void {
    const events = this.venue.bytesOf(command);
    this.views.apply(recordViews(events), 0, events.length);
  }

  place(account: number, given: Partial<OrderRequest>, clientOrderId = ""): void {
    this.do({ kind: "place_order", account, clientOrderId, order: order(given) });
  }

  cancel(account: number, orderId: number): void {
    this.do({ kind: "cancel_order", account, market: MARKET, orderId, clientOrderId: "" });
  }
}

test("registries are found by number and by name", () => {
  const { views } = new ViewedVenue();
  expect(views.assets()).toHaveLength(2);
  expect(views.asset("BTC")).toEqual({ asset: BTC, code: "BTC", decimals: 8 });
  expect(views.asset(USDT)?.code).toBe("USDT");
  expect(views.market("BTC-USDT")).toMatchObject({ market: MARKET, tickLotUnits: 10n });
  expect(views.market(9)).toBeUndefined();
  expect(views.account("account-2")).toEqual({
    account: 2,
    name: "account-2",
    status: "open",
    tier: 0,
  });
  expect(views.accounts()).toHaveLength(2);
});

test("a market shows the fees that count for it now", () => {
  const viewed = new ViewedVenue();
  viewed.do({ kind: "set_fees", market: 0, makerPpm: 1, takerPpm: 2 });
  expect(viewed.views.market(MARKET)).toMatchObject({ makerPpm: 1, takerPpm: 2 });
  viewed.do({ kind: "set_fees", market: MARKET, makerPpm: 3, takerPpm: 4 });
  expect(viewed.views.markets()).toMatchObject([{ makerPpm: 3, takerPpm: 4 }]);
});

test("an order is open, then filled, and found by both of its ids", () => {
  const viewed = new ViewedVenue();
  const { views } = viewed;
  viewed.venue.time = 5_000;
  viewed.place(1, { side: "sell", price: 100, quantity: 3 }, "mine");
  expect(views.openOrders(1)).toEqual([
    {
      orderId: 1,
      clientOrderId: "mine",
      account: 1,
      market: MARKET,
      side: "sell",
      type: "limit",
      timeInForce: "gtc",
      price: 100,
      quantity: 3,
      quoteQuantity: 0,
      executedQuantity: 0,
      executedNotional: 0,
      preventedQuantity: 0,
      listId: 0,
      state: "resting",
      status: "open",
      reason: "",
      placedAt: 5_000,
      updatedAt: 5_000,
      workingAt: 5_000,
      sequence: views.sequence,
    },
  ]);
  viewed.venue.time = 6_000;
  viewed.place(2, { side: "buy", price: 101, quantity: 3 });
  expect(views.openOrders(1)).toEqual([]);
  const filled = views.order(1, { clientOrderId: "mine" });
  expect(filled).toMatchObject({ status: "filled", executedQuantity: 3, executedNotional: 300 });
  expect(filled).toMatchObject({ placedAt: 5_000, updatedAt: 6_000 });
  expect(views.order(1, { orderId: 1 })).toEqual(filled);
  expect(views.order(2, { orderId: 1 })).toBeUndefined();
});

test.each<[status: string, reason: string, given: Partial<OrderRequest>]>([
  ["filled", "filled", { side: "buy", price: 100, quantity: 2 }],
  ["expired", "no_liquidity", { side: "buy", price: 100, quantity: 9, timeInForce: "ioc" }],
  ["expired", "fill_or_kill_unfilled", { side: "buy", price: 90, quantity: 1, timeInForce: "fok" }],
  ["filled", "budget_spent", { type: "market", side: "buy", quoteQuantity: 250 }],
  ["expired", "budget_spent", { type: "market", side: "buy", quoteQuantity: 50 }],
])("an order that is done is %s: %s", (status, reason, given) => {
  const viewed = new ViewedVenue();
  viewed.place(1, { side: "sell", price: 100, quantity: 5 });
  viewed.place(2, given);
  expect(viewed.views.order(2, { orderId: 2 })).toMatchObject({ status, reason });
});

test("fills tell both sides, with their fees", () => {
  const viewed = new ViewedVenue();
  const { views } = viewed;
  viewed.do({ kind: "set_fees", market: 0, makerPpm: 1_000, takerPpm: 2_000 });
  viewed.place(1, { side: "sell", price: 100, quantity: 3 });
  viewed.place(2, { side: "buy", price: 100, quantity: 3 });
  expect(views.fills(1)).toMatchObject([
    {
      tradeId: 1,
      orderId: 1,
      side: "sell",
      price: 100,
      quantity: 3,
      isMaker: true,
      fee: 3n,
      feeAsset: USDT,
    },
  ]);
  expect(views.fills(2)).toMatchObject([
    { tradeId: 1, orderId: 2, side: "buy", isMaker: false, fee: 6n, feeAsset: BTC },
  ]);
  expect(views.balances(2)).toEqual([
    { asset: BTC, balance: 102_994n, held: 0n, withdrawing: 0n, available: 102_994n },
    { asset: USDT, balance: 97_000n, held: 0n, withdrawing: 0n, available: 97_000n },
  ]);
});

test("balances show what open orders hold", () => {
  const viewed = new ViewedVenue();
  viewed.place(1, { side: "buy", price: 100, quantity: 5 });
  expect(viewed.views.balances(1)[1]).toEqual({
    asset: USDT,
    balance: 100_000n,
    held: 5_000n,
    withdrawing: 0n,
    available: 95_000n,
  });
});

test("orders and fills are read from the newest back, or from an id on", () => {
  const viewed = new ViewedVenue();
  const { views } = viewed;
  for (let turn = 0; turn < 5; turn++) {
    viewed.place(1, { side: "sell", price: 100, quantity: 1 });
    viewed.place(2, { side: "buy", price: 100, quantity: 1 });
  }
  const orderIds = (range: object): number[] => views.orders(1, range).map((each) => each.orderId);
  const tradeIds = (range: object): number[] => views.fills(1, range).map((each) => each.tradeId);
  expect(orderIds({})).toEqual([1, 3, 5, 7, 9]);
  expect(orderIds({ limit: 2 })).toEqual([7, 9]);
  expect(orderIds({ fromOrderId: 4, limit: 2 })).toEqual([5, 7]);
  expect(orderIds({ market: 9 })).toEqual([]);
  expect(tradeIds({ limit: 2 })).toEqual([4, 5]);
  expect(tradeIds({ fromTradeId: 2, limit: 2 })).toEqual([2, 3]);
  expect(tradeIds({ orderId: 5 })).toEqual([3]);
  expect(tradeIds({ limit: 0 })).toEqual([]);
});

test("the last 1,000 orders that are done are kept", () => {
  const viewed = new ViewedVenue();
  for (let turn = 0; turn < 1_005; turn++) {
    viewed.place(1, { side: "buy", price: 100, quantity: 1, timeInForce: "ioc" });
  }
  const orders = viewed.views.orders(1, { limit: 2_000 });
  expect(orders).toHaveLength(1_000);
  expect(orders[0]?.orderId).toBe(6);
  expect(orders.at(-1)?.orderId).toBe(1_005);
});

describe("a listener hears", () => {
  const changesOf = (act: (viewed: ViewedVenue) => void): [number, AccountChange][] => {
    const viewed = new ViewedVenue();
    const changes: [number, AccountChange][] = [];
    const stop = viewed.views.onAccount((account, change) => changes.push([account, change]));
    act(viewed);
    stop();
    viewed.place(1, { side: "buy", price: 1, quantity: 1 });
    return changes;
  };

  const summary = (changes: readonly [number, AccountChange][]): string[] =>
    changes.map(([account, change]) => {
      if (change.kind === "order")
        return `${account}: order ${change.order.orderId} ${change.cause}, ${change.order.status}`;
      if (change.kind === "balance") return `${account}: balance ${change.balance.asset}`;
      if (change.kind === "withdrawal")
        return `${account}: withdrawal ${change.withdrawal.withdrawal} ${change.withdrawal.status}`;
      if (change.kind === "bust") return `${account}: bust of trade ${change.fill.tradeId}`;
      const { order, fill } = change;
      return `${account}: fill ${fill.quantity} of ${order.orderId} ${order.status}`;
    });

  test("orders, fills as they happen, and then balances", () => {
    const changes = changesOf((viewed) => {
      viewed.place(1, { side: "sell", price: 100, quantity: 2 });
      viewed.place(2, { side: "buy", price: 100, quantity: 3 });
      viewed.cancel(2, 2);
    });
    expect(summary(changes)).toEqual([
      "1: order 1 placed, open",
      "1: balance 1",
      "2: order 2 placed, open",
      "1: fill 2 of 1 filled",
      "2: fill 2 of 2 open",
      "2: balance 2",
      "1: balance 2",
      "1: balance 1",
      "2: balance 1",
      "2: order 2 done, cancelled",
      "2: balance 2",
    ]);
  });

  test("why each balance changed, and by which command", () => {
    const viewed = new ViewedVenue();
    const heard: object[] = [];
    viewed.views.onAccount((account, change, sequence) => {
      if (change.kind !== "balance") return;
      const { balance, causes } = change;
      heard.push({ account, asset: balance.asset, sequence, causes });
    });
    viewed.place(1, { side: "sell", price: 100, quantity: 2 });
    viewed.place(2, { side: "buy", price: 100, quantity: 3 });
    viewed.do({ kind: "bust_trade", market: MARKET, tradeId: 1, reference: "" });
    const last = viewed.views.sequence;
    const trade = { kind: "fill", entry: 5, tradeId: 1 };
    const bust = [{ kind: "bust", entry: 6, tradeId: 1 }];
    const sale = { kind: "order", orderId: 1 };
    const purchase = { kind: "order", orderId: 2 };
    expect(heard).toEqual([
      { account: 1, asset: 1, sequence: last - 2, causes: [sale] },
      expect.objectContaining({ account: 2, asset: 2, sequence: last - 1 }),
      { account: 1, asset: 2, sequence: last - 1, causes: [{ ...trade, orderId: 1 }] },
      { account: 1, asset: 1, sequence: last - 1, causes: [{ ...trade, orderId: 1 }, sale] },
      { account: 2, asset: 1, sequence: last - 1, causes: [{ ...trade, orderId: 2 }] },
      ...heard.slice(5),
    ]);
    const paid = (heard as { causes: object[] }[])[1]?.causes;
    expect(paid).toHaveLength(2);
    expect(paid).toEqual(expect.arrayContaining([{ ...trade, orderId: 2 }, purchase]));
    const [...afterBust] = heard.slice(5);
    expect(afterBust).toHaveLength(4);
    for (const told of afterBust) expect(told).toMatchObject({ sequence: last, causes: bust });
  });

  test("what does not change afterwards", () => {
    const changes = changesOf((viewed) => {
      viewed.place(1, { side: "sell", price: 100, quantity: 2 });
      viewed.place(2, { side: "buy", price: 100, quantity: 1 });
    });
    expect(changes[0]?.[1]).toMatchObject({ kind: "order", order: { executedQuantity: 0 } });
  });
});

test("a snapshot of another version is not restored", () => {
  expect(() => new Views().restore(new Uint8Array(64))).toThrow(RangeError);
});

describe("an order shows", () => {
  const shown = (viewed: ViewedVenue, orderId: number) => viewed.views.order(1, { orderId });
  const asks = (viewed: ViewedVenue, request: AccountRequest, names: readonly string[] = []) =>
    viewed.do({ kind: "order_command", account: 1, request, clientOrderIds: names });
  const lastPriceIs = (viewed: ViewedVenue, price: number): void => {
    viewed.place(2, { side: "sell", price, quantity: 1 });
    viewed.place(2, { side: "buy", price, quantity: 1 });
  };

  test("what it waits for, until it is triggered", () => {
    const viewed = new ViewedVenue();
    const conditions = { trigger: "stop", triggerPrice: 105 } as const;
    viewed.place(1, { side: "buy", price: 110, quantity: 2, conditions });
    expect(shown(viewed, 1)).toMatchObject({ status: "open", state: "waiting", conditions });
    expect(shown(viewed, 1)).toMatchObject({ workingAt: 0 });
    viewed.venue.time = 7_000;
    lastPriceIs(viewed, 105);
    expect(shown(viewed, 1)).toMatchObject({ status: "open", state: "resting", conditions });
    expect(shown(viewed, 1)).toMatchObject({ workingAt: 7_000 });
  });

  test("that it is pending, and its list, until the list calls for it", () => {
    const viewed = new ViewedVenue();
    const legs = [
      legOf(order({ side: "buy", price: 100, quantity: 4 })),
      legOf(order({ side: "sell", price: 120, quantity: 0 })),
    ];
    const list = { kind: "place_list", market: MARKET, contingency: "oto", legs } as const;
    const request = { ...list, sizing: "received" } as const;
    const clientOrderIds = ["in", "out"];
    viewed.do({ kind: "order_command", account: 1, request, clientOrderIds, clientListId: "pair" });
    expect(shown(viewed, 1)).toMatchObject({ state: "resting", listId: 1, clientOrderId: "in" });
    expect(shown(viewed, 2)).toMatchObject({
      state: "pending",
      listId: 1,
      contingency: "oto",
      clientListId: "pair",
      clientOrderId: "out",
      quantity: 0,
    });
    viewed.place(2, { side: "sell", price: 100, quantity: 4 });
    expect(shown(viewed, 2)).toMatchObject({ state: "resting", quantity: 4, status: "open" });
  });

  test("what it was amended to, and what was taken off", () => {
    const viewed = new ViewedVenue();
    viewed.place(1, { side: "buy", price: 100, quantity: 9 });
    viewed.place(2, { side: "sell", price: 100, quantity: 2 });
    asks(viewed, { kind: "amend", market: MARKET, orderId: 1, price: 99, quantity: 7 });
    expect(shown(viewed, 1)).toMatchObject({ price: 99, quantity: 7, executedQuantity: 2 });
    asks(viewed, { kind: "reduce", market: MARKET, orderId: 1, quantity: 1 });
    expect(shown(viewed, 1)).toMatchObject({ price: 99, quantity: 6, executedQuantity: 2 });
    viewed.place(2, { side: "sell", price: 99, quantity: 4 });
    expect(shown(viewed, 1)).toMatchObject({ status: "filled", executedQuantity: 6 });
  });

  test("what it lost to prevention", () => {
    const viewed = new ViewedVenue();
    viewed.place(1, { side: "sell", price: 100, quantity: 5 });
    const conditions = { selfTrade: "decrement" } as const;
    viewed.place(1, { side: "buy", price: 100, quantity: 2, conditions });
    expect(shown(viewed, 1)).toMatchObject({ quantity: 5, preventedQuantity: 2, status: "open" });
    expect(shown(viewed, 2)).toMatchObject({ preventedQuantity: 2, reason: "self_trade" });
    viewed.place(2, { side: "buy", price: 100, quantity: 3 });
    expect(shown(viewed, 1)).toMatchObject({ executedQuantity: 3, status: "filled" });
  });

  test("that its time was over, or that another one replaced it under its name", () => {
    const viewed = new ViewedVenue();
    const conditions = { expiresAt: 1_005 } as const;
    viewed.place(1, { price: 100, quantity: 1, timeInForce: "gtd", conditions }, "mine");
    const replacement = { ...order({ price: 99, quantity: 2 }), kind: "replace" } as const;
    asks(viewed, { ...replacement, orderId: 1, onFailure: "stop" }, ["mine"]);
    expect(shown(viewed, 1)).toMatchObject({ status: "cancelled", clientOrderId: "mine" });
    expect(viewed.views.order(1, { clientOrderId: "mine" })).toMatchObject({
      orderId: 2,
      price: 99,
    });
    viewed.place(1, { price: 98, quantity: 1, timeInForce: "gtd", conditions });
    viewed.do({ kind: "time" });
    expect(shown(viewed, 3)).toMatchObject({ status: "expired", reason: "expired" });
    expect(shown(viewed, 2)).toMatchObject({ status: "open" });
  });
});

test("a market shows its new rules and its phase", () => {
  const viewed = new ViewedVenue();
  expect(viewed.views.market(MARKET)?.phase).toBe("open");
  viewed.do({
    kind: "market_command",
    request: {
      kind: "change_market",
      market: MARKET,
      priceIncrement: 5,
      quantityIncrement: 1,
      minQuantity: 2,
      minNotional: 7,
      collarBasisPoints: 0,
      bandBasisPoints: 0,
      onBreach: "expire",
      maxOpenOrders: 0,
    },
  });
  const phase = { kind: "set_phase", market: MARKET, phase: "auction" } as const;
  viewed.do({ kind: "market_command", request: phase });
  const rules = { priceIncrement: 5, minQuantity: 2, minNotional: 7, phase: "auction" };
  expect(viewed.views.market("BTC-USDT")).toMatchObject(rules);
  expect(viewed.views.markets()).toHaveLength(1);
});
