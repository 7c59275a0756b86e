/** What a post-only order does when it would trade: it is rejected, or slides to the best price at which it does not. */
export const PostOnly = { none: 0, reject: 1, slide: 2 } as const;
export type PostOnlyName = Exclude<keyof typeof PostOnly, "none">;

/** What happens when an order meets one of its own account or trade group. */
export const SelfTrade = {
  none: 0,
  expire_taker: 1,
  expire_maker: 2,
  expire_both: 3,
  decrement: 4,
  transfer: 5,
} as const;
export type SelfTradeName = Exclude<keyof typeof SelfTrade, "none">;

/** What an order waits for before it becomes live. */
export const Trigger = { none: 0, stop: 1, take_profit: 2, trailing_stop: 3 } as const;
export type TriggerName = Exclude<keyof typeof Trigger, "none">;

/** Which price triggers a waiting order: the last trade's, or the mark price that `set_mark_price` sets. */
export const TriggerOn = { last: 0, mark: 1 } as const;
export type TriggerOnName = keyof typeof TriggerOn;

/** Which of the best shown prices an unseen order follows: that of its own side, that of the other, or the middle. */
export const Peg = { none: 0, primary: 1, market: 2, mid: 3 } as const;
export type PegName = Exclude<keyof typeof Peg, "none">;

/** What an order may ask for beside its price and quantity; see the guide to the matching rules for what each does. */
export interface Conditions {
  /** Of a limit order that rests. */
  readonly postOnly?: PostOnlyName;
  readonly selfTrade?: SelfTradeName;
  /** 1 to 2^31 − 1: orders of one group are each other's own, whatever their accounts. */
  readonly tradeGroup?: number;
  /** Of a `gtd` order: the time of the engine at which it ends; later than now. */
  readonly expiresAt?: number;
  /** Lots shown at a time; of an order that rests. Less than its quantity, in whole increments. */
  readonly displayQuantity?: number;
  /** Of an order that rests: nothing is shown. */
  readonly hidden?: true;
  /** Lots that must trade at once, at most the quantity, in whole increments. */
  readonly minQuantity?: number;
  readonly trigger?: TriggerName;
  /** Ticks; of a stop and a take-profit. */
  readonly triggerPrice?: number;
  /** `last` unless told otherwise. */
  readonly triggerOn?: TriggerOnName;
  /** Ticks; of a trailing stop, which has either this or basis points. */
  readonly trailingOffset?: number;
  /** Hundredths of a per cent of the price, 1 to 9,999. */
  readonly trailingBasisPoints?: number;
  /** Ticks; of a trailing stop: the price at which it begins. */
  readonly activationPrice?: number;
  /** Ticks, of a market order without a price. */
  readonly slippage?: number;
  /** Of a limit order that rests: it waits, unseen, until all of it can trade at once. */
  readonly allOrNone?: true;
  /** Of a limit order that rests: it is unseen, and its price follows the best shown ones; `price` is how far it may. */
  readonly peg?: PegName;
  /** Ticks that a pegged order keeps away from the price that it follows, to its owner's advantage. */
  readonly pegOffset?: number;
  /** The owner's name for the order, 1 to 2^53 − 1: none of the account's other open orders has it. */
  readonly clientOrderId?: number;
}
