import { expect, test } from "vitest";
import type { Order } from "./holdings.ts";
import { replacementOf } from "./replacement.ts";

const order: Order = {
  id: "7",
  clientOrderId: "mine",
  market: "BTC-USDT",
  side: "sell",
  type: "limit",
  timeInForce: "gtc",
  price: "61000.00",
  quantity: "0.50000",
  quoteQuantity: null,
  executedQuantity: "0.10000",
  executedQuoteQuantity: "6100.00",
  postOnly: "reject",
  displayQuantity: "0.10000",
  listId: null,
  status: "open",
  state: "resting",
  reason: null,
  placedAt: "2026-11-25T12:00:00.000Z",
  updatedAt: "2026-11-25T12:00:00.000Z",
  sequence: 12,
};

test("what takes an order's place is like it, but for what was changed", () => {
  expect(replacementOf(order, { price: "61500" })).toEqual({
    side: "sell",
    type: "limit",
    timeInForce: "gtc",
    price: "61500",
    quantity: "0.50000",
    postOnly: "reject",
    displayQuantity: "0.10000",
    onFailure: "stop",
  });
});
