import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { MAX_BODY_BYTES } from "../http-message.ts";
import { type Answer, NativeClient } from "../testing/clients.ts";
import { ALICE, openTestExchange, READER, type TestExchange } from "../testing/test-exchange.ts";

let exchange: TestExchange;
let alice: NativeClient;
let hash: string;

beforeAll(async () => {
  exchange = await openTestExchange();
  alice = new NativeClient(exchange.http, ALICE);
});
afterAll(() => exchange.stop());
beforeEach(() => {
  hash = exchange.venue.stateHash();
});

/** One clear error, in the form of RFC 9457, and nothing changed. */
const expectRefusal = (
  answer: Answer,
  status: number,
  code: string,
  field: string | null,
): void => {
  expect(answer.json).toEqual({
    type: `urn:pincex:problem:${code}`,
    title: code.replaceAll("_", " "),
    status,
    code,
    field,
    rule: expect.stringMatching(/./),
    retryable: false,
    executed: "no",
    ...(code === "balance_below_hold"
      ? { needed: expect.any(String), available: expect.any(String) }
      : {}),
  });
  expect(answer.status).toBe(status);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(exchange.venue.stateHash()).toBe(hash);
};

const order = {
  market: "BTC-USDT",
  side: "buy",
  type: "limit",
  price: "64000.00",
  quantity: "0.10000",
};

describe("an order is refused, and nothing changes", () => {
  test.each([
    ["an unknown market", { market: "DOGE-USDT" }, 404, "unknown_market", "market"],
    ["a price off the tick", { price: "64000.001" }, 422, "price_off_increment", "price"],
    ["a quantity off the lot", { quantity: "0.000001" }, 422, "quantity_off_increment", "quantity"],
    ["more than the account has", { quantity: "20" }, 422, "balance_below_hold", "quantity"],
    ["less than the least notional", { quantity: "0.00001" }, 422, "notional_below_minimum", null],
    ["a price of zero", { price: "0" }, 422, "price_must_be_positive", "price"],
    ["a quantity of zero", { quantity: "0.00" }, 422, "quantity_must_be_positive", "quantity"],
    ["too high a price", { price: "1000000.01" }, 422, "price_above_maximum", "price"],
    ["a price beyond 32 bits", { price: "99999999999.99" }, 422, "price_above_maximum", "price"],
    ["a price beyond numbers", { price: "9".repeat(20) }, 422, "price_above_maximum", "price"],
    ["too large a quantity", { quantity: "900.00001" }, 422, "quantity_above_maximum", "quantity"],
    ["a negative price", { price: "-1" }, 400, "field_invalid", "price"],
    ["an exponent", { price: "6.4e4" }, 400, "field_invalid", "price"],
    ["a price that is a number", { price: 64_000 }, 400, "field_invalid", "price"],
    ["an unknown side", { side: "long" }, 400, "field_invalid", "side"],
    ["an unknown type", { type: "stop" }, 400, "field_invalid", "type"],
    ["a field that is unknown", { stopPrice: "1" }, 400, "field_unknown", "stopPrice"],
    ["no price", { price: undefined }, 400, "field_missing", "price"],
    ["no quantity", { quantity: undefined }, 400, "field_missing", "quantity"],
    ["no side", { side: undefined }, 400, "field_missing", "side"],
    ["a limit by quote quantity", { quoteQuantity: "1" }, 400, "field_not_wanted", "quoteQuantity"],
    [
      "a resting market order",
      { type: "market", timeInForce: "gtc" },
      400,
      "field_not_wanted",
      "timeInForce",
    ],
    [
      "both quantities",
      { type: "market", price: undefined, quoteQuantity: "1" },
      400,
      "field_not_wanted",
      "quoteQuantity",
    ],
    ["a name with spaces", { clientOrderId: "a b" }, 400, "field_invalid", "clientOrderId"],
  ])("for %s", async (_, change, status, code, field) => {
    const answer = await alice.request("POST", "/v1/orders", { ...order, ...change });
    expectRefusal(answer, status, code, field ?? answer.json.field);
  });

  test("for a name that an open order has", async () => {
    const named = { ...order, clientOrderId: "mine", quantity: "0.001" };
    const { json } = await alice.request("POST", "/v1/orders", named);
    hash = exchange.venue.stateHash();
    const again = await alice.request("POST", "/v1/orders", { ...named, price: "63999" });
    expectRefusal(again, 409, "command_id_conflict", "clientOrderId");
    await alice.request("DELETE", `/v1/orders/${json.order.id}`);
  });

  test("and says what was missing", async () => {
    const { json } = await alice.request("POST", "/v1/orders", { ...order, quantity: "20" });
    expect(json).toMatchObject({ needed: "1280000.00000000", available: "1000000.00000000" });
  });
});

