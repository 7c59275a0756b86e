import { type ListLeg, REJECTIONS, type SidesName } from "@pincex/engine";
import type { MarketData } from "@pincex/market-data";
import {
  type AccountRequest,
  encodeVenueCommand,
  type OrderCommand,
  type PlaceOrder,
  type Submission,
  type VenueCommand,
} from "@pincex/venue";
import type { OrderView, Views } from "@pincex/venue/views";
import { lastPrice } from "./last-price.ts";
import type {
  AmendedOrder,
  NewOrder,
  NewOrderList,
  NewOrderTerms,
  OrderName,
  ReplacingOrder,
} from "./new-order.ts";
import { listWithName } from "./order-lists.ts";
import {
  amendmentOf,
  type Cancellations,
  cancellationOf,
  cancellationsOf,
  doneOf,
  type ListPlacement,
  listPlacementOf,
  type OrderChange,
  type Placement,
  placementOf,
  type Replacement,
  type ReplacementRefusal,
  replacementOf,
} from "./outcome.ts";
import { type Refusal, refusal } from "./refusal.ts";
import {
  expectedPendingPrice,
  expectedPrice,
  needsWorstPrice,
  worstPriceOf,
} from "./worst-price.ts";

/** What the gateway needs of a venue: a way in. */
export interface CommandSink {
  submit(record: Uint8Array): Promise<Submission>;
}

/** A command that places orders; repeated under the same id it must say the same. */
interface Placing {
  readonly account: number;
  readonly market: NewOrder["market"];
  readonly commandId?: string;
  readonly clientListId?: string;
}

/** The one way from all dialects into the venue. */
export class OrderEntry {
  readonly #venue: CommandSink;
  readonly #views: Views;
  readonly #marketData: MarketData;
  readonly #marketOrderBoundPpm: number;
  /** Orders of placements with a command id that the venue has not answered yet. */
  readonly #underWay = new Map<string, readonly ListLeg[]>();

  constructor(
    venue: CommandSink,
    views: Views,
    marketData: MarketData,
    marketOrderBoundPpm: number,
  ) {
    this.#venue = venue;
    this.#views = views;
    this.#marketData = marketData;
    this.#marketOrderBoundPpm = marketOrderBoundPpm;
  }

