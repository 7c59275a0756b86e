import type { SelfTradeName } from "../../conditions/conditions.ts";
import { sharesOf } from "./allocation.ts";
import { accepts, byRank, isUnseen, lotsAtOnce, type Order, showAnew } from "./order.ts";
import type { Market } from "./orders.ts";

/** An incoming order met a resting one: they traded, or were prevented from it. */
export interface Meeting {
  readonly maker: Order;
  readonly prevented?: SelfTradeName;
  /** Lots traded, or lost to prevention. */
  readonly quantity: number;
  /** Lots that the taker wanted of the level, less these and those before. */
  readonly stillWanted: number;
  readonly makerRemaining: number;
  readonly takerRemaining: number;
  /** Why the maker is no more, if it isn't. */
  readonly makerEnds?: "filled" | "self_trade";
}

export interface Sweep {
  readonly meetings: readonly Meeting[];
  /** Why the taker is no more; `out_of_makers` if it still wants to trade, but there is nobody. */
  readonly end: "filled" | "self_trade" | "budget_spent" | "outside_band" | "out_of_makers";
}

/** What a market has to say about it. */
type Sharing = Pick<Market, "rules" | "allocation">;

/** Has a taker meet one maker after the other, and changes both. Whoever only wants to know passes copies. */
export const sweep = (
  taker: Order,
  makers: readonly Order[],
  market: Sharing,
  nextPlace: () => number,
  isOutsideBand: (price: number) => boolean,
): Sweep => {
  const meetings: Meeting[] = [];
  let there = [...makers];
  for (;;) {
    const end = endAfter(meetings.at(-1), taker);
    if (end !== undefined) return { meetings, end };
    const maker = bestOf(there, taker);
    if (maker === undefined) return { meetings, end: "out_of_makers" };
    const wanted =
      wantedOfLevel(maker, meetings.at(-1)) ??
      wantedAt(maker.price, taker, market.rules.quantityIncrement);
    const stop = endBefore(wanted, isOutsideBand(maker.price));
    if (stop !== undefined) return { meetings, end: stop };

    let stillWanted = wanted;
    for (const { maker: met, lots } of roundOf(taker, there, wanted, market)) {
      const meeting = meet(taker, met, lots);
      stillWanted -= meeting.quantity;
      meetings.push({ ...meeting, stillWanted });
      if (meeting.makerEnds !== undefined) there = there.filter((each) => each !== met);
      else queueAnew(met, nextPlace);
    }
  }
};

/** The first in rank, if the taker accepts its price. */
const bestOf = (makers: Order[], taker: Order): Order | undefined => {
  const best = makers.sort(byRank)[0];
  return best !== undefined && accepts(taker, best.price) ? best : undefined;
};

/** An iceberg whose shown lots have traded shows more, at the end of its level's queue. */
const queueAnew = (maker: Order, nextPlace: () => number): void => {
  if (lotsAtOnce(maker) > 0) return;
  showAnew(maker);
  maker.place = nextPlace();
};

/** Lots that are left of the whole increments that the taker wanted of the maker's level; undefined if it wants anew. */
const wantedOfLevel = (maker: Order, last: Meeting | undefined): number | undefined => {
  const isThere = last?.maker.price === maker.price && isUnseen(last.maker) === isUnseen(maker);
  return isThere && last.stillWanted > 0 ? last.stillWanted : undefined;
};

/** Why a taker does not meet a maker whose price it accepts. */
const endBefore = (wanted: number, isOutside: boolean): Sweep["end"] | undefined => {
  if (wanted === 0) return "budget_spent";
  return isOutside ? "outside_band" : undefined;
};

/**
 * Whom a taker meets next, and for how many lots: the first. On a level that is shared, the first of its own alone, else all that
 * have a share.
 */
const roundOf = (
  taker: Order,
  [maker, ...others]: readonly Order[],
  wanted: number,
  { rules: { quantityIncrement }, allocation }: Sharing,
): { maker: Order; lots: number }[] => {
  if (maker === undefined) return [];
  if (allocation.allocation === "price_time" || isUnseen(maker)) return [{ maker, lots: wanted }];
  const isBeside = (other: Order) => other.price === maker.price && !isUnseen(other);
  const level = [maker, ...others.filter(isBeside)];
  const own = level.find((each) => isPrevented(taker, each));
  if (own !== undefined) return [{ maker: own, lots: wanted }];
  const there = level.map((each) => ({ account: each.account, lots: lotsAtOnce(each) }));
  const shares = sharesOf(wanted, there, allocation, quantityIncrement);
  return level
    .map((each, index) => ({ maker: each, lots: shares[index] ?? 0 }))
    .filter(({ lots }) => lots > 0);
};

/** Why a taker has all that it wants, or may not go on. */
const endAfter = (last: Meeting | undefined, taker: Order): Sweep["end"] | undefined => {
  const prevented = last?.prevented;
  if (prevented === "expire_taker" || prevented === "expire_both") return "self_trade";
  if (isByQuote(taker)) return taker.budget === 0 ? "budget_spent" : undefined;
  if (taker.remaining > 0) return undefined;
  return prevented === undefined ? "filled" : "self_trade";
};

/** Lots, in whole increments: all that is left of the order, or what is left of its budget pays for. */
const wantedAt = (price: number, taker: Order, increment: number): number => {
  if (!isByQuote(taker)) return taker.remaining;
  const lots = BigInt(taker.budget) / BigInt(price);
  return Number(lots - (lots % BigInt(increment)));
};

const meet = (taker: Order, maker: Order, wanted: number): Omit<Meeting, "stillWanted"> => {
  const prevented = isPrevented(taker, maker) ? taker.conditions.selfTrade : undefined;
  const isExpiry = prevented?.startsWith("expire") === true;
  const quantity = isExpiry ? 0 : Math.min(wanted, lotsAtOnce(maker));
  lose(maker, quantity);
  lose(taker, quantity);
  if (isByQuote(taker)) taker.budget -= quantity * maker.price;
  const makerEnds = maker.remaining === 0 || (isExpiry && prevented !== "expire_taker");
  return {
    maker,
    ...(prevented && { prevented }),
    quantity,
    makerRemaining: maker.remaining,
    takerRemaining: taker.remaining,
    ...(makerEnds && { makerEnds: prevented ? "self_trade" : "filled" }),
  };
};

/** An order by quote quantity has no lots to lose, and one that nobody sees none that are shown. */
const lose = (order: Order, quantity: number): void => {
  order.remaining = Math.max(0, order.remaining - quantity);
  order.shown = Math.max(0, order.shown - quantity);
};

/** Lots that trade before a prevention stops the count; makers that merely expire are passed over. */
export const lotsTraded = ({ meetings }: Sweep): number => {
  const counted = meetings.filter(({ prevented }) => prevented !== "expire_maker");
  const stop = counted.findIndex(({ prevented }) => prevented !== undefined);
  return counted
    .slice(0, stop === -1 ? counted.length : stop)
    .reduce((lots, { quantity }) => lots + quantity, 0);
};

const isPrevented = (taker: Order, maker: Order): boolean =>
  taker.conditions.selfTrade !== undefined && isOwn(taker, maker);

const isByQuote = ({ quoteQuantity }: Order): boolean => quoteQuantity > 0;

/** Whether both are of one account, or of one trade group. */
const isOwn = (taker: Order, maker: Order): boolean =>
  taker.account === maker.account ||
  (taker.conditions.tradeGroup !== undefined &&
    taker.conditions.tradeGroup === maker.conditions.tradeGroup);
