import type { PriceBand } from "../commands/command.ts";
import { IncomingOrder } from "../incoming-order.ts";
import type { OrderList } from "../lists/order-list.ts";
import type { Matching } from "../matching.ts";
import { Place } from "../memory/condition-store.ts";
import type { MarketRules } from "../memory/market-table.ts";
import { bookSide, type PriceLevels } from "../memory/price-levels.ts";
import type { OrderBooks } from "../order-books.ts";
import { Phase } from "../phases/phase.ts";
import { type RecordViews, RecordWriter, recordViews } from "../record.ts";
import { brokenAllocationRule } from "../rules/allocation-rules.ts";
import { arePriceBands } from "../rules/market-rules.ts";
import { Side } from "../side.ts";
import { isCount } from "../whole-number.ts";
import { checkInvariants } from "./invariants.ts";

/**
 * The whole state in bytes, in a form that does not depend on how memory happens to be laid out: the same state gives the
 * same bytes. Dead-man's switches by account; markets by number; in each its shown buys and sells, then the hidden ones,
 * best price first, then by their places in the queue; then those that wait, then those that are pending, by id; then its
 * order lists, by id.
 *
 *     header   "PXEN", version · next order id · next trade id · time · switches, markets
 *     switch   account, 0 · time
 *     market   number, phase · maxima · increments · minima · last price, mark price
 *              · shown buys, shown sells · hidden buys, hidden sells · waiting, 1 if it ever changed
 *              · reference price as set, most open orders · collar, band · what to do on a breach, 0
 *              · allocation, its percentage by time · minimum share · top order's maximum · lead account, its percentage
 *              · pending, bands · lists, 0
 *     band     first price, increment
 *     order    account, price · side, type and time in force, 1 if more follows · id · quantity · remaining
 *     more     flags, trade group · expiry · display · minimum · trigger, offset · basis points, activation
 *              · slippage, extreme · quote quantity · lots shown now · limit, peg offset · client order id · list
 *     list     id · working · lots · notional · sizing, legs · their ids, 0 for none
 */
const MAGIC = 0x4e455850;
const VERSION = 4;
// In words of 8 bytes.
const HEADER = 5;
const SWITCH = 2;
const MARKET = 20;
/** Where the allocation begins in a market. */
const ALLOCATION = 14;
const ORDER = 5;
/** Where the counts of what follows a market begin, but for those of its orders. */
const FOLLOWING = 18;
const MORE = 12;
const LIST = 7;

export const writeSnapshot = (
  books: OrderBooks,
  switches: ReadonlyMap<number, number>,
): Uint8Array => {
  const { markets, levels, hidden, orders } = books;
  const writer = new RecordWriter((HEADER + markets.count * MARKET + orders.count * ORDER) * 8);
  const header = writer.reserve(HEADER * 8) >> 3;
  const { i32, f64 } = writer.views;
  i32[header << 1] = MAGIC;
  i32[(header << 1) + 1] = VERSION;
  f64[header + 1] = books.nextOrderId;
  f64[header + 2] = books.nextTradeId;
  f64[header + 3] = books.time;
  i32[(header + 4) << 1] = switches.size;
  i32[((header + 4) << 1) + 1] = markets.count;
  for (const [account, at] of [...switches].sort(([one], [other]) => one - other)) {
    const place = writer.reserve(SWITCH * 8) >> 3;
    writer.views.i32[place << 1] = account;
    writer.views.f64[place + 1] = at;
  }
  for (const row of markets.rowsByNumber()) {
    const place = writeMarket(writer, books, row);
    for (const band of markets.priceBands(row)) writeBand(writer, band);
    const counts = [levels, hidden].flatMap((book) =>
      [Side.buy, Side.sell].map((side) => writeSide(writer, books, book, bookSide(row, side))),
    );
    const waiting = books.waitingOf(row);
    const pending = books.pending.of(row);
    for (const slot of [...waiting, ...pending]) writeOrder(writer, books, slot);
    const lists = books.lists.of(row);
    for (const list of lists) writeList(writer, list);
    const { i32 } = writer.views;
    [...counts, waiting.length].forEach((count, index) => {
      i32[((place + 8) << 1) + index] = count;
    });
    i32[(place + FOLLOWING) << 1] = pending.length;
    i32[((place + FOLLOWING) << 1) + 1] = markets.priceBands(row).length;
    i32[(place + FOLLOWING + 1) << 1] = lists.length;
  }
  return writer.finished();
};

