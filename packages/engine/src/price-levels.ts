/**
 * Price levels as fixed-size records, and the trie that finds them.
 *
 * A level's key is its price for bids and its price's mirror image for asks: on both sides the best level has the highest
 * key, and one code path serves both. The trie has 32 children a node, with a bitmap of those that exist, and grows in
 * height only as far as the keys of one side differ. A side without orders has no node at all.
 */

const LEVEL_INTS = 16;
const LEVEL_DOUBLES = 8;
// int32 fields of a level
const HEAD = 0;
const TAIL = 1;
const ORDERS = 2;
const SIDE = 3;
const LEAF = 4;
const KEY = 5;
const MARKET = 6;
// float64 field
const TOTAL = 4;

const NODE_INTS = 36;
// int32 fields of a node; children from 4 on
const BITMAP = 0;
const PARENT = 1;
const POSITION = 2;
const CHILDREN = 4;

/** Keys and prices are below this. */
export const KEY_MIRROR = 0x7fffffff;

/** The highest shift of a root: 31-bit keys in groups of 5 bits. */
const HIGHEST_SHIFT = 30;

/** The bits of a key above a node of the given shift; JavaScript shifts modulo 32, so the highest needs a guard. */
const prefixAbove = (key: number, shift: number): number =>
  shift >= HIGHEST_SHIFT ? 0 : key >>> (shift + 5);

const highestBit = (bitmap: number): number => 31 - Math.clz32(bitmap);

/** One side of one market: four numbers in the market's row. */
export const SIDE_INTS = 4;
const ROOT = 0;
const ROOT_SHIFT = 1;
const ROOT_PREFIX = 2;
const BEST = 3;

export class PriceLevels {
  #i32: Int32Array;
  #f64: Float64Array;
  #freeLevel = 0;
  #usedLevels = 1;
  #nodes: Int32Array;
  #freeNode = 0;
  #usedNodes = 1;
  /** Live levels of all markets. */
  live = 0;

  constructor(capacity: number) {
    const buffer = new ArrayBuffer((capacity + 1) * LEVEL_INTS * 4);
    this.#i32 = new Int32Array(buffer);
    this.#f64 = new Float64Array(buffer);
    this.#nodes = new Int32Array(Math.max(4, (capacity >> 3) + 1) * NODE_INTS);
  }

  head(level: number): number {
    return this.#i32[level * LEVEL_INTS + HEAD] as number;
  }
  setHead(level: number, order: number): void {
    this.#i32[level * LEVEL_INTS + HEAD] = order;
  }
  tail(level: number): number {
    return this.#i32[level * LEVEL_INTS + TAIL] as number;
  }
  setTail(level: number, order: number): void {
    this.#i32[level * LEVEL_INTS + TAIL] = order;
  }
  orders(level: number): number {
    return this.#i32[level * LEVEL_INTS + ORDERS] as number;
  }
  addOrders(level: number, change: number): void {
    this.#i32[level * LEVEL_INTS + ORDERS] = this.orders(level) + change;
  }
  side(level: number): number {
    return this.#i32[level * LEVEL_INTS + SIDE] as number;
  }
  market(level: number): number {
    return this.#i32[level * LEVEL_INTS + MARKET] as number;
  }
  key(level: number): number {
    return this.#i32[level * LEVEL_INTS + KEY] as number;
  }
  /** Ticks. */
  price(level: number): number {
    const key = this.key(level);
    return this.side(level) === 0 ? key : KEY_MIRROR - key;
  }
  /** Lots of all orders. */
  total(level: number): number {
    return this.#f64[level * LEVEL_DOUBLES + TOTAL] as number;
  }
  setTotal(level: number, lots: number): void {
    this.#f64[level * LEVEL_DOUBLES + TOTAL] = lots;
  }

  /** The best level of a side, or 0. `rows` and `at` say where the side's four numbers are. */
  best(rows: Int32Array, at: number): number {
    return rows[at + BEST] as number;
  }

  /** The level of a key on a side, or 0. */
  find(rows: Int32Array, at: number, key: number): number {
    let node = rows[at + ROOT] as number;
    if (node === 0) return 0;
    let shift = rows[at + ROOT_SHIFT] as number;
    if (prefixAbove(key, shift) !== rows[at + ROOT_PREFIX]) return 0;
    for (; shift > 0; shift -= 5) {
      node = this.#child(node, (key >>> shift) & 31);
      if (node === 0) return 0;
    }
    return this.#child(node, key & 31);
  }

  /** Adds an empty level whose key the side doesn't have. */
  add(rows: Int32Array, at: number, market: number, side: number, key: number): number {
    const leaf = this.#leafFor(rows, at, key);
    const level = this.#takeLevel();
    const base = level * LEVEL_INTS;
    this.#i32[base + HEAD] = 0;
    this.#i32[base + TAIL] = 0;
    this.#i32[base + ORDERS] = 0;
    this.#i32[base + SIDE] = side;
    this.#i32[base + LEAF] = leaf;
    this.#i32[base + KEY] = key;
    this.#i32[base + MARKET] = market;
    this.setTotal(level, 0);
    this.#setChild(leaf, key & 31, level);
    const best = rows[at + BEST] as number;
    if (best === 0 || key > this.key(best)) rows[at + BEST] = level;
    return level;
  }

