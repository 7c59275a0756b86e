import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Answer, BinanceClient } from "../testing/clients.ts";
import { ALICE, openTestExchange, READER, type TestExchange } from "../testing/test-exchange.ts";

let exchange: TestExchange;
let alice: BinanceClient;
let hash: string;

beforeAll(async () => {
  exchange = await openTestExchange();
  alice = new BinanceClient(exchange.http, ALICE);
});
afterAll(() => exchange.stop());
beforeEach(() => {
  hash = exchange.venue.stateHash();
});

const expectRefusal = (
  answer: Answer,
  status: number,
  code: number,
  msg: string,
  field: string | undefined,
): void => {
  expect(answer.json).toMatchObject({ code, msg });
  expect(answer.json.field).toBe(field);
  expect(answer.status).toBe(status);
  expect(exchange.venue.stateHash()).toBe(hash);
};

const order = {
  symbol: "BTCUSDT",
  side: "BUY",
  type: "LIMIT",
  timeInForce: "GTC",
  price: "64000.00",
  quantity: "0.10000",
};

const mandatory = (name: string): string =>
  `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`;

const INSUFFICIENT = "Account has insufficient balance for requested action.";

describe("an order is refused with Binance's code and text, and nothing changes", () => {
  test.each([
    ["an unknown market", { symbol: "DOGEUSDT" }, -1121, "Invalid symbol.", "symbol"],
    [
      "a malformed symbol",
      { symbol: "BTC/USDT" },
      -1100,
      "Illegal characters found in parameter 'symbol'; legal range is '^[A-Z0-9-_.]{1,20}$'.",
      "symbol",
    ],
    [
      "a price off the tick",
      { price: "64000.001" },
      -1013,
      "Filter failure: PRICE_FILTER",
      "price",
    ],
    ["a price of zero", { price: "0" }, -1013, "Filter failure: PRICE_FILTER", "price"],
    ["too high a price", { price: "1000000.01" }, -1013, "Filter failure: PRICE_FILTER", "price"],
    [
      "a price beyond 32 bits",
      { price: "99999999999" },
      -1013,
      "Filter failure: PRICE_FILTER",
      "price",
    ],
    [
      "a quantity off the lot",
      { quantity: "0.100001" },
      -1013,
      "Filter failure: LOT_SIZE",
      "quantity",
    ],
    ["a quantity of zero", { quantity: "0" }, -1013, "Filter failure: LOT_SIZE", "quantity"],
    ["too large a quantity", { quantity: "901" }, -1013, "Filter failure: LOT_SIZE", "quantity"],
    [
      "less than the least notional",
      { quantity: "0.00001" },
      -1013,
      "Filter failure: NOTIONAL",
      "quantity",
    ],
    ["more than the account has", { quantity: "20" }, -2010, INSUFFICIENT, "quantity"],
    ["an unknown side", { side: "LONG" }, -1117, "Invalid side.", "side"],
    ["an unknown type", { type: "FANCY" }, -1116, "Invalid orderType.", "type"],
    ["a type that every object has", { type: "constructor" }, -1116, "Invalid orderType.", "type"],
    [
      "an unknown time in force",
      { timeInForce: "GTX" },
      -1115,
      "Invalid timeInForce.",
      "timeInForce",
    ],
    [
      "an exponent",
      { price: "6.4e4" },
      -1100,
      "Illegal characters found in parameter 'price'; legal range is '^([0-9]{1,20})(\\.[0-9]{1,20})?$'.",
      "price",
    ],
    [
      "a name with spaces",
      { newClientOrderId: "a b" },
      -1100,
      "Illegal characters found in parameter 'newClientOrderId'; legal range is '^[a-zA-Z0-9-_.:/]{1,36}$'.",
      "newClientOrderId",
    ],
    [
      "a post-only order with a time in force",
      { type: "LIMIT_MAKER" },
      -1106,
      "Parameter 'timeInForce' sent when not required.",
      "timeInForce",
    ],
    [
      "a stop without its price",
      { type: "STOP_LOSS_LIMIT" },
      -1102,
      "Param 'stopPrice' or 'trailingDelta' must be sent, but both were empty/null!",
      "stopPrice",
    ],
    [
      "a stop off the tick",
      { type: "STOP_LOSS_LIMIT", stopPrice: "1.001" },
      -1013,
      "Filter failure: PRICE_FILTER",
      "stopPrice",
    ],
    [
      "a take profit by market with a limit",
      { type: "TAKE_PROFIT", stopPrice: "1" },
      -1106,
      "Parameter 'price' sent when not required.",
      "price",
    ],
    [
      "a trailing distance of nothing",
      { type: "STOP_LOSS_LIMIT", trailingDelta: 0 },
      -1013,
      "Filter failure: TRAILING_DELTA",
      "trailingDelta",
    ],
    [
      "a trailing stop-loss that begins at a price",
      { type: "STOP_LOSS_LIMIT", trailingDelta: 100, stopPrice: "1" },
      -2010,
      "Trailing stop loss orders with a stop price are not supported for this symbol.",
      "stopPrice",
    ],
    [
      "a trade group, which is nobody's to choose",
      { tradeGroupId: "7", selfTradePreventionMode: "EXPIRE_TAKER" },
      -1106,
      "Parameter 'tradeGroupId' sent when not required.",
      "tradeGroupId",
    ],
    [
      "a self-trade prevention that is unknown",
      { selfTradePreventionMode: "MAYBE" },
      -2010,
      "This symbol does not allow the specified self-trade prevention mode.",
      "selfTradePreventionMode",
    ],
    [
      "a peg",
      { pegPriceType: "PRIMARY_PEG" },
      -2010,
      "Pegged orders are not supported for this symbol.",
      "pegPriceType",
    ],
    [
      "a stop price on a limit order",
      { stopPrice: "1" },
      -1106,
      "Parameter 'stopPrice' sent when not required.",
      "stopPrice",
    ],
    [
      "an iceberg that shows all",
      { icebergQty: "0.1" },
      -2010,
      "IcebergQty exceeds QTY.",
      "icebergQty",
    ],
    [
      "an iceberg that does not rest",
      { icebergQty: "0.01", timeInForce: "IOC" },
      -1106,
      "Parameter 'icebergQty' sent when not required.",
      "icebergQty",
    ],
    [
      "a quote quantity on a limit order",
      { quoteOrderQty: "5" },
      -1106,
      "Parameter 'quoteOrderQty' sent when not required.",
      "quoteOrderQty",
    ],
    [
      "an unknown answer type",
      { newOrderRespType: "ALL" },
      -1130,
      "Data sent for parameter 'newOrderRespType' is not valid.",
      "newOrderRespType",
    ],
  ])("for %s", async (_, change, code, msg, field) => {
    expectRefusal(
      await alice.post("/api/v3/order", { ...order, ...change }),
      400,
      code,
      msg,
      field,
    );
  });

  test.each(["symbol", "side", "type", "timeInForce", "price", "quantity"])(
    "without %s",
    async (name) => {
      const { [name as "side"]: _, ...rest } = order;
      expectRefusal(await alice.post("/api/v3/order", rest), 400, -1102, mandatory(name), name);
      const empty = await alice.post("/api/v3/order", { ...order, [name]: "" });
      expectRefusal(empty, 400, -1102, mandatory(name), name);
    },
  );

  test.each([
    [
      {},
      -1102,
      "Param 'quantity' or 'quoteOrderQty' must be sent, but both were empty/null!",
      "quantity",
    ],
    [
      { quantity: "1", quoteOrderQty: "1" },
      -1106,
      "Parameter 'quantity' sent when not required.",
      "quantity",
    ],
    [{ quantity: "1", price: "1" }, -1106, "Parameter 'price' sent when not required.", "price"],
    [
      { quoteOrderQty: "1.00000001" },
      -1111,
      "Parameter 'quoteOrderQty' has too much precision.",
      "quoteOrderQty",
    ],
  ])("a market order with %j", async (change, code, msg, field) => {
    const market = { symbol: "BTCUSDT", side: "BUY", type: "MARKET", ...change };
    expectRefusal(await alice.post("/api/v3/order", market), 400, code, msg, field);
  });

  test("for a name that an open order has", async () => {
    const named = { ...order, newClientOrderId: "mine" };
    const { json } = await alice.post("/api/v3/order", named);
    hash = exchange.venue.stateHash();
    const again = await alice.post("/api/v3/order", named);
    expectRefusal(again, 400, -2010, "Duplicate order sent.", "newClientOrderId");
    await alice.request("DELETE", "/api/v3/order", { symbol: "BTCUSDT", orderId: json.orderId });
  });
});