const writeMarket = (writer: RecordWriter, { markets }: OrderBooks, row: number): number => {
  const place = writer.reserve(MARKET * 8) >> 3;
  const { i32, f64 } = writer.views;
  i32[place << 1] = markets.market(row);
  i32[(place << 1) + 1] = markets.phase(row);
  f64[place + 1] = markets.maxPrice(row);
  f64[place + 2] = markets.maxQuantity(row);
  f64[place + 3] = markets.priceIncrement(row);
  f64[place + 4] = markets.quantityIncrement(row);
  f64[place + 5] = markets.minQuantity(row);
  f64[place + 6] = markets.minNotional(row);
  i32[(place + 7) << 1] = markets.lastPrice(row);
  i32[((place + 7) << 1) + 1] = markets.markPrice(row);
  const protection = markets.protection(row);
  i32[((place + 10) << 1) + 1] = markets.hasChanged(row) ? 1 : 0;
  i32[(place + 11) << 1] = markets.referencePriceSet(row);
  i32[((place + 11) << 1) + 1] = protection.maxOpenOrders;
  i32[(place + 12) << 1] = protection.collarBasisPoints;
  i32[((place + 12) << 1) + 1] = protection.bandBasisPoints;
  i32[(place + 13) << 1] = protection.onBreach;
  const rule = markets.allocation(row);
  i32[(place + ALLOCATION) << 1] = rule.allocation;
  i32[((place + ALLOCATION) << 1) + 1] = rule.fifoPercent;
  f64[place + ALLOCATION + 1] = rule.minimumShare;
  f64[place + ALLOCATION + 2] = rule.topOrderMaximum;
  i32[(place + ALLOCATION + 3) << 1] = rule.leadAccount;
  i32[((place + ALLOCATION + 3) << 1) + 1] = rule.leadPercent;
  return place;
};

const writeBand = (writer: RecordWriter, { from, increment }: PriceBand): void => {
  const place = writer.reserve(8) >> 3;
  writer.views.i32[place << 1] = from;
  writer.views.i32[(place << 1) + 1] = increment;
};

const writeList = (writer: RecordWriter, list: OrderList): void => {
  const place = writer.reserve(LIST * 8) >> 3;
  const { i32, f64 } = writer.views;
  f64[place] = list.id;
  f64[place + 1] = list.working;
  f64[place + 2] = list.lots;
  f64[place + 3] = list.notional;
  i32[(place + 4) << 1] = list.sizing;
  i32[((place + 4) << 1) + 1] = list.legs.length;
  for (const [index, id] of list.legs.entries()) f64[place + 5 + index] = id;
};

/** Answers how many orders there are. */
const writeSide = (
  writer: RecordWriter,
  books: OrderBooks,
  book: PriceLevels,
  side: number,
): number => {
  let count = 0;
  for (let level = book.best(side); level !== 0; level = book.worse(level)) {
    for (let slot = book.first(level); slot !== 0; slot = books.orders.next(slot)) {
      writeOrder(writer, books, slot);
      count += 1;
    }
  }
  return count;
};

const writeOrder = (writer: RecordWriter, books: OrderBooks, slot: number): void => {
  const { orders, conditions } = books;
  const hasMore = conditions.has(slot);
  const place = writer.reserve((hasMore ? ORDER + MORE : ORDER) * 8) >> 3;
  const { i32, f64 } = writer.views;
  i32[place << 1] = orders.account(slot);
  i32[(place << 1) + 1] = books.priceOf(slot);
  i32[(place + 1) << 1] =
    books.sideOf(slot) | (conditions.type(slot) << 8) | (conditions.timeInForce(slot) << 16);
  i32[((place + 1) << 1) + 1] = hasMore ? 1 : 0;
  f64[place + 2] = orders.id(slot);
  f64[place + 3] = orders.quantity(slot);
  f64[place + 4] = books.remainingOf(slot);
  if (!hasMore) return;
  const order = new IncomingOrder();
  conditions.recall(slot, order);
  const more = place + ORDER;
  i32[more << 1] = order.flags;
  i32[(more << 1) + 1] = order.tradeGroup;
  f64[more + 1] = order.expiresAt;
  f64[more + 2] = order.displayQuantity;
  f64[more + 3] = order.minQuantity;
  // Of a trailing stop, what it has learnt.
  i32[(more + 4) << 1] = conditions.triggerPrice(slot);
  i32[((more + 4) << 1) + 1] = order.trailingOffset;
  i32[(more + 5) << 1] = order.trailingBasisPoints;
  i32[((more + 5) << 1) + 1] = order.activationPrice;
  i32[(more + 6) << 1] = order.slippage;
  i32[((more + 6) << 1) + 1] = conditions.extreme(slot);
  f64[more + 7] = order.quoteQuantity;
  f64[more + 8] = orders.remaining(slot);
  i32[(more + 9) << 1] = conditions.price(slot);
  i32[((more + 9) << 1) + 1] = order.pegOffset;
  f64[more + 10] = order.clientOrderId;
  f64[more + 11] = order.listId;
};

