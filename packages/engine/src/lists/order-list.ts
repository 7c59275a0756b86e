/** Orders that depend on one another: a working order and those that wait for it, or a pair of which one cancels the other. */
export interface OrderList {
  /** The id of its first order. */
  readonly id: number;
  /** The row of its market. */
  readonly row: number;
  /** One of `Sizing`. */
  readonly sizing: number;
  /** The working order; 0 once it has ended, and of a pair. */
  working: number;
  /** The pair; or those that are pending, which may become one. */
  readonly legs: readonly number[];
  /** Lots that the working order has traded, and the ticks × lots of that. */
  lots: number;
  notional: number;
}
