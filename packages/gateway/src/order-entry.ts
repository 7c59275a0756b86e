import { REJECTIONS } from "@pincex/engine";
import type { MarketData } from "@pincex/market-data";
import {
  encodeVenueCommand,
  type OrderRequest,
  type PlaceOrder,
  type Submission,
  type VenueCommand,
} from "@pincex/venue";
import type { OrderView, Views } from "@pincex/venue/views";
import type { NewOrder, OrderName } from "./new-order.ts";
import { type Cancellation, cancellationOf, type Placement, placementOf } from "./outcome.ts";
import { type Refusal, refusal } from "./refusal.ts";
import { needsWorstPrice, worstPriceOf } from "./worst-price.ts";

/** What the gateway needs of a venue: a way in. */
export interface CommandSink {
  submit(record: Uint8Array): Promise<Submission>;
}

/** The one way from all dialects into the venue. */
export class OrderEntry {
  readonly #venue: CommandSink;
  readonly #views: Views;
  readonly #marketData: MarketData;
  readonly #marketOrderBoundPpm: number;
  /** Placements with a command id that the venue has not answered yet. */
  readonly #underWay = new Map<string, OrderRequest>();

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
    const { account, market, clientOrderId, commandId } = order;
    const { side, type, timeInForce, quantity, quoteQuantity } = order;
    // The venue would say the same, but a record can't even carry such a price.
    if (order.price > market.maxPrice) return rejected("price_above_maximum");
    const price = this.#priceOf(order);
    const request = {
      market: market.market,
      side,
      type,
      timeInForce,
      price,
      quantity,
      quoteQuantity,
    };
    const submission = await this.#submitOnce(order, {
      kind: "place_order",
      account,
      clientOrderId,
      order: request,
      ...(commandId === undefined ? {} : { commandId }),
    });
    return "ok" in submission ? submission : placementOf(submission, order, this.#views);
  }

  async cancel(
    account: number,
    market: number,
    { orderId, clientOrderId }: OrderName,
  ): Promise<Cancellation | Refusal> {
    const submission = await this.#submit({
      kind: "cancel_order",
      account,
      market,
      orderId,
      clientOrderId,
    });
    return "ok" in submission ? submission : cancellationOf(submission, account, this.#views);
  }

  /** Cancels all open orders of an account, or those in one market. Those that trade away meanwhile are left out. */
  async cancelAll(account: number, market?: number): Promise<Cancellation[]> {
    const open = [...this.#views.openOrders(account, market)];
    const outcomes = await Promise.all(
      open.map((order: OrderView) =>
        this.cancel(account, order.market, { orderId: order.orderId, clientOrderId: "" }),
      ),
    );
    return outcomes.filter((outcome): outcome is Cancellation => outcome.ok);
  }

  #priceOf(order: NewOrder): number {
    if (order.type !== "market" || order.price > 0 || !needsWorstPrice(order)) return order.price;
    const quotes = this.#marketData.bestQuotes(order.market.market);
    return (
      this.#firstPriceOf(order) ??
      worstPriceOf(order.market, order.side, quotes, this.#marketOrderBoundPpm)
    );
  }

  /**
   * A placement that is repeated must carry the bound that it had at first, though the market has moved since: else the
   * venue takes it for another command. The first may be done, or still on its way.
   */
  #firstPriceOf(order: NewOrder): number | undefined {
    if (order.commandId === undefined) return undefined;
    const { account, clientOrderId } = order;
    const underWay = this.#underWay.get(placementKey(order));
    const first = underWay ?? this.#views.order(account, { clientOrderId });
    return first !== undefined && hasSameTerms(first, order) ? first.price : undefined;
  }

  async #submitOnce(order: NewOrder, command: PlaceOrder): Promise<Submission | Refusal> {
    if (command.commandId === undefined) return this.#submit(command);
    const key = placementKey(order);
    this.#underWay.set(key, command.order);
    try {
      return await this.#submit(command);
    } finally {
      this.#underWay.delete(key);
    }
  }

  async #submit(command: VenueCommand): Promise<Submission | Refusal> {
    try {
      return await this.#venue.submit(encodeVenueCommand(command));
    } catch (error) {
      return unansweredBy(error, command);
    }
  }
}

const placementKey = ({ account, commandId }: NewOrder): string => `${account} ${commandId}`;

const hasSameTerms = (first: Omit<OrderRequest, "timeInForce">, order: NewOrder): boolean =>
  first.market === order.market.market &&
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
