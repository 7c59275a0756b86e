import { IncomingOrder } from "../incoming-order.ts";
import type { MarketRules } from "../memory/market-table.ts";
import { bookSide } from "../memory/price-levels.ts";
import type { OrderBooks } from "../order-books.ts";
import { type RecordViews, recordViews } from "../record.ts";
import { Side } from "../side.ts";
import { isCount } from "../whole-number.ts";
import { checkInvariants } from "./invariants.ts";

/**
 * The whole state in bytes, in a form that does not depend on how memory happens to be laid out: the same state gives the
 * same bytes. Markets by number; in each its buys, then its sells; best price first, oldest order first.
 *
 *     header   "PXEN", version · next order id · next trade id · markets · orders
 *     market   number, 0 · maxima · increments · minima · orders that buy, orders that sell
 *     order    account, price · terms, 0 · id · quantity · remaining
 */
const MAGIC = 0x4e455850;
const VERSION = 1;
// In words of 8 bytes.
const HEADER = 5;
const MARKET = 8;
const ORDER = 5;

export const writeSnapshot = (books: OrderBooks): Uint8Array => {
  const { markets, orders } = books;
  const words = HEADER + markets.count * MARKET + orders.count * ORDER;
  const views = recordViews(words * 8);
  const { i32, f64 } = views;
  i32[0] = MAGIC;
  i32[1] = VERSION;
  f64[1] = books.nextOrderId;
  f64[2] = books.nextTradeId;
  f64[3] = markets.count;
  f64[4] = orders.count;
  let at = HEADER;
  for (const row of markets.rowsByNumber()) {
    const ordersAt = at + MARKET;
    const sellsAt = writeSide(views, ordersAt, books, bookSide(row, Side.buy));
    const end = writeSide(views, sellsAt, books, bookSide(row, Side.sell));
    i32[at << 1] = markets.market(row);
    f64[at + 1] = markets.maxPrice(row);
    f64[at + 2] = markets.maxQuantity(row);
    f64[at + 3] = markets.priceIncrement(row);
    f64[at + 4] = markets.quantityIncrement(row);
    f64[at + 5] = markets.minQuantity(row);
    f64[at + 6] = markets.minNotional(row);
    i32[(at + 7) << 1] = (sellsAt - ordersAt) / ORDER;
    i32[((at + 7) << 1) + 1] = (end - sellsAt) / ORDER;
    at = end;
  }
  return views.bytes;
};

const writeSide = (
  { i32, f64 }: RecordViews,
  from: number,
  { levels, orders }: OrderBooks,
  side: number,
): number => {
  let at = from;
  for (let level = levels.best(side); level !== 0; level = levels.worse(level)) {
    for (let slot = levels.first(level); slot !== 0; slot = orders.next(slot)) {
      i32[at << 1] = orders.account(slot);
      i32[(at << 1) + 1] = levels.price(level);
      i32[(at + 1) << 1] = 0;
      f64[at + 2] = orders.id(slot);
      f64[at + 3] = orders.quantity(slot);
      f64[at + 4] = orders.remaining(slot);
      at += ORDER;
    }
  }
  return at;
};

/**
 * Fills empty books with what a snapshot says. Throws `RangeError` unless the bytes are a whole snapshot of a known
 * version, and `InvariantViolation` if what they say cannot be.
 */
export const readSnapshot = (source: Uint8Array, books: OrderBooks): void => {
  const views = recordViews(source);
  const { i32, f64 } = views;
  if (i32.length < HEADER * 2 || i32[0] !== MAGIC) {
    throw new RangeError("expected a snapshot of an engine");
  }
  if (i32[1] !== VERSION) throw new RangeError(`expected version ${VERSION}, was ${i32[1]}`);
  const marketCount = f64[3] as number;
  const orderCount = f64[4] as number;
  const words = HEADER + marketCount * MARKET + orderCount * ORDER;
  if (!isCount(marketCount) || !isCount(orderCount) || source.byteLength !== words * 8) {
    throw new RangeError(`expected a snapshot of ${words * 8} bytes, was ${source.byteLength}`);
  }
  books.nextOrderId = f64[1] as number;
  books.nextTradeId = f64[2] as number;
  let at = HEADER;
  for (let count = 0; count < marketCount; count += 1) at = readMarket(views, at, books);
  checkInvariants(books);
};

const readMarket = (views: RecordViews, at: number, books: OrderBooks): number => {
  const { i32, f64 } = views;
  const rules: MarketRules = {
    maxPrice: f64[at + 1] as number,
    maxQuantity: f64[at + 2] as number,
    priceIncrement: f64[at + 3] as number,
    quantityIncrement: f64[at + 4] as number,
    minQuantity: f64[at + 5] as number,
    minNotional: f64[at + 6] as number,
  };
  const row = books.markets.add(i32[at << 1] as number, rules);
  books.levels.addBook(row);
  const sellsAt = at + MARKET + (i32[(at + 7) << 1] as number) * ORDER;
  const end = sellsAt + (i32[((at + 7) << 1) + 1] as number) * ORDER;
  if (sellsAt < at || end < sellsAt || end * 2 > i32.length) {
    throw new RangeError("expected the orders of a market within the snapshot");
  }
  readSide(views, at + MARKET, sellsAt, books, row, Side.buy);
  readSide(views, sellsAt, end, books, row, Side.sell);
  return end;
};

const readSide = (
  { i32, f64 }: RecordViews,
  from: number,
  to: number,
  books: OrderBooks,
  row: number,
  side: number,
): void => {
  const order = new IncomingOrder();
  order.row = row;
  order.side = side;
  for (let at = from; at < to; at += ORDER) {
    order.account = i32[at << 1] as number;
    order.price = i32[(at << 1) + 1] as number;
    order.type = (i32[(at + 1) << 1] as number) & 0xff;
    order.timeInForce = ((i32[(at + 1) << 1] as number) >>> 8) & 0xff;
    order.orderId = f64[at + 2] as number;
    order.quantity = f64[at + 3] as number;
    order.remaining = f64[at + 4] as number;
    books.rest(order);
  }
};
