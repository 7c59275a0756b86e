import { Side } from "../side.ts";

/**
 * The trailing stops of one side of a market that follow the same price. Each remembers the best price for its owner since it began, so that those
 * that a price moves are those that it is better for: they stand together in the order of what they remember, and no other is looked at.
 */
export class TrailingQueue {
  private readonly isBuy: boolean;
  /** Those that have begun, the one that moves first last; and beside each the price that it remembers. */
  private readonly begun: number[] = [];
  private readonly extremes: number[] = [];
  /** Those that have not, and beside each the price at which it does; 0: at any. */
  private readonly idle: number[] = [];
  private readonly activations: number[] = [];
  /** The price that all have followed; 0: not all have followed one. */
  private followed = 0;
  /** Tells of one that moves, or begins, and of the price. */
  private readonly move: (slot: number, price: number) => void;

  constructor(side: number, move: (slot: number, price: number) => void) {
    this.isBuy = side === Side.buy;
    this.move = move;
  }

  get isEmpty(): boolean {
    return this.begun.length + this.idle.length === 0;
  }

  slots(): number[] {
    return [...this.begun, ...this.idle];
  }

  /** `extreme` is the price that it remembers; 0: it has not begun. */
  add(slot: number, extreme: number, activation: number): void {
    this.followed = 0;
    if (extreme === 0) {
      this.idle.push(slot);
      this.activations.push(activation);
      return;
    }
    let at = this.begun.length;
    while (at > 0 && this.isBetter(extreme, this.extremes[at - 1] as number)) at -= 1;
    this.begun.splice(at, 0, slot);
    this.extremes.splice(at, 0, extreme);
  }

  remove(slot: number): void {
    const at = this.begun.indexOf(slot);
    if (at >= 0) {
      this.begun.splice(at, 1);
      this.extremes.splice(at, 1);
    } else {
      this.forgetIdle(this.idle.indexOf(slot));
    }
  }

  /** A price of 0 is none. */
  follow(price: number): void {
    if (price === 0 || price === this.followed) return;
    this.followed = price;
    const { begun, extremes, idle } = this;
    let from = begun.length;
    while (from > 0 && this.isBetter(price, extremes[from - 1] as number)) from -= 1;
    // The older first: at one trigger they wait in the order of their ids.
    for (let at = from; at < begun.length; at += 1) {
      extremes[at] = price;
      this.move(begun[at] as number, price);
    }
    for (let at = idle.length - 1; at >= 0; at -= 1) {
      const activation = this.activations[at] as number;
      if (activation !== 0 && this.isBetter(activation, price)) continue;
      const slot = idle[at] as number;
      this.forgetIdle(at);
      begun.push(slot);
      extremes.push(price);
      this.move(slot, price);
    }
  }

  private forgetIdle(at: number): void {
    this.idle.splice(at, 1);
    this.activations.splice(at, 1);
  }

  /** Whether a price is better than another for who buys, or sells, later: a buy waits for lower ones. */
  private isBetter(price: number, other: number): boolean {
    return this.isBuy ? price < other : price > other;
  }
}
