import { SIDE_INTS } from "./price-levels.ts";

/**
 * Markets as rows of numbers: no object per market, so that thousands of them cost 112 bytes each.
 * Row 0 is never a market.
 */

/** The highest number a market may have: rows are found by a table of that many entries at most. */
export const HIGHEST_MARKET = 0xfffff;

const ROW_INTS = 2 * SIDE_INTS + 4;
const NUMBER = 2 * SIDE_INTS;
const RULE_DOUBLES = 6;

const MAX_PRICE = 0;
const MAX_QUANTITY = 1;
const PRICE_INCREMENT = 2;
const QUANTITY_INCREMENT = 3;
const MIN_QUANTITY = 4;
const MIN_NOTIONAL = 5;

export class MarketTable {
  /** The rows; a side's four numbers are at `sideAt`. */
  rows: Int32Array;
  #rules: Float64Array;
  #rowOf: Int32Array;
  /** Markets added so far. */
  count = 0;

  constructor(capacity: number) {
    this.rows = new Int32Array((capacity + 1) * ROW_INTS);
    this.#rules = new Float64Array((capacity + 1) * RULE_DOUBLES);
    this.#rowOf = new Int32Array(capacity + 1);
  }

  /** The row of a market, or 0. */
  row(market: number): number {
    return market > 0 && market < this.#rowOf.length ? (this.#rowOf[market] as number) : 0;
  }

  add(
    market: number,
    maxPrice: number,
    maxQuantity: number,
    priceIncrement: number,
    quantityIncrement: number,
    minQuantity: number,
    minNotional: number,
  ): void {
    this.#makeRoom(market);
    this.count += 1;
    const row = this.count;
    this.#rowOf[market] = row;
    this.rows[row * ROW_INTS + NUMBER] = market;
    const at = row * RULE_DOUBLES;
    this.#rules[at + MAX_PRICE] = maxPrice;
    this.#rules[at + MAX_QUANTITY] = maxQuantity;
    this.#rules[at + PRICE_INCREMENT] = priceIncrement;
    this.#rules[at + QUANTITY_INCREMENT] = quantityIncrement;
    this.#rules[at + MIN_QUANTITY] = minQuantity;
    this.#rules[at + MIN_NOTIONAL] = minNotional;
  }

  /** Where the numbers of a market's side stand in `rows`. */
  sideAt(row: number, side: number): number {
    return row * ROW_INTS + side * SIDE_INTS;
  }

  number(row: number): number {
    return this.rows[row * ROW_INTS + NUMBER] as number;
  }
  maxPrice(row: number): number {
    return this.#rules[row * RULE_DOUBLES + MAX_PRICE] as number;
  }
  maxQuantity(row: number): number {
    return this.#rules[row * RULE_DOUBLES + MAX_QUANTITY] as number;
  }
  priceIncrement(row: number): number {
    return this.#rules[row * RULE_DOUBLES + PRICE_INCREMENT] as number;
  }
  quantityIncrement(row: number): number {
    return this.#rules[row * RULE_DOUBLES + QUANTITY_INCREMENT] as number;
  }
  minQuantity(row: number): number {
    return this.#rules[row * RULE_DOUBLES + MIN_QUANTITY] as number;
  }
  minNotional(row: number): number {
    return this.#rules[row * RULE_DOUBLES + MIN_NOTIONAL] as number;
  }

  #makeRoom(market: number): void {
    if (market >= this.#rowOf.length) {
      const grown = new Int32Array(
        Math.min(HIGHEST_MARKET + 1, Math.max(market + 1, this.#rowOf.length * 2)),
      );
      grown.set(this.#rowOf);
      this.#rowOf = grown;
    }
    if ((this.count + 2) * ROW_INTS > this.rows.length) {
      const rows = new Int32Array(this.rows.length * 2);
      rows.set(this.rows);
      this.rows = rows;
      const rules = new Float64Array(this.#rules.length * 2);
      rules.set(this.#rules);
      this.#rules = rules;
    }
  }
}