/**
 * Fills empty books with what a snapshot says. Throws `RangeError` unless the bytes are a whole snapshot of a known
 * version, and `InvariantViolation` if what they say cannot be.
 */
export const readSnapshot = (source: Uint8Array, books: OrderBooks, matching: Matching): void => {
  const views = recordViews(source);
  const { i32, f64 } = views;
  if (i32.length < HEADER * 2 || i32[0] !== MAGIC) {
    throw new RangeError("expected a snapshot of an engine");
  }
  if (i32[1] !== VERSION) throw new RangeError(`expected version ${VERSION}, was ${i32[1]}`);
  books.nextOrderId = f64[1] as number;
  books.nextTradeId = f64[2] as number;
  books.time = f64[3] as number;
  const reader = new SnapshotReader(views, source.byteLength, HEADER);
  const switches = i32[HEADER * 2 - 2] as number;
  const markets = i32[HEADER * 2 - 1] as number;
  for (let count = 0; count < switches; count += 1) {
    const place = reader.take(SWITCH);
    matching.massCancel.setSwitch(i32[place << 1] as number, f64[place + 1] as number);
  }
  for (let count = 0; count < markets; count += 1) readMarket(reader, books, matching);
  reader.expectEnd();
  checkInvariants(books);
};

/** Takes words from a snapshot, one after the other, and none that are not there. */
class SnapshotReader {
  readonly views: RecordViews;
  readonly #bytes: number;
  #at: number;

  constructor(views: RecordViews, bytes: number, from: number) {
    this.views = views;
    this.#bytes = bytes;
    this.#at = from;
  }

  /** Where the next words of 8 bytes begin. */
  take(words: number): number {
    const place = this.#at;
    this.#at += words;
    if (this.#at * 8 > this.#bytes) {
      throw new RangeError(
        `expected a snapshot of ${this.#at * 8} bytes or more, was ${this.#bytes}`,
      );
    }
    return place;
  }

  expectEnd(): void {
    if (this.#at * 8 !== this.#bytes) {
      throw new RangeError(`expected a snapshot of ${this.#at * 8} bytes, was ${this.#bytes}`);
    }
  }
}

const readMarket = (reader: SnapshotReader, books: OrderBooks, matching: Matching): void => {
  const { i32, f64 } = reader.views;
  const place = reader.take(MARKET);
  const rules: MarketRules = {
    maxPrice: f64[place + 1] as number,
    maxQuantity: f64[place + 2] as number,
    priceIncrement: f64[place + 3] as number,
    quantityIncrement: f64[place + 4] as number,
    minQuantity: f64[place + 5] as number,
    minNotional: f64[place + 6] as number,
  };
  const phase = i32[(place << 1) + 1] as number;
  if (phase < Phase.open || phase > Phase.closing_auction) {
    throw new RangeError(`expected a phase, 0 to 8, was ${phase}`);
  }
  const row = books.markets.add(i32[place << 1] as number, rules);
  books.addBook(row);
  if (i32[((place + 10) << 1) + 1] !== 0) {
    books.changeMarket(row, {
      ...rules,
      maxOpenOrders: i32[((place + 11) << 1) + 1] as number,
      collarBasisPoints: i32[(place + 12) << 1] as number,
      bandBasisPoints: i32[((place + 12) << 1) + 1] as number,
      onBreach: i32[(place + 13) << 1] as number,
    });
  }
  books.markets.setReferencePrice(row, i32[(place + 11) << 1] as number);
  books.markets.setPhase(row, phase);
  books.markets.setLastPrice(row, i32[(place + 7) << 1] as number);
  books.markets.setMarkPrice(row, i32[((place + 7) << 1) + 1] as number);
  readAllocation(reader.views, place + ALLOCATION, books, row);
  readBands(reader, i32[((place + FOLLOWING) << 1) + 1] as number, books, row);
  const pending = i32[(place + FOLLOWING) << 1] as number;
  const lists = i32[(place + FOLLOWING + 1) << 1] as number;
  for (const kind of [0, 1, 2, 3]) {
    const resting = i32[((place + 8) << 1) + kind] as number;
    for (let count = 0; count < resting; count += 1)
      readOrder(reader, books, matching, row, Standing.resting);
  }
  const waiting = i32[(place + 10) << 1] as number;
  for (let count = 0; count < waiting; count += 1)
    readOrder(reader, books, matching, row, Standing.waiting);
  for (let count = 0; count < pending; count += 1)
    readOrder(reader, books, matching, row, Standing.pending);
  for (let count = 0; count < lists; count += 1) readList(reader, books, row);
  matching.auction.recall(row);
};

/** What an order does, by where a snapshot has it. */
const Standing = { resting: 0, waiting: 1, pending: 2 } as const;

