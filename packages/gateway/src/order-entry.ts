import {
  type OrderTypeName,
  REJECTIONS,
  type SideName,
  type TimeInForceName,
} from "@pincex/engine";
import type { MarketData } from "@pincex/market-data";
import { encodeVenueCommand, type Submission, type VenueCommand } from "@pincex/venue";
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
    const submission = await this.#submit({
      kind: "place_order",
      account,
      clientOrderId,
      order: { market: market.market, side, type, timeInForce, price, quantity, quoteQuantity },
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
    const first = this.#firstPlacementOf(order);
    if (first?.type === "market") return first.price;
    const quotes = this.#marketData.bestQuotes(order.market.market);
    return worstPriceOf(order.market, order.side, quotes, this.#marketOrderBoundPpm);
  }

  /** A placement that is repeated must carry the bound that it had at first, or the venue takes it for another command. */
  #firstPlacementOf({ account, clientOrderId, commandId }: NewOrder): OrderView | undefined {
    if (commandId === undefined || clientOrderId === "") return undefined;
    return this.#views.order(account, { clientOrderId });
  }

  async #submit(command: VenueCommand): Promise<Submission | Refusal> {
    try {
      return await this.#venue.submit(encodeVenueCommand(command));
    } catch (error) {
      return unansweredBy(error, command);
    }
  }
}

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
