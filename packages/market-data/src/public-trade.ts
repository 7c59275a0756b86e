import type { SideName } from "@pincex/engine";

/** A trade as everybody may see it: nobody's account, nobody's order. */
export interface PublicTrade {
  readonly market: number;
  readonly tradeId: number;
  /** In ticks. */
  readonly price: number;
  /** In lots. */
  readonly quantity: number;
  /** The side of the order that arrived; the other one was resting. */
  readonly takerSide: SideName;
  /** Time of the command that caused it, in milliseconds since 1970-01-01 UTC. */
  readonly at: number;
  /** Taken back: it counts in no candle and no ticker any more. Left out where it was not. */
  readonly busted?: true;
}

/** What was paid, in ticks × lots: the listing keeps it below 2^53. */
export const notionalOf = (trade: PublicTrade): number => trade.price * trade.quantity;
