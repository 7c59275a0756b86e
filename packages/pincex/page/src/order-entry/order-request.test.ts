import { describe, expect, test } from "vitest";
import { marketOf } from "../market.ts";
import { amountFor } from "./amount-shares.tsx";
import { fieldProblems, missingFields } from "./order-checks.ts";
import { EMPTY_DRAFT, type OrderDraft } from "./order-draft.ts";
import { orderRequest } from "./order-request.ts";
import { priceOf, worstCase } from "./worst-case.ts";

const market = marketOf({
  symbol: "BTC-USDT",
  base: "BTC",
  quote: "USDT",
  quoteDecimals: 8,
  priceIncrement: "0.01",
  quantityIncrement: "0.00001",
  maxPrice: "1000000.00",
  minQuantity: "0.00001",
  maxQuantity: "90.00000",
  minNotional: "5.00000000",
  takerFeePpm: 1_000,
});

const draft = (change: Partial<OrderDraft>): OrderDraft => ({ ...EMPTY_DRAFT, ...change });

describe("what is sent for a draft", () => {
  test.for([
    [
      {
        kind: "limit",
        price: "60000",
        quantity: "0.1",
        postOnly: "reject",
        displayQuantity: "0.02",
      },
      { type: "limit", timeInForce: "gtc", postOnly: "reject", displayQuantity: "0.02" },
    ],
    [
      { kind: "market", sizedIn: "quote", quoteQuantity: "100" },
      { type: "market", timeInForce: "ioc", quoteQuantity: "100", price: "63000" },
    ],
    [
      { kind: "stop_market", side: "sell", triggerPrice: "50000", quantity: "0.1" },
      { type: "market", trigger: "stop", triggerPrice: "50000", price: "63000" },
    ],
    [
      { kind: "take_profit_limit", triggerPrice: "50000", price: "50100", quantity: "0.1" },
      { type: "limit", trigger: "take_profit", triggerPrice: "50000", price: "50100" },
    ],
    [
      { kind: "trailing_stop", trailingPercent: "1.25", quantity: "0.1", triggerOn: "mark" },
      { type: "market", trigger: "trailing_stop", trailingBasisPoints: 125, triggerOn: "mark" },
    ],
    [
      { kind: "pegged", price: "60000", quantity: "0.1", peg: "mid" },
      { type: "limit", peg: "mid", price: "60000" },
    ],
  ] as const)("%j", ([change, expected]) => {
    const request = orderRequest(draft(change), market, "63000");
    expect(request.path).toBe("v1/orders");
    expect(request.named("mine")).toMatchObject({ ...expected, clientOrderId: "mine" });
  });

  test("is a list of a pair, its stop bounded 5 % beyond its trigger", () => {
    const pair = draft({
      kind: "oco",
      side: "sell",
      price: "65000",
      triggerPrice: "55000",
      quantity: "1",
    });
    const request = orderRequest(pair, market, undefined);
    expect(request.body).toEqual({
      market: "BTC-USDT",
      contingency: "oco",
      sizing: "fixed",
      orders: [
        { side: "sell", type: "limit", price: "65000", postOnly: "reject", quantity: "1" },
        {
          side: "sell",
          type: "market",
          trigger: "stop",
          triggerPrice: "55000",
          quantity: "1",
          price: "52250",
        },
      ],
    });
    expect(request.fieldOf("orders.1.price")).toBe("stopPrice");
    expect(request.fieldOf("orders.1.triggerPrice")).toBe("triggerPrice");
    expect(request.fieldOf("orders.0.quantity")).toBe("quantity");
    expect(request.fieldOf("legs")).toBeUndefined();
  });

  test("is a bracket whose exits are sized by what the entry receives", () => {
    const bracket = draft({
      kind: "otoco",
      price: "60000",
      exitPrice: "65000",
      triggerPrice: "55000",
      quantity: "1",
    });
    expect(orderRequest(bracket, market, undefined).body).toMatchObject({
      contingency: "otoco",
      sizing: "received",
      orders: [
        { side: "buy", price: "60000", quantity: "1" },
        { side: "sell", price: "65000", postOnly: "reject" },
        { side: "sell", type: "market", trigger: "stop", triggerPrice: "55000" },
      ],
    });
  });
});

describe("what is typed is checked", () => {
  test.for([
    [{ price: "60000.001" }, "price", "A multiple of 0.01 USDT."],
    [{ price: "1000000.01" }, "price", "At most 1000000 USDT."],
    [{ quantity: "0.000001" }, "quantity", "A multiple of 0.00001 BTC."],
    [{ quantity: "91" }, "quantity", "At most 90 BTC."],
    [{ quantity: "1,5" }, "quantity", "A number such as 0.25."],
    [{ quantity: "0" }, "quantity", "More than zero."],
    [{ price: "100", quantity: "0.01" }, "quantity", "Price × quantity is at least 5 USDT."],
  ] as const)("%j", ([change, field, problem]) => {
    expect(fieldProblems(draft(change), market)).toEqual({ [field]: problem });
  });

  test("and what is still empty is missing, not wrong", () => {
    expect(fieldProblems(draft({}), market)).toEqual({});
    expect(missingFields(draft({}))).toEqual(["price", "quantity"]);
    expect(missingFields(draft({ kind: "limit", timeInForce: "gtd" }))).toContain("expiresAt");
  });
});

describe("the worst case", () => {
  const quotes = { bid: "59990", ask: "60000" };

  test("of a limit buy is its price, and what is received is less the taker's fee", () => {
    expect(worstCase(draft({ price: "60000", quantity: "0.1" }), market, quotes)).toEqual([
      { name: "Pays at most", text: "6,000 USDT" },
      { name: "Receives, in full", text: "0.0999 BTC after 0.1 % fee" },
    ]);
  });

  test("of a market buy is 5 % beyond the best ask", () => {
    const [pays] = worstCase(draft({ kind: "market", quantity: "0.1" }), market, quotes);
    expect(pays?.text).toBe("6,300 USDT");
  });

  test("of a pair is the worse of the two", () => {
    const pair = draft({
      kind: "oco",
      side: "sell",
      price: "65000",
      triggerPrice: "55000",
      quantity: "1",
    });
    expect(worstCase(pair, market, quotes)[1]?.text).toBe("52,197.75 USDT after 0.1 % fee");
  });
});

describe("as much as all that is available pays for", () => {
  const quotes = { bid: "59990.00", ask: "60000.00" };
  test.for([
    ["a limit order", { kind: "limit", price: "50000" }, "2"],
    [
      "a market order, whatever limit was typed before",
      { kind: "market", price: "50000" },
      "1.58730",
    ],
    ["a market-to-limit order", { kind: "market_to_limit", price: "50000" }, "1.66666"],
    [
      "a pair, of which the dearer one counts",
      { kind: "oco", price: "50000", triggerPrice: "70000", stopPrice: "80000" },
      "1.25",
    ],
  ] as const)("buys with %s", ([_, change, expected]) => {
    const bought = draft({ side: "buy", ...change });
    const price = priceOf(bought, market, quotes);
    const amount = amountFor(100, { draft: bought, market, available: "100000", price });
    expect(Number(amount)).toBe(Number(expected));
  });
});
