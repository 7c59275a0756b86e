/** What uncrossing would do now, in a market that collects orders for an auction. */
export interface IndicativePrice {
  readonly market: number;
  /** When it became so, in milliseconds since 1970-01-01 UTC. */
  readonly at: number;
  /** In ticks; 0 where nothing would trade. */
  readonly price: number;
  /** What would trade, in lots. */
  readonly quantity: number;
  /** Lots to buy less lots to sell at that price. */
  readonly surplus: number;
}
