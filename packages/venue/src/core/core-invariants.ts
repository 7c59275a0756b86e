import { type Engine, type PhaseName, Side } from "@pincex/engine";
import { invariant } from "./invariant.ts";
import type { OpenOrders } from "./open-orders.ts";
import { larger, OrderHolds } from "./order-holds.ts";
import type { VenueState } from "./venue-state.ts";
import { withdrawalHold } from "./withdrawals.ts";

/** The laws that tie the venue's parts together; the engine and the books first answer for their own. */
export const checkInvariants = (state: VenueState, engine: Engine): void => {
  engine.checkInvariants();
  state.books.checkInvariants();
  checkOrders(state, engine);
  checkWithdrawals(state);
  for (const { market } of state.markets.all()) checkNotCrossed(engine, market);
};

export const checkNotCrossed = (engine: Engine, market: number): void => {
  const bid = engine.best(market, Side.buy);
  const ask = engine.best(market, Side.sell);
  const mayCross = CROSSING_PHASES.has(engine.phase(market) ?? "open");
  invariant(mayCross || bid === 0 || ask === 0 || bid < ask, "a book is not crossed by itself");
};

/** In these orders collect, or what has collected stays as it is. */
const CROSSING_PHASES: ReadonlySet<PhaseName> = new Set([
  "pre_open",
  "auction",
  "closing_auction",
  "halted",
  "delisted",
] as const);

const checkOrders = (state: VenueState, engine: Engine): void => {
  const { orders, markets, books } = state;
  const needed = new Map<number, bigint>();
  const holds = new OrderHolds(state);
  const pending = new Set<number>();
  for (const { market } of markets.all()) {
    for (const { orderId, state: its } of engine.openOrders(market)) {
      if (its === "pending") pending.add(orderId);
    }
  }
  for (const slot of orders.inOrder()) {
    checkOrder(state, engine, slot);
    invariant(
      pending.has(orders.orderId(slot)) === orders.isPending(slot),
      "both know whether an order is pending",
    );
    const holdId = orders.holdId(slot);
    const isShared = orders.partner(slot) !== 0;
    invariant(isShared || !needed.has(holdId), "only a pair shares a hold");
    const alone = holds.neededAlone(slot);
    needed.set(holdId, larger(alone, needed.get(holdId) ?? 0n));
  }
  invariant(orders.count === engine.restingCount, "the engine has no other orders");
  for (const [holdId, amount] of needed) {
    invariant(books.holdAmount(holdId) === amount, "a hold is what its open orders need");
  }
  for (const { id, kind } of books.holds()) {
    invariant(kind !== "order" || needed.has(id), "every order's hold belongs to an open order");
  }
};

/** An open order is the same to the venue and to its engine. */
export const checkOrder = ({ orders }: VenueState, engine: Engine, slot: number): void => {
  const open = engine.order(orders.orderId(slot));
  invariant(open?.account === orders.account(slot), "an open order is open in the engine");
  invariant(open.market === orders.market(slot), "it is in the same market");
  invariant(open.remaining === orders.remaining(slot), "both know how much of it is open");
  checkPair(orders, slot);
};

const checkWithdrawals = ({ books, withdrawals }: VenueState): void => {
  let reserved = 0;
  for (const { withdrawal, amount } of withdrawals.all()) {
    const held = books.holdAmount(withdrawalHold(withdrawal));
    invariant(held === amount, "what a withdrawal reserves is held");
    reserved += 1;
  }
  const held = books.holds().filter(({ kind }) => kind === "withdrawal").length;
  invariant(held === reserved, "every withdrawal's hold belongs to a withdrawal");
};

const checkPair = (orders: OpenOrders, slot: number): void => {
  const partner = orders.partnerOf(slot);
  if (orders.partner(slot) === 0) return;
  invariant(partner !== 0, "both orders of a pair are open");
  invariant(orders.partnerOf(partner) === slot, "they are each other's");
  invariant(orders.side(partner) === orders.side(slot), "they are on one side");
  invariant(orders.holdId(partner) === orders.holdId(slot), "they share a hold");
};
