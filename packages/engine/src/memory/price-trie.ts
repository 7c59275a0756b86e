import { GrowingMemory } from "./growing-memory.ts";
import { HIGHEST, HIGHEST_KEY, ROOT, ROOT_SHIFT } from "./side-layout.ts";

/**
 * Finds price levels by key: for each side of each market a trie with 32 children a node, five bits of the key at a time.
 *
 * Every node has a map of its children in 32 bits, so that the highest one is a single instruction away (`Math.clz32`).
 * A trie covers just the range of keys that it has met: its root is a leaf at first, and gets a parent when a key lies
 * outside. It never degrades, as sorted arrays do on deep books, and an empty side costs 16 bytes.
 * Keys are 1 to 2^31 − 2; 0 is no node, no value and no key.
 */

// A node's header; its 32 children are in an array of their own, two cache lines each.
const CHILDREN_MAP = 0;
const PARENT = 1;
const PREFIX = 2;

const LAST_SHIFT = 30;

export class PriceTrie {
  /** The records of the sides. Not to be kept across `reserveSides`, which replaces them. */
  sides: Int32Array;
  private headers: Int32Array;
  private children: Int32Array;
  private readonly sideMemory: GrowingMemory;
  private readonly headerMemory: GrowingMemory;
  private readonly childMemory: GrowingMemory;
  private unused = 1;
  private released = 0;

  constructor(capacity: { sides: number; nodes: number }) {
    this.sideMemory = new GrowingMemory(capacity.sides << 4);
    this.headerMemory = new GrowingMemory((capacity.nodes + 1) << 4);
    this.childMemory = new GrowingMemory((capacity.nodes + 1) << 7);
    this.sides = this.sideMemory.i32();
    this.headers = this.headerMemory.i32();
    this.children = this.childMemory.i32();
  }

  /** Makes room for sides below `count`; new ones are empty. */
  reserveSides(count: number): void {
    if (count << 2 <= this.sides.length) return;
    this.sideMemory.growTo(count << 4);
    this.sides = this.sideMemory.i32();
  }

  /** The value at the side's highest key; 0 if it is empty. */
  highest(side: number): number {
    return this.sides[(side << 2) + HIGHEST] as number;
  }

  /** The side's highest key; 0 if it is empty. */
  highestKey(side: number): number {
    return this.sides[(side << 2) + HIGHEST_KEY] as number;
  }

  /** The value at a key; 0 if there is none. */
  find(side: number, key: number): number {
    return this.child(this.findLeaf(side, key), key & 31);
  }

  /** The leaf where a key belongs, made if need be: a value must then be put there. */
  leafFor(side: number, key: number): number {
    const leaf = this.findLeaf(side, key);
    return leaf === 0 ? this.addLeaf(side, key) : leaf;
  }

  private findLeaf(side: number, key: number): number {
    const { sides, headers, children } = this;
    let node = sides[(side << 2) | ROOT] as number;
    let shift = sides[(side << 2) | ROOT_SHIFT] as number;
    // Node 0 has neither a prefix nor children.
    if (shift !== LAST_SHIFT && key >>> (shift + 5) !== headers[(node << 2) | PREFIX]) return 0;
    // Below a missing node there is only node 0, whose children are missing too.
    for (; shift > 0; shift -= 5) node = children[(node << 5) | ((key >>> shift) & 31)] as number;
    return node;
  }

  private addLeaf(side: number, key: number): number {
    let node = this.rootFor(side, key);
    for (let shift = this.sides[(side << 2) + ROOT_SHIFT] as number; shift > 0; shift -= 5) {
      const index = (key >>> shift) & 31;
      const child = this.child(node, index);
      node = child === 0 ? this.addChild(node, index) : child;
    }
    return node;
  }

  /** The value at a key of a leaf; 0 if there is none. */
  valueIn(leaf: number, key: number): number {
    return this.child(leaf, key & 31);
  }

  /** Puts a value at a key that has none. */
  put(side: number, leaf: number, key: number, value: number): void {
    this.setChild(leaf, key & 31, value);
    if (key > this.highestKey(side)) this.setHighest(side, key, value);
  }

  /** Takes the value away from a key, with the nodes that nothing hangs on any more. */
  remove(side: number, leaf: number, key: number): void {
    const { headers, children, sides } = this;
    const index = key & 31;
    const left = (headers[(leaf << 2) | CHILDREN_MAP] as number) & ~(1 << index);
    children[(leaf << 5) | index] = 0;
    headers[(leaf << 2) | CHILDREN_MAP] = left;
    if (left === 0) {
      this.removeLeaf(side, leaf, key);
    } else if (key === sides[(side << 2) | HIGHEST_KEY]) {
      // Every key that is left lies below; the next highest is in the same leaf.
      const highest = 31 - Math.clz32(left);
      sides[(side << 2) | HIGHEST_KEY] = (key & ~31) | highest;
      sides[(side << 2) | HIGHEST] = children[(leaf << 5) | highest] as number;
    }
  }