describe("a question is refused", () => {
  test.each([
    ["GET", "order", { orderId: 999 }, 400, -2013, "Order does not exist.", "orderId"],
    ["GET", "order", { origClientOrderId: "x" }, 400, -2013, "Order does not exist.", "orderId"],
    [
      "GET",
      "order",
      {},
      400,
      -1102,
      "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!",
      "origClientOrderId",
    ],
    ["DELETE", "order", { orderId: 999 }, 400, -2011, "Unknown order sent.", "orderId"],
    ["DELETE", "openOrders", {}, 400, -2011, "Unknown order sent.", "symbol"],
    [
      "GET",
      "depth",
      { limit: "x" },
      400,
      -1100,
      "Illegal characters found in parameter 'limit'; legal range is '^[0-9]{1,16}$'.",
      "limit",
    ],
    ["GET", "klines", { interval: "7m" }, 400, -1120, "Invalid interval.", "interval"],
    ["GET", "klines", {}, 400, -1102, mandatory("interval"), "interval"],
    [
      "GET",
      "ticker/price",
      { symbols: '["BTCUSDT"]' },
      400,
      -1128,
      "Combination of optional parameters invalid.",
      "symbols",
    ],
    ["PUT", "order", {}, 405, -1020, "This operation is not supported.", "method"],
    ["GET", "sor/order", {}, 404, -1020, "This operation is not supported.", "path"],
  ])("%s %s %j", async (method, path, pairs, status, code, msg, field) => {
    const answer = await alice.request(method, `/api/v3/${path}`, { symbol: "BTCUSDT", ...pairs });
    expectRefusal(answer, status, code, msg, field);
  });

  test.each([
    ["symbols=%5B%5D%5B", -1130, "symbols"],
    ["symbols=[%22BTCUSDT%22,%22BTCUSDT%22]", -1151, "symbols"],
    ["symbol=BTCUSDT&symbol=ETHUSDT", -1101, "symbol"],
    ["symbol=%FF", -1100, undefined],
  ])("GET ticker/price?%s", async (query, code, field) => {
    const answer = await alice.send("GET", "/api/v3/ticker/price", query, "");
    expect(answer.json).toMatchObject({ code });
    expect(answer.json.field).toBe(field);
  });
});

