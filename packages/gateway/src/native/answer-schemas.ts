import { CANDLE_INTERVALS } from "@pincex/market-data";
import { z } from "zod";
import {
  balanceSchema,
  candleSchema,
  decimal,
  fillSchema,
  idText,
  orderSchema,
  tickerSchema,
  time,
  tradeSchema,
} from "./message-schemas.ts";

// What REST answers, as its description has it. Strict: in the tests, each answer to a client is judged by them.

const sequence = z.int().nonnegative().describe("Number of the venue's command.");
const count = z.int().nonnegative();
const ppm = z.int().describe("Millionths.");

const market = z
  .strictObject({
    symbol: z.string(),
    status: z.string().describe('"trading", or the phase that the market is in.'),
    base: z.string(),
    quote: z.string(),
    baseDecimals: count,
    quoteDecimals: count,
    priceIncrement: decimal,
    quantityIncrement: decimal,
    maxPrice: decimal,
    minQuantity: decimal,
    maxQuantity: decimal,
    minNotional: decimal,
    makerFeePpm: ppm,
    takerFeePpm: ppm,
  })
  .meta({ id: "Market" });

const level = z.tuple([decimal, decimal]).describe("Price and quantity.").meta({ id: "Level" });

const trade = tradeSchema.meta({ id: "Trade" });

const candle = candleSchema.meta({ id: "Candle" });

const ticker = tickerSchema.meta({ id: "Ticker" });

/** What else the order asked for, by the names that it was asked by. */
const asked = {
  postOnly: z.string(),
  selfTrade: z.string(),
  expiresAt: time,
  displayQuantity: decimal,
  hidden: z.boolean(),
  minQuantity: decimal,
  trigger: z.string(),
  triggerPrice: decimal,
  triggerOn: z.string(),
  trailingOffset: decimal,
  trailingBasisPoints: z.int(),
  activationPrice: decimal,
  slippage: decimal,
  allOrNone: z.boolean(),
  peg: z.string(),
  pegOffset: decimal,
};

const order = z
  .strictObject({
    ...orderSchema.shape,
    type: z.enum(["limit", "market", "market_to_limit"]),
    timeInForce: z.enum(["gtc", "ioc", "fok", "gtd", "day", "at_open", "at_close"]),
    ...z.strictObject(asked).partial().shape,
  })
  .meta({ id: "Order" });

const fill = fillSchema.meta({ id: "Fill" });

const placementFill = fill
  .pick({ tradeId: true, price: true, quantity: true, fee: true, feeAsset: true })
  .meta({ id: "PlacementFill" });

const balance = balanceSchema.meta({ id: "Balance" });

const orderList = z
  .strictObject({
    id: idText,
    clientListId: z.string().nullable(),
    contingency: z.enum(["oco", "oto", "otoco"]).nullable(),
    market: z.string(),
    status: z.enum(["open", "closed"]),
    placedAt: time,
    orders: z.array(order),
  })
  .meta({ id: "OrderList" });

/** A problem document of RFC 9457. */
export const problemSchema = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string().describe("Stable, a sentence."),
    field: z.string().nullable().describe("What of the request is at fault."),
    rule: z.string().describe("What would have been right."),
    retryable: z.boolean().describe("Whether the same request may succeed later without a change."),
    executed: z.enum(["no", "unknown"]).describe("unknown: ask for the order before trying again."),
    needed: decimal.optional().describe("What was missing, where money was."),
    available: decimal.optional(),
  })
  .meta({ id: "Problem" });

const oneOrder = z.strictObject({ order });
const orders = z.strictObject({ orders: z.array(order) });
const refused = z.strictObject({ problem: problemSchema });
const placed = z.strictObject({ order, fills: z.array(placementFill) });
const results = <Result extends z.ZodType>(result: Result) =>
  z.strictObject({ results: z.array(z.union([result, refused])) });

/** By method and path, what a route answers. */
const ANSWERS: Readonly<Record<string, z.ZodType>> = {
  "GET /v1/time": z.strictObject({ time, epochMs: count }),
  "GET /v1/status": z.strictObject({ status: z.literal("open"), time, sequence }),
  "GET /v1/markets": z.strictObject({ markets: z.array(market) }),
  "GET /v1/markets/{market}": market,
  "GET /v1/markets/{market}/book": z.strictObject({
    market: z.string(),
    seq: count,
    bids: z.array(level),
    asks: z.array(level),
  }),
  "GET /v1/markets/{market}/trades": z.strictObject({
    market: z.string(),
    trades: z.array(trade),
  }),
  "GET /v1/markets/{market}/candles": z.strictObject({
    market: z.string(),
    interval: z.enum(CANDLE_INTERVALS as [string, ...string[]]),
    candles: z.array(candle),
  }),
  "GET /v1/markets/{market}/ticker": ticker,
  "GET /v1/tickers": z.strictObject({ tickers: z.array(ticker) }),
  "GET /v1/orders": z.strictObject({
    orders: z.array(order),
    nextCursor: z.string().nullable().optional().describe("Of closed orders; null at their end."),
  }),
  "GET /v1/orders/{id}": order,
  "GET /v1/order-lists": z.strictObject({ lists: z.array(orderList) }),
  "GET /v1/order-lists/{id}": orderList,
  "GET /v1/fills": z.strictObject({ fills: z.array(fill) }),
  "GET /v1/balances": z.strictObject({ sequence, balances: z.array(balance) }),
  "GET /v1/fees": z.strictObject({
    fees: z.array(
      z.strictObject({
        market: z.string(),
        makerFeePpm: ppm,
        takerFeePpm: ppm,
        paidIn: z.enum(["received", "quote"]),
      }),
    ),
  }),
  "POST /v1/orders": placed,
  "POST /v1/orders/batch": results(placed),
  "POST /v1/orders/cancel": results(oneOrder),
  "PATCH /v1/orders/{id}": oneOrder,
  "POST /v1/orders/{id}/replace": z.strictObject({
    cancelled: z.union([oneOrder, refused]),
    placed: z.union([placed, refused]),
  }),
  "DELETE /v1/orders/{id}": oneOrder,
  "DELETE /v1/orders": orders,
  "POST /v1/order-lists": z.strictObject({
    list: orderList,
    fills: z.array(z.strictObject({ orderId: idText, ...placementFill.shape })),
  }),
  "DELETE /v1/order-lists/{id}": z.strictObject({ list: orderList }),
  "POST /v1/cancel-after": z.strictObject({ cancelAt: time.nullable() }),
};

/** A description of the API is described by the standard that it follows. */
const DESCRIPTION = z.looseObject({});

/** What a route answers when it is done. */
export const answerSchemaOf = ({ method, path }: { method: string; path: string }): z.ZodType => {
  const schema = path.endsWith(".json") ? DESCRIPTION : ANSWERS[`${method} ${path}`];
  if (schema === undefined) throw new Error(`expected the answer of ${method} ${path}`);
  return schema;
};