  /** Removes a leaf that has no children, and what is then left without any above it. */
  private removeLeaf(side: number, leaf: number, key: number): void {
    let node = leaf;
    let shift = 0;
    do {
      const parent = this.headers[(node << 2) + PARENT] as number;
      this.releaseNode(node);
      if (parent === 0) {
        this.sides[(side << 2) + ROOT] = 0;
        this.setHighest(side, 0, 0);
        return;
      }
      node = parent;
      shift += 5;
    } while (this.removeChild(node, (key >>> shift) & 31) === 0);
    // Of the highest key, every key that is left lies below; the next highest shares this node with it.
    if (key === this.highestKey(side)) this.lowerHighest(side, node, shift, key);
  }

  /** The value at the next lower key; 0 if there is none. */
  below(leaf: number, key: number): number {
    let node = leaf;
    let shift = 0;
    while (node !== 0) {
      const lower = this.childrenMap(node) & ((1 << ((key >>> shift) & 31)) - 1);
      if (lower !== 0) {
        let value = this.child(node, 31 - Math.clz32(lower));
        for (; shift > 0; shift -= 5)
          value = this.child(value, 31 - Math.clz32(this.childrenMap(value)));
        return value;
      }
      node = this.headers[(node << 2) + PARENT] as number;
      shift += 5;
    }
    return 0;
  }

  private lowerHighest(side: number, from: number, fromShift: number, key: number): void {
    let node = from;
    let index = 31 - Math.clz32(this.childrenMap(node));
    let prefix = fromShift >= LAST_SHIFT ? 0 : (key >>> (fromShift + 5)) << 5;
    for (let shift = fromShift; shift > 0; shift -= 5) {
      prefix = (prefix | index) << 5;
      node = this.child(node, index);
      index = 31 - Math.clz32(this.childrenMap(node));
    }
    this.setHighest(side, prefix | index, this.child(node, index));
  }

  private setHighest(side: number, key: number, value: number): void {
    this.sides[(side << 2) + HIGHEST_KEY] = key;
    this.sides[(side << 2) + HIGHEST] = value;
  }

  /** The root, with as many parents put above it as the key needs. */
  private rootFor(side: number, key: number): number {
    let root = this.sides[(side << 2) + ROOT] as number;
    let shift = this.sides[(side << 2) + ROOT_SHIFT] as number;
    if (root === 0) {
      root = this.takeNode(0, key >>> 5);
      this.setRoot(side, root, 0);
      return root;
    }
    while (!this.covers(root, shift, key)) {
      const prefix = this.headers[(root << 2) + PREFIX] as number;
      const parent = this.takeNode(0, prefix >>> 5);
      this.setChild(parent, prefix & 31, root);
      this.headers[(root << 2) + PARENT] = parent;
      root = parent;
      shift += 5;
      this.setRoot(side, root, shift);
    }
    return root;
  }

  private setRoot(side: number, root: number, shift: number): void {
    this.sides[(side << 2) + ROOT] = root;
    this.sides[(side << 2) + ROOT_SHIFT] = shift;
  }

  /** Whether the key lies in the node's range. At the last shift it always does, and a shift of 35 bits would be one of 3. */
  private covers(node: number, shift: number, key: number): boolean {
    return shift === LAST_SHIFT || key >>> (shift + 5) === this.headers[(node << 2) + PREFIX];
  }

  private childrenMap(node: number): number {
    return this.headers[(node << 2) + CHILDREN_MAP] as number;
  }

  private child(node: number, index: number): number {
    return this.children[(node << 5) + index] as number;
  }

  private setChild(node: number, index: number, child: number): void {
    this.children[(node << 5) + index] = child;
    this.headers[(node << 2) + CHILDREN_MAP] = this.childrenMap(node) | (1 << index);
  }

  /** Answers the map of the children that are left. */
  private removeChild(node: number, index: number): number {
    this.children[(node << 5) + index] = 0;
    const left = this.childrenMap(node) & ~(1 << index);
    this.headers[(node << 2) + CHILDREN_MAP] = left;
    return left;
  }

  private addChild(node: number, index: number): number {
    const prefix = ((this.headers[(node << 2) + PREFIX] as number) << 5) | index;
    const child = this.takeNode(node, prefix);
    this.setChild(node, index, child);
    return child;
  }

  private takeNode(parent: number, prefix: number): number {
    let node = this.released;
    if (node !== 0) {
      this.released = this.headers[(node << 2) + PARENT] as number;
    } else {
      if (this.unused << 2 === this.headers.length) this.growNodes();
      node = this.unused;
      this.unused += 1;
    }
    this.headers[(node << 2) + PARENT] = parent;
    this.headers[(node << 2) + PREFIX] = prefix;
    return node;
  }

  /** A node without children: its map and its array of children are zero already. */
  private releaseNode(node: number): void {
    this.headers[(node << 2) + PARENT] = this.released;
    this.released = node;
  }

  private growNodes(): void {
    this.headerMemory.growTo(0);
    this.childMemory.growTo(0);
    this.headers = this.headerMemory.i32();
    this.children = this.childMemory.i32();
  }
}