describe("whoever does not prove who they are is refused", () => {
  const INVALID_KEY = "Invalid API-key, IP, or permissions for action.";
  const INVALID_SIGNATURE = "Signature for this request is not valid.";

  test("without a key, or with one that can't be one", async () => {
    const answer = await new BinanceClient(exchange.http).post("/api/v3/order", order);
    expectRefusal(answer, 401, -2014, "API-key format invalid.", "apiKey");
    const odd = new BinanceClient(exchange.http, { ...ALICE, apiKey: "a key!" });
    expectRefusal(
      await odd.post("/api/v3/order", order),
      401,
      -2014,
      "API-key format invalid.",
      "apiKey",
    );
  });

  test("with a key that nobody has", async () => {
    const nobody = new BinanceClient(exchange.http, { ...ALICE, apiKey: "nobody" });
    expectRefusal(await nobody.post("/api/v3/order", order), 401, -2015, INVALID_KEY, "apiKey");
  });

  test("with another secret", async () => {
    const thief = new BinanceClient(exchange.http, { ...ALICE, secret: "guess" });
    expectRefusal(
      await thief.post("/api/v3/order", order),
      400,
      -1022,
      INVALID_SIGNATURE,
      "signature",
    );
  });

  test("with a signature over something else than was sent", async () => {
    const signed = alice.signed("symbol=BTCUSDT");
    const answer = await alice.send("GET", "/api/v3/openOrders", signed.replace("BTC", "ETH"), "");
    expectRefusal(answer, 400, -1022, INVALID_SIGNATURE, "signature");
    const moved = await alice.send(
      "POST",
      "/api/v3/order",
      "recvWindow=9999",
      alice.signed("symbol=BTCUSDT"),
    );
    expectRefusal(moved, 400, -1022, INVALID_SIGNATURE, "signature");
  });

  test("without timestamp or signature", async () => {
    const bare = await alice.send("GET", "/api/v3/account", "", "");
    expectRefusal(bare, 400, -1102, mandatory("timestamp"), "timestamp");
    const unsigned = await alice.send("GET", "/api/v3/account", `timestamp=${Date.now()}`, "");
    expectRefusal(unsigned, 400, -1102, mandatory("signature"), "signature");
  });

  test("too late, or from the future", async () => {
    const late = await alice.send(
      "GET",
      "/api/v3/account",
      alice.signed("", Date.now() - 6_000),
      "",
    );
    expectRefusal(
      late,
      400,
      -1021,
      "Timestamp for this request is outside of the recvWindow.",
      "timestamp",
    );
    const early = await alice.send(
      "GET",
      "/api/v3/account",
      alice.signed("", Date.now() + 2_000),
      "",
    );
    expectRefusal(
      early,
      400,
      -1021,
      "Timestamp for this request was 1000ms ahead of the server's time.",
      "timestamp",
    );
  });

  test("with a key that may only read", async () => {
    const reader = new BinanceClient(exchange.http, READER);
    expectRefusal(await reader.post("/api/v3/order", order), 401, -2015, INVALID_KEY, "apiKey");
    expect((await reader.request("GET", "/api/v3/account")).json).toMatchObject({
      canTrade: false,
    });
  });
});
