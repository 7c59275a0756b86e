import { OrderType, Side, Trigger } from "@pincex/engine";
import { chargeFee } from "../fees/fee-charge.ts";

/** What turns a market's ticks and lots into smallest units. */
export interface MarketUnits {
  readonly lotUnits: bigint;
  readonly tickLotUnits: bigint;
}

/**
 * What a buyer that pays its fees in the quote asset reserves for them, if all that it gives is charged at the higher of its
 * rates. Others need nothing: their fees are taken from what they receive.
 */
export const neededForFees = (
  side: number,
  gives: bigint,
  makerPpm: number,
  takerPpm: number,
  overpaidPpm: number,
): bigint =>
  side === Side.buy ? chargeFee(gives, Math.max(makerPpm, takerPpm), overpaidPpm).fee : 0n;

/**
 * What an order reserves without its fees: the worst that can still happen to it, in smallest units of what it gives.
 *
 * A buy gives quote: its limit (a market order: its worst acceptable price) times what is open, or what is left of its
 * budget. A sell gives base: what is open. A sell by quote quantity gives the most lots that its budget can take at its
 * worst price, whatever increment the market asks for.
 *
 * Each fill lowers it by at least what the fill gives, since no fill is at a worse price; the difference is the price
 * improvement, free at once.
 */
export const neededToTrade = (
  side: number,
  price: number,
  remaining: number,
  budget: number,
  units: MarketUnits,
): bigint => {
  if (side === Side.buy) {
    return BigInt(budget > 0 ? budget : price * remaining) * units.tickLotUnits;
  }
  return BigInt(budget > 0 ? mostLots(budget, price) : remaining) * units.lotUnits;
};

/** Without a price there is nobody to sell to. */
const mostLots = (budget: number, price: number): number =>
  price === 0 ? 0 : Math.floor(budget / price);

/** What the worst case of an order goes by. */
export interface BoundedTerms {
  readonly side: number;
  /** Ticks; 0 for none. */
  readonly price: number;
  readonly quoteQuantity: number;
  readonly type: number;
  readonly trigger: number;
  readonly slippage: number;
}

/**
 * Whether an order's worst case is known before it trades.
 *
 * One that goes by the best price of the other side has it as its limit when it comes in; where it then has none, there is
 * no other side, and it ends at once. As long as it waits for its trigger nobody knows what that price will be.
 */
export const isBounded = (order: BoundedTerms): boolean => {
  const { side, price, quoteQuantity } = order;
  if (price > 0 || (side === Side.buy) === quoteQuantity > 0) return true;
  const goesByBest = order.type === OrderType.market_to_limit || order.slippage > 0;
  return goesByBest && order.trigger === Trigger.none;
};
