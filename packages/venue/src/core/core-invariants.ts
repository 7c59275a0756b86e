import { type Engine, Side } from "@pincex/engine";
import { invariant } from "./invariant.ts";
import { neededHold } from "./order-hold.ts";
import type { VenueState } from "./venue-state.ts";

/** The laws that tie the venue's parts together; the engine and the books first answer for their own. */
export const checkInvariants = (state: VenueState, engine: Engine): void => {
  engine.checkInvariants();
  state.books.checkInvariants();
  checkOrders(state, engine);
  for (const { market } of state.markets.all()) {
    const bid = engine.best(market, Side.buy);
    const ask = engine.best(market, Side.sell);
    invariant(bid === 0 || ask === 0 || bid < ask, "a book is never crossed");
  }
};

const checkOrders = ({ orders, markets, books }: VenueState, engine: Engine): void => {
  for (const slot of orders.inOrder()) {
    const orderId = orders.orderId(slot);
    const market = markets.get(orders.market(slot));
    const resting = engine.order(orderId);
    invariant(market !== undefined, "an open order is in a listed market");
    invariant(resting?.account === orders.account(slot), "an open order rests in the engine");
    invariant(resting.remaining === orders.remaining(slot), "both know how much of it is open");
    const needed = neededHold(
      orders.side(slot),
      orders.price(slot),
      orders.remaining(slot),
      orders.budget(slot),
      market,
    );
    invariant(books.holdAmount(orderId) === needed, "a hold is what its open order needs");
  }
  const held = books.holds().filter(({ kind }) => kind === "order");
  invariant(held.length === orders.count, "every order's hold belongs to an open order");
};