const readBands = (reader: SnapshotReader, count: number, books: OrderBooks, row: number): void => {
  if (count === 0) return;
  const { i32 } = reader.views;
  const bands: PriceBand[] = [];
  for (let index = 0; index < count; index += 1) {
    const place = reader.take(1);
    bands.push({ from: i32[place << 1] as number, increment: i32[(place << 1) + 1] as number });
  }
  if (!arePriceBands(bands, books.markets.maxPrice(row))) {
    throw new RangeError("expected price bands by rising price, within the market's maximum");
  }
  books.setPriceBands(row, bands);
};

const readList = (reader: SnapshotReader, books: OrderBooks, row: number): void => {
  const place = reader.take(LIST);
  const { i32, f64 } = reader.views;
  const legs = i32[((place + 4) << 1) + 1] as number;
  const list: OrderList = {
    id: f64[place] as number,
    row,
    sizing: i32[(place + 4) << 1] as number,
    working: f64[place + 1] as number,
    legs: Array.from(f64.subarray(place + 5, place + 5 + Math.min(legs, 2))),
    lots: f64[place + 2] as number,
    notional: f64[place + 3] as number,
  };
  books.lists.add(list);
  const { index, conditions } = books;
  const isPair = list.legs.every((id) => conditions.place(index.find(id)) !== Place.pending);
  if (list.working === 0 && !isPair) books.lists.callFor(list);
};

const readAllocation = (
  { i32, f64 }: RecordViews,
  place: number,
  { markets }: OrderBooks,
  row: number,
): void => {
  const rule = {
    allocation: i32[place << 1] as number,
    minimumShare: f64[place + 1] as number,
    fifoPercent: i32[(place << 1) + 1] as number,
    topOrderMaximum: f64[place + 2] as number,
    leadAccount: i32[(place + 3) << 1] as number,
    leadPercent: i32[((place + 3) << 1) + 1] as number,
  };
  if (brokenAllocationRule(rule, markets.maxQuantity(row)) !== 0) {
    throw new RangeError(
      `expected an allocation and its steps, was ${Object.values(rule).join(", ")}`,
    );
  }
  markets.setAllocation(row, rule);
};

const readOrder = (
  reader: SnapshotReader,
  books: OrderBooks,
  matching: Matching,
  row: number,
  standing: number,
): void => {
  const { i32, f64 } = reader.views;
  const place = reader.take(ORDER);
  const terms = i32[(place + 1) << 1] as number;
  const order = new IncomingOrder();
  order.clearConditions();
  order.leaveList();
  order.row = row;
  order.account = i32[place << 1] as number;
  order.price = i32[(place << 1) + 1] as number;
  order.side = terms & 0xff;
  order.type = (terms >>> 8) & 0xff;
  order.timeInForce = (terms >>> 16) & 0xff;
  order.orderId = f64[place + 2] as number;
  order.quantity = f64[place + 3] as number;
  order.quoteQuantity = 0;
  order.remaining = f64[place + 4] as number;
  if (order.side > Side.sell) throw new RangeError(`expected a side, 0 or 1, was ${order.side}`);
  if (!(isCount(order.orderId) && order.orderId < books.nextOrderId)) {
    throw new RangeError(`expected an order id below ${books.nextOrderId}, was ${order.orderId}`);
  }
  if (i32[((place + 1) << 1) + 1] === 0) {
    books.rest(order);
    return;
  }
  const more = reader.take(MORE);
  order.flags = i32[more << 1] as number;
  order.tradeGroup = i32[(more << 1) + 1] as number;
  order.expiresAt = f64[more + 1] as number;
  order.displayQuantity = f64[more + 2] as number;
  order.minQuantity = f64[more + 3] as number;
  order.triggerPrice = i32[(more + 4) << 1] as number;
  order.trailingOffset = i32[((more + 4) << 1) + 1] as number;
  order.trailingBasisPoints = i32[(more + 5) << 1] as number;
  order.activationPrice = i32[((more + 5) << 1) + 1] as number;
  order.slippage = i32[(more + 6) << 1] as number;
  order.quoteQuantity = f64[more + 7] as number;
  order.limit = i32[(more + 9) << 1] as number;
  order.pegOffset = i32[((more + 9) << 1) + 1] as number;
  order.clientOrderId = f64[more + 10] as number;
  order.listId = f64[more + 11] as number;
  order.isPending = standing === Standing.pending;
  const slot = standing === Standing.resting ? books.rest(order) : books.wait(order);
  if (standing !== Standing.resting)
    books.conditions.setExtreme(slot, i32[((more + 6) << 1) + 1] as number);
  else books.showAnew(slot, f64[more + 8] as number);
  matching.expireInTime(slot);
};
