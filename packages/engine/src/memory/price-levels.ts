import { GrowingMemory } from "./growing-memory.ts";
import {
  BOOK_SIDE,
  FIRST,
  KEY,
  LAST,
  LEAF,
  LEVEL_ORDERS,
  LEVEL_QUANTITY,
  SLOT_BYTES,
} from "./level-layout.ts";
import { LEVEL, NEXT, type OrderPool, PREVIOUS } from "./order-pool.ts";
import { PriceTrie } from "./price-trie.ts";

/**
 * The price levels of all markets: each a queue of orders, first come first, threaded through the orders themselves.
 *
 * A side of a market's book is named by a number: twice the market's row, plus the side. The best price is the highest
 * key on either side, because sells count their key from the top: one path serves both.
 */

/** The name of a side of the book of the market in a row. */
export const bookSide = (row: number, side: number): number => (row << 1) | side;

/**
 * The key of a price on a side of a book, and the price of a key: the better the price, the higher the key. Of a sell it
 * is 2^31 − 1 less the price, which turns over the 31 bits: without a branch, which orders from both sides in turn would make
 * the processor guess wrong every other time.
 */
export const priceKey = (bookSide: number, price: number): number =>
  price ^ ((0 - (bookSide & 1)) >>> 1);

export class PriceLevels {
  private readonly pool: OrderPool;
  private readonly trie: PriceTrie;
  private readonly records: GrowingMemory;
  /** The records, for who reads or writes several fields at once. Not to be kept across `obtain`, which replaces them when all are used. */
  i32: Int32Array;
  f64: Float64Array;
  /** The records of the sides (`side-layout.ts`), for who looks at the best level. Not to be kept across `addBook`. */
  sides: Int32Array;
  private unused = 1;
  private released = 0;
  /** How many levels there are. */
  count = 0;

  constructor(orders: OrderPool, capacity: { levels: number; markets: number }) {
    this.pool = orders;
    this.trie = new PriceTrie({ sides: (capacity.markets + 1) * 2, nodes: capacity.levels });
    this.sides = this.trie.sides;
    this.records = new GrowingMemory((capacity.levels + 1) * SLOT_BYTES);
    this.i32 = this.records.i32();
    this.f64 = this.records.f64();
  }

  /** Makes room for both sides of the book of the market in a row. */
  addBook(row: number): void {
    this.trie.reserveSides((row + 1) << 1);
    this.sides = this.trie.sides;
  }

  /** The best level of a side; 0 if nothing rests there. */
  best(bookSide: number): number {
    return this.trie.highest(bookSide);
  }

  /** The key of the best level; 0, which is below every key, if nothing rests there. */
  bestKey(bookSide: number): number {
    return this.trie.highestKey(bookSide);
  }

  /** Whether the best level of a side is at a price or better; at any price, if that is 0. */
  isWithin(bookSide: number, price: number): boolean {
    // No key is below 1, so that a side where nothing rests is never good enough.
    return this.trie.highestKey(bookSide) >= (price === 0 ? 1 : priceKey(bookSide, price));
  }

  /** The next worse level of the same side; 0 at the end of the book. */
  worse(level: number): number {
    return this.trie.below(this.leaf(level), this.key(level));
  }

  /** The level at a price; 0 if nothing rests there. */
  find(bookSide: number, price: number): number {
    return this.trie.find(bookSide, priceKey(bookSide, price));
  }

  /** The level at a price, made if need be: an order must then join it. */
  obtain(bookSide: number, price: number): number {
    const key = priceKey(bookSide, price);
    const leaf = this.trie.leafFor(bookSide, key);
    const level = this.trie.valueIn(leaf, key);
    return level === 0 ? this.add(bookSide, leaf, key) : level;
  }

  /** The order with the oldest time at this price. */
  first(level: number): number {
    return this.i32[(level << 3) + FIRST] as number;
  }

  last(level: number): number {
    return this.i32[(level << 3) + LAST] as number;
  }

  /** How many orders rest here. */
  orders(level: number): number {
    return this.i32[(level << 3) + LEVEL_ORDERS] as number;
  }

  /** How many lots rest here. */
  quantity(level: number): number {
    return this.f64[(level << 2) + LEVEL_QUANTITY] as number;
  }

  bookSide(level: number): number {
    return this.i32[(level << 3) + BOOK_SIDE] as number;
  }

  side(level: number): number {
    return this.bookSide(level) & 1;
  }

  /** The row of the market that the level belongs to. */
  row(level: number): number {
    return this.bookSide(level) >>> 1;
  }