  async place(order: NewOrder): Promise<Placement | Refusal> {
    const { account, market, clientOrderId } = order;
    const leg = this.#legOf(order, order, 0);
    if ("ok" in leg) return leg;
    const submission = await this.#submitOnce(order, [leg], {
      kind: "place_order",
      account,
      clientOrderId,
      order: orderIn(market.market, leg),
      ...commandIdOf(order),
    });
    return "ok" in submission ? submission : placementOf(submission, account, this.#views);
  }

  /** Places orders that depend on one another: all of them, or none. */
  async placeList(list: NewOrderList): Promise<ListPlacement | Refusal> {
    const { account, market, contingency, sizing } = list;
    const legs: ListLeg[] = [];
    for (const [index, terms] of list.legs.entries()) {
      const leg = this.#legOf(list, terms, index, legs[0]);
      if ("ok" in leg) return { ...leg, leg: index + 1 };
      legs.push(leg);
    }
    const submission = await this.#submitOnce(list, legs, {
      kind: "order_command",
      account,
      request: { kind: "place_list", market: market.market, contingency, sizing, legs },
      clientOrderIds: list.legs.map(({ clientOrderId }) => clientOrderId),
      clientListId: list.clientListId,
      ...commandIdOf(list),
    });
    return "ok" in submission ? submission : listPlacementOf(submission, account, this.#views);
  }

  /** Cancels an order and places another one, in one command. */
  async replace(order: ReplacingOrder): Promise<Replacement | ReplacementRefusal> {
    const { account, market, clientOrderId, replacedOrderId, onFailure } = order;
    const leg = this.#legOf(order, order, 0);
    if ("ok" in leg) return leg;
    const submission = await this.#submitOnce(order, [leg], {
      kind: "order_command",
      account,
      request: {
        kind: "replace",
        market: market.market,
        orderId: replacedOrderId,
        onFailure,
        ...leg,
      },
      clientOrderIds: [clientOrderId],
      ...commandIdOf(order),
    });
    if ("ok" in submission) return submission;
    return replacementOf(submission, account, replacedOrderId, this.#views);
  }

  /** Another price and quantity of a resting order; it keeps its place if only its quantity falls. */
  async amend({ account, ...amended }: AmendedOrder): Promise<OrderChange | Refusal> {
    const market = this.#views.market(amended.market);
    if (market !== undefined && amended.price > market.maxPrice) {
      return rejected("price_above_maximum");
    }
    const submission = await this.#ask(account, { kind: "amend", ...amended });
    if ("ok" in submission) return submission;
    return amendmentOf(submission, account, amended.orderId, this.#views);
  }

  async cancel(
    account: number,
    market: number,
    { orderId, clientOrderId }: OrderName,
  ): Promise<OrderChange | Refusal> {
    const submission = await this.#submit({
      kind: "cancel_order",
      account,
      market,
      orderId,
      clientOrderId,
    });
    return "ok" in submission ? submission : cancellationOf(submission, account, this.#views);
  }

  /** Cancels an open order with all that ends with it: those of its list. */
  async cancelList(
    account: number,
    { market, orderId }: OrderView,
  ): Promise<Cancellations | Refusal> {
    const submission = await this.#submit({
      kind: "cancel_order",
      account,
      market,
      orderId,
      clientOrderId: "",
    });
    return "ok" in submission ? submission : cancellationsOf(submission, account, this.#views);
  }

  /** Cancels all open orders of an account, of one market or of all (0), of one side or of both. */
  async cancelAll(
    account: number,
    market = 0,
    side: SidesName = "both",
  ): Promise<Cancellations | Refusal> {
    const submission = await this.#ask(account, { kind: "cancel_all", market, side });
    return "ok" in submission ? submission : cancellationsOf(submission, account, this.#views);
  }

  /** Sets the account's dead-man's switch: all its orders are cancelled at that time. 0 takes it back. */
  async cancelAllAfter(
    account: number,
    at: number,
  ): Promise<{ readonly ok: true; readonly at: number } | Refusal> {
    const submission = await this.#ask(account, { kind: "cancel_all_after", at });
    return "ok" in submission ? submission : doneOf(submission, this.#views);
  }

  /** An order in the engine's words; `working` is the order whose end a pending one waits for. */
  #legOf(
    placing: Placing,
    terms: NewOrderTerms,
    index: number,
    working?: ListLeg,
  ): ListLeg | Refusal {
    // The venue would say the same, but a record can't even carry such a price.
    if (terms.price > placing.market.maxPrice) return rejected("price_above_maximum");
    const { side, type, timeInForce, quantity, quoteQuantity, conditions } = terms;
    const price = this.#priceOf(placing, terms, index, working);
    const leg = { side, type, timeInForce, price, quantity, quoteQuantity };
    return conditions === undefined ? leg : { ...leg, conditions };
  }

  #priceOf(placing: Placing, terms: NewOrderTerms, index: number, working?: ListLeg): number {
    if (terms.type !== "market" || terms.price > 0 || !wantsBound(terms)) return terms.price;
    return (
      this.#firstPriceOf(placing, terms, index) ??
      worstPriceOf(
        placing.market,
        terms.side,
        this.#expectedPrice(placing.market.market, terms, working),
        this.#marketOrderBoundPpm,
      )
    );
  }

  #expectedPrice(market: number, terms: NewOrderTerms, working: ListLeg | undefined): number {
    const quotes = this.#marketData.bestQuotes(market);
    const last = lastPrice(this.#marketData, market);
    const isPending = working !== undefined && terms.conditions?.trigger === undefined;
    return isPending
      ? expectedPendingPrice(terms, working, quotes, last)
      : expectedPrice(terms, quotes, last);
  }

  /**
   * A placement that is repeated must carry the bound that it had at first, though the market has moved since: else the
   * venue takes it for another command. The first may be done, or still on its way.
   */
  #firstPriceOf(placing: Placing, terms: NewOrderTerms, index: number): number | undefined {
    if (placing.commandId === undefined) return undefined;
    const underWay = this.#underWay.get(placementKey(placing))?.[index];
    if (underWay !== undefined) return hasSameTerms(underWay, terms) ? underWay.price : undefined;
    const first = this.#firstOrderOf(placing, terms, index);
    const isSame = first?.market === placing.market.market && hasSameTerms(first, terms);
    return isSame ? first.price : undefined;
  }

  /** What the placement made of the order when it came before: found by its own name, or by its place in a list with a name. */
  #firstOrderOf(
    { account, clientListId = "" }: Placing,
    { clientOrderId }: NewOrderTerms,
    index: number,
  ): OrderView | undefined {
    if (clientOrderId !== "") return this.#views.order(account, { clientOrderId });
    if (clientListId === "") return undefined;
    return listWithName(this.#views, account, clientListId)?.find(
      ({ orderId, listId }) => orderId === listId + index,
    );
  }

  #submitOnce(
    placing: Placing,
    legs: readonly ListLeg[],
    command: VenueCommand,
  ): Promise<Submission | Refusal> {
    return placing.commandId === undefined
      ? this.#submit(command)
      : this.#submitRemembered(placing, legs, command);
  }

  async #submitRemembered(
    placing: Placing,
    legs: readonly ListLeg[],
    command: VenueCommand,
  ): Promise<Submission | Refusal> {
    const key = placementKey(placing);
    this.#underWay.set(key, legs);
    try {
      return await this.#submit(command);
    } finally {
      this.#underWay.delete(key);
    }
  }

  #ask(account: number, request: AccountRequest): Promise<Submission | Refusal> {
    const command: OrderCommand = { kind: "order_command", account, request, clientOrderIds: [] };
    return this.#submit(command);
  }

  async #submit(command: VenueCommand): Promise<Submission | Refusal> {
    try {
      return await this.#venue.submit(encodeVenueCommand(command));
    } catch (error) {
      return unansweredBy(error, command);
    }
  }
}