describe("a malformed request is refused, and nothing changes", () => {
  test.each([
    ["no JSON", "POST", "/v1/orders", "{", 400, "body_malformed", "body"],
    ["no body", "POST", "/v1/orders", "", 400, "body_malformed", "body"],
    ["a list", "POST", "/v1/orders", "[]", 400, "field_invalid", null],
    [
      "a query where none is",
      "POST",
      "/v1/orders?dry=1",
      JSON.stringify(order),
      400,
      "field_unknown",
      "dry",
    ],
    ["a field twice", "GET", "/v1/orders?limit=1&limit=2", "", 400, "field_duplicate", "limit"],
    [
      "a field twice in the body",
      "POST",
      "/v1/orders",
      JSON.stringify(order).replace("{", '{"price":"1",'),
      400,
      "field_duplicate",
      "price",
    ],
    [
      "a field twice in a part of the body",
      "POST",
      "/v1/orders/batch",
      '{"orders":[{"side":"buy"},{"side":"buy","s\\u0069de":"sell"}]}',
      400,
      "field_duplicate",
      "side",
    ],
    ["no number", "GET", "/v1/orders?limit=many", "", 400, "field_invalid", "limit"],
    ["too many", "GET", "/v1/fills?limit=1001", "", 400, "field_invalid", "limit"],
    ["an order nobody placed", "GET", "/v1/orders/999", "", 404, "order_unknown", "id"],
    ["a cancel of it", "DELETE", "/v1/orders/999", "", 404, "order_unknown", "id"],
    [
      "a cancel by a name nobody gave",
      "DELETE",
      "/v1/orders/client:x",
      "",
      404,
      "order_unknown",
      "id",
    ],
    ["no id", "GET", "/v1/orders/abc", "", 400, "field_invalid", "id"],
    [
      "a cancel in an unknown market",
      "DELETE",
      "/v1/orders?market=X-Y",
      "",
      404,
      "unknown_market",
      "market",
    ],
    [
      "an unknown interval",
      "GET",
      "/v1/markets/BTC-USDT/candles?interval=7m",
      "",
      400,
      "field_invalid",
      "interval",
    ],
    ["no interval", "GET", "/v1/markets/BTC-USDT/candles", "", 400, "field_missing", "interval"],
    ["an unknown path", "GET", "/v1/nothing", "", 404, "route_unknown", "path"],
    ["another method", "PUT", "/v1/orders", "{}", 405, "method_not_allowed", "method"],
  ])("%s: %s %s", async (_, method, path, body, status, code, field) => {
    expectRefusal(await alice.raw(method, path, body), status, code, field);
  });

  test("more than 1 MiB, whether it says so or not", async () => {
    const body = "x".repeat(MAX_BODY_BYTES + 1);
    expectRefusal(await alice.raw("POST", "/v1/orders", body), 413, "body_too_large", "body");
    const streamed = await fetch(`${exchange.http}/v1/orders`, {
      method: "POST",
      body: new Blob([body]).stream(),
      duplex: "half",
    } as RequestInit);
    expect(streamed.status).toBe(413);
  });

  test("a path that belongs to nobody", async () => {
    const response = await fetch(`${exchange.http}/elsewhere`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: "route_unknown", field: "path" });
  });
});

describe("whoever does not prove who they are is refused, and nothing changes", () => {
  const body = JSON.stringify(order);

  test("without a key", async () => {
    const stranger = new NativeClient(exchange.http);
    const answer = await stranger.raw("POST", "/v1/orders", body);
    expectRefusal(answer, 401, "signature_missing", "pincex-key");
  });

  test.each([
    ["a key that nobody has", { ...ALICE, apiKey: "nobody" }, "api_key_unknown", "pincex-key"],
    ["another secret", { ...ALICE, secret: "guess" }, "signature_invalid", "pincex-signature"],
  ])("with %s", async (_, key, code, field) => {
    const answer = await new NativeClient(exchange.http, key).raw("POST", "/v1/orders", body);
    expectRefusal(answer, 401, code, field);
  });

  test.each([[-6_000], [2_000]])("signed %i ms from now", async (offset) => {
    const answer = await alice.raw("POST", "/v1/orders", body, Date.now() + offset);
    expectRefusal(answer, 401, "timestamp_outside_window", "pincex-timestamp");
  });

  test("with a key that may only read", async () => {
    const reader = new NativeClient(exchange.http, READER);
    expectRefusal(
      await reader.raw("POST", "/v1/orders", body),
      403,
      "permission_missing",
      "pincex-key",
    );
    expect((await reader.request("GET", "/v1/balances")).status).toBe(200);
  });
});