  key(level: number): number {
    return this.i32[(level << 3) + KEY] as number;
  }

  price(level: number): number {
    return priceKey(this.bookSide(level), this.key(level));
  }

  /** Lots of an order here come back from its reserve. The order itself is told by the caller. */
  putOn(level: number, lots: number): void {
    this.f64[(level << 2) + LEVEL_QUANTITY] = this.quantity(level) + lots;
  }

  /** Lots of an order here have traded or were taken off. The order itself is told by the caller. */
  takeOff(level: number, lots: number): void {
    this.f64[(level << 2) + LEVEL_QUANTITY] = this.quantity(level) - lots;
  }

  /** An order comes last in the queue. */
  join(level: number, order: number): void {
    const levels = this.i32;
    const orders = this.pool.i32;
    const word = level << 3;
    const last = levels[word + LAST] as number;
    orders[(order << 3) + LEVEL] = level;
    orders[(order << 3) + PREVIOUS] = last;
    orders[(order << 3) + NEXT] = 0;
    if (last === 0) levels[word + FIRST] = order;
    else orders[(last << 3) + NEXT] = order;
    levels[word + LAST] = order;
    levels[word + LEVEL_ORDERS] = (levels[word + LEVEL_ORDERS] as number) + 1;
    this.f64[(level << 2) + LEVEL_QUANTITY] = this.quantity(level) + this.pool.remaining(order);
  }

  /** An order takes the place in the queue that its id gives it. */
  joinById(level: number, order: number): void {
    const ids = this.pool;
    let before = this.last(level);
    while (before !== 0 && ids.id(before) > ids.id(order)) before = ids.previous(before);
    this.join(level, order);
    if (before === ids.previous(order)) return;
    // It is last now, and moves up to behind `before`.
    const orders = ids.i32;
    const last = orders[(order << 3) + PREVIOUS] as number;
    const after = before === 0 ? this.first(level) : (orders[(before << 3) + NEXT] as number);
    orders[(last << 3) + NEXT] = 0;
    this.i32[(level << 3) + LAST] = last;
    orders[(order << 3) + PREVIOUS] = before;
    orders[(order << 3) + NEXT] = after;
    orders[(after << 3) + PREVIOUS] = order;
    if (before === 0) this.i32[(level << 3) + FIRST] = order;
    else orders[(before << 3) + NEXT] = order;
  }

  /** An order leaves the queue, with the lots that it has. The level stays, even if it is empty: `removeIfEmpty`. */
  leave(level: number, order: number): void {
    const levels = this.i32;
    const orders = this.pool.i32;
    const word = level << 3;
    const previous = orders[(order << 3) + PREVIOUS] as number;
    const next = orders[(order << 3) + NEXT] as number;
    if (previous === 0) levels[word + FIRST] = next;
    else orders[(previous << 3) + NEXT] = next;
    if (next === 0) levels[word + LAST] = previous;
    else orders[(next << 3) + PREVIOUS] = previous;
    levels[word + LEVEL_ORDERS] = (levels[word + LEVEL_ORDERS] as number) - 1;
    this.f64[(level << 2) + LEVEL_QUANTITY] = this.quantity(level) - this.pool.remaining(order);
  }

  /** A level lives as long as orders rest on it. */
  removeIfEmpty(level: number): void {
    if (this.first(level) === 0) this.remove(level);
  }

  /** Removes a level without orders. Its last numbers can be read until the next level is made. */
  remove(level: number): void {
    this.trie.remove(this.bookSide(level), this.leaf(level), this.key(level));
    this.count -= 1;
    this.i32[(level << 3) + LEAF] = this.released;
    this.released = level;
  }

  private add(bookSide: number, leaf: number, key: number): number {
    const level = this.take();
    const word = level << 3;
    this.i32[word + LEAF] = leaf;
    this.i32[word + KEY] = key;
    this.i32[word + BOOK_SIDE] = bookSide;
    this.trie.put(bookSide, leaf, key, level);
    return level;
  }

  /** A level without orders: those that were removed had none left, so first, last, orders and quantity are 0. */
  private take(): number {
    this.count += 1;
    const released = this.released;
    if (released !== 0) {
      this.released = this.leaf(released);
      return released;
    }
    if (this.unused << 3 === this.i32.length) this.grow();
    this.unused += 1;
    return this.unused - 1;
  }

  private leaf(level: number): number {
    return this.i32[(level << 3) + LEAF] as number;
  }

  private grow(): void {
    this.records.growTo(0);
    this.i32 = this.records.i32();
    this.f64 = this.records.f64();
  }
}