/** Field by field: spreading costs more than encoding what is spread. */
const orderIn = (market: number, leg: ListLeg): PlaceOrder["order"] => {
  const { side, type, timeInForce, price, quantity, quoteQuantity, conditions } = leg;
  const order = { market, side, type, timeInForce, price, quantity, quoteQuantity };
  return conditions === undefined ? order : { ...order, conditions };
};

const commandIdOf = ({ commandId }: Placing): { commandId?: string } =>
  commandId === undefined ? {} : { commandId };

const placementKey = ({ account, commandId }: Placing): string => `${account} ${commandId}`;

/** With a slippage it has a worst price as soon as it comes in; sized by what a sell has raised it is by quote quantity. */
const wantsBound = (terms: NewOrderTerms): boolean =>
  terms.conditions?.slippage === undefined &&
  (terms.quantity > 0 || terms.quoteQuantity > 0) &&
  needsWorstPrice(terms);

const hasSameTerms = (
  first: Pick<NewOrderTerms, "side" | "type" | "quantity" | "quoteQuantity">,
  order: NewOrderTerms,
): boolean =>
  first.side === order.side &&
  first.type === order.type &&
  first.quantity === order.quantity &&
  first.quoteQuantity === order.quoteQuantity;

const rejected = (code: "price_above_maximum"): Refusal => {
  const { field, rule } = REJECTIONS[code];
  return refusal(code, field, rule);
};

/** The venue gave no outcome: what is known about it, by the name of the error. */
const unansweredBy = (error: unknown, command: VenueCommand): Refusal => {
  const name = error instanceof Error ? error.name : "";
  if (name === "VenueOverloaded") {
    return refusal("venue_overloaded", "", "The venue has a free place in its queue.", {
      retryable: true,
    });
  }
  if (name === "VenueStopped") {
    return refusal("venue_stopped", "", "The venue is running.", { retryable: true });
  }
  if (name === "OutcomeUnknown") {
    return refusal("outcome_unknown", "", "The journal has answered.", {
      retryable: command.commandId !== undefined,
      executed: "unknown",
    });
  }
  throw error;
};
