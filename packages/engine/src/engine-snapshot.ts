import type { AddMarket } from "./command.ts";
import type { RestingOrder } from "./engine.ts";
import { recordViews } from "./record.ts";
import { Side, sideName } from "./side.ts";

/** What an engine's snapshot says. Orders: by market as added, buys before sells, best price first, oldest first. */
export interface EngineState {
  readonly nextOrderId: number;
  readonly nextTradeId: number;
  readonly markets: readonly Omit<AddMarket, "kind">[];
  readonly orders: Iterable<RestingOrder>;
  readonly orderCount: number;
}

/** "PXEN" and the version of the form. */
const MAGIC = 0x4e455850;
const VERSION = 1;
const HEADER_DOUBLES = 5;
const MARKET_DOUBLES = 7;
const ORDER_DOUBLES = 5;

/** All numbers are doubles or int32: little-endian, 8-byte aligned, and the same state gives the same bytes. */
export const writeSnapshot = (state: EngineState): Uint8Array => {
  const doubles =
    HEADER_DOUBLES + state.markets.length * MARKET_DOUBLES + state.orderCount * ORDER_DOUBLES;
  const { bytes, i32, f64 } = recordViews(doubles * 8);
  i32[0] = MAGIC;
  i32[1] = VERSION;
  f64[1] = state.nextOrderId;
  f64[2] = state.nextTradeId;
  f64[3] = state.markets.length;
  f64[4] = state.orderCount;
  let at = HEADER_DOUBLES;
  for (const market of state.markets) {
    f64[at] = market.market;
    f64[at + 1] = market.maxPrice;
    f64[at + 2] = market.maxQuantity;
    f64[at + 3] = market.priceIncrement;
    f64[at + 4] = market.quantityIncrement;
    f64[at + 5] = market.minQuantity;
    f64[at + 6] = market.minNotional;
    at += MARKET_DOUBLES;
  }
  for (const order of state.orders) {
    i32[at * 2] = order.market * 2 + Side[order.side];
    i32[at * 2 + 1] = order.price;
    i32[at * 2 + 2] = order.account;
    f64[at + 2] = order.orderId;
    f64[at + 3] = order.quantity;
    f64[at + 4] = order.remaining;
    at += ORDER_DOUBLES;
  }
  return bytes;
};

/** Throws `RangeError` for bytes that are not a whole snapshot of a known version. */
export const readSnapshot = (source: Uint8Array): EngineState => {
  const { i32, f64, bytes } = recordViews(source);
  if (bytes.byteLength < HEADER_DOUBLES * 8 || i32[0] !== MAGIC) {
    throw new RangeError("expected a snapshot of the engine");
  }
  if (i32[1] !== VERSION) throw new RangeError(`expected version ${VERSION}, was ${i32[1]}`);
  const marketCount = f64[3] as number;
  const orderCount = f64[4] as number;
  const doubles = HEADER_DOUBLES + marketCount * MARKET_DOUBLES + orderCount * ORDER_DOUBLES;
  if (bytes.byteLength !== doubles * 8) {
    throw new RangeError(`expected a snapshot of ${doubles * 8} bytes, was ${bytes.byteLength}`);
  }
  const number = (index: number): number => f64[index] as number;
  const marketsAt = HEADER_DOUBLES;
  const ordersAt = marketsAt + marketCount * MARKET_DOUBLES;
  return {
    nextOrderId: number(1),
    nextTradeId: number(2),
    markets: Array.from({ length: marketCount }, (_, index) => {
      const at = marketsAt + index * MARKET_DOUBLES;
      return {
        market: number(at),
        maxPrice: number(at + 1),
        maxQuantity: number(at + 2),
        priceIncrement: number(at + 3),
        quantityIncrement: number(at + 4),
        minQuantity: number(at + 5),
        minNotional: number(at + 6),
      };
    }),
    orderCount,
    orders: Array.from({ length: orderCount }, (_, index) => {
      const at = ordersAt + index * ORDER_DOUBLES;
      const marketAndSide = i32[at * 2] as number;
      return {
        market: marketAndSide >> 1,
        side: sideName(marketAndSide & 1),
        price: i32[at * 2 + 1] as number,
        account: i32[at * 2 + 2] as number,
        orderId: number(at + 2),
        quantity: number(at + 3),
        remaining: number(at + 4),
      };
    }),
  };
};