  /** Removes an empty level. */
  remove(rows: Int32Array, at: number, level: number): void {
    if (rows[at + BEST] === level) rows[at + BEST] = this.next(level);
    let node = this.#i32[level * LEVEL_INTS + LEAF] as number;
    let position = this.key(level) & 31;
    this.#giveLevel(level);
    for (;;) {
      const bitmap = (this.#nodes[node * NODE_INTS + BITMAP] as number) & ~(1 << position);
      this.#nodes[node * NODE_INTS + BITMAP] = bitmap;
      this.#nodes[node * NODE_INTS + CHILDREN + position] = 0;
      if (bitmap !== 0) return;
      const parent = this.#nodes[node * NODE_INTS + PARENT] as number;
      position = this.#nodes[node * NODE_INTS + POSITION] as number;
      this.#giveNode(node);
      if (parent === 0) {
        rows[at + ROOT] = 0;
        return;
      }
      node = parent;
    }
  }

  /** The next worse level of the same side, or 0. */
  next(level: number): number {
    let node = this.#i32[level * LEVEL_INTS + LEAF] as number;
    let position = this.key(level) & 31;
    let climbed = 0;
    for (;;) {
      const lower = (this.#nodes[node * NODE_INTS + BITMAP] as number) & ((1 << position) - 1);
      if (lower !== 0) {
        let child = this.#child(node, highestBit(lower));
        for (; climbed > 0; climbed -= 1) {
          child = this.#child(child, highestBit(this.#nodes[child * NODE_INTS + BITMAP] as number));
        }
        return child;
      }
      position = this.#nodes[node * NODE_INTS + POSITION] as number;
      node = this.#nodes[node * NODE_INTS + PARENT] as number;
      if (node === 0) return 0;
      climbed += 1;
    }
  }

  /** The leaf for a key, with the nodes on the way to it made where they lack. */
  #leafFor(rows: Int32Array, at: number, key: number): number {
    if (rows[at + ROOT] === 0) {
      rows[at + ROOT] = this.#takeNode(0, 0);
      rows[at + ROOT_SHIFT] = 0;
      rows[at + ROOT_PREFIX] = prefixAbove(key, 0);
      return rows[at + ROOT] as number;
    }
    while (prefixAbove(key, rows[at + ROOT_SHIFT] as number) !== rows[at + ROOT_PREFIX]) {
      this.#raiseRoot(rows, at);
    }
    let node = rows[at + ROOT] as number;
    for (let shift = rows[at + ROOT_SHIFT] as number; shift > 0; shift -= 5) {
      const position = (key >>> shift) & 31;
      let child = this.#child(node, position);
      if (child === 0) {
        child = this.#takeNode(node, position);
        this.#setChild(node, position, child);
      }
      node = child;
    }
    return node;
  }

  /** Puts a node above the root, which then tells keys apart by five more bits. */
  #raiseRoot(rows: Int32Array, at: number): void {
    const old = rows[at + ROOT] as number;
    const prefix = rows[at + ROOT_PREFIX] as number;
    const position = prefix & 31;
    const root = this.#takeNode(0, 0);
    this.#setChild(root, position, old);
    this.#nodes[old * NODE_INTS + PARENT] = root;
    this.#nodes[old * NODE_INTS + POSITION] = position;
    rows[at + ROOT] = root;
    rows[at + ROOT_SHIFT] = (rows[at + ROOT_SHIFT] as number) + 5;
    rows[at + ROOT_PREFIX] = prefix >>> 5;
  }

  #child(node: number, position: number): number {
    return this.#nodes[node * NODE_INTS + CHILDREN + position] as number;
  }

  #setChild(node: number, position: number, child: number): void {
    this.#nodes[node * NODE_INTS + CHILDREN + position] = child;
    this.#nodes[node * NODE_INTS + BITMAP] =
      (this.#nodes[node * NODE_INTS + BITMAP] as number) | (1 << position);
  }

  /** A node without children. A freed one has none either: it was freed when its last child went. */
  #takeNode(parent: number, position: number): number {
    let node = this.#freeNode;
    if (node !== 0) {
      this.#freeNode = this.#nodes[node * NODE_INTS + PARENT] as number;
    } else {
      node = this.#usedNodes++;
      if ((node + 1) * NODE_INTS > this.#nodes.length) {
        const grown = new Int32Array(this.#nodes.length * 2);
        grown.set(this.#nodes);
        this.#nodes = grown;
      }
    }
    this.#nodes[node * NODE_INTS + PARENT] = parent;
    this.#nodes[node * NODE_INTS + POSITION] = position;
    return node;
  }

  #giveNode(node: number): void {
    this.#nodes[node * NODE_INTS + PARENT] = this.#freeNode;
    this.#freeNode = node;
  }

  #takeLevel(): number {
    this.live += 1;
    const level = this.#freeLevel;
    if (level !== 0) {
      this.#freeLevel = this.head(level);
      return level;
    }
    if (this.#usedLevels * LEVEL_INTS === this.#i32.length) {
      const buffer = new ArrayBuffer(this.#i32.byteLength * 2);
      new Float64Array(buffer).set(this.#f64);
      this.#i32 = new Int32Array(buffer);
      this.#f64 = new Float64Array(buffer);
    }
    return this.#usedLevels++;
  }

  #giveLevel(level: number): void {
    this.live -= 1;
    this.setHead(level, this.#freeLevel);
    this.#freeLevel = level;
  }
}
