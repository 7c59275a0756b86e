import { recordKind, recordLength, recordViews } from "@pincex/engine";
import { VenueEventKind } from "../events/event-record.ts";
import { decodeVenueEvent, type VenueEvent } from "../events/venue-event.ts";
import type { OrderChange } from "./order-change.ts";

type EventOf<Kind extends VenueEvent["kind"]> = Extract<VenueEvent, { readonly kind: Kind }>;

/** A trade as it goes into its row. */
export interface TradeRow {
  readonly trade: EventOf<"trade">;
  readonly settled: EventOf<"trade_settled">;
  readonly sequence: number;
  readonly at: number;
}

/** A withdrawal that was held or ended, and when. */
export interface WithdrawalChange<Event> {
  readonly event: Event;
  readonly at: number;
}

/** Of these there are many, and no row has anything of them. */
const PASSED_OVER: ReadonlySet<number> = new Set([VenueEventKind.held, VenueEventKind.refused]);
const LAST_ENGINE_KIND = 63;
const FIRST_VENUE_KIND = 128;

/** What became of orders, trades and withdrawals, in the venue's events of the commands after `from` up to `to`. */
export class HistoryBatch {
  /** By order. */
  readonly orders: Map<number, OrderChange> = new Map();
  readonly trades: TradeRow[] = [];
  readonly busts: EventOf<"trade_busted">[] = [];
  readonly withdrawalsHeld: WithdrawalChange<EventOf<"withdrawal_held">>[] = [];
  readonly withdrawalsEnded: WithdrawalChange<EventOf<"withdrawal_ended">>[] = [];
  #sequence = 0;
  #time = 0;
  #orderName = "";
  #listId = 0;
  #trade: EventOf<"trade"> | undefined;

  constructor(events: Uint8Array, from: number, to: number) {
    const views = recordViews(events);
    for (let offset = 0; offset < events.length; offset += recordLength(views, offset)) {
      const kind = recordKind(views, offset);
      const isLedgers = kind > LAST_ENGINE_KIND && kind < FIRST_VENUE_KIND;
      if (isLedgers || PASSED_OVER.has(kind)) continue;
      const event = decodeVenueEvent(views, offset);
      if (event.kind === "applied") this.#begin(event);
      else if (this.#sequence > from && this.#sequence <= to) this.#add(event);
    }
  }

  #begin({ sequence, time }: EventOf<"applied">): void {
    this.#sequence = sequence;
    this.#time = time;
    this.#orderName = "";
    this.#listId = 0;
  }

  #add(event: VenueEvent): void {
    switch (event.kind) {
      case "order_named":
        this.#orderName = event.clientOrderId;
        break;
      case "list_accepted":
        this.#listId = event.listId;
        // What was named before it is the list.
        this.#orderName = "";
        break;
      case "accepted":
      case "pending":
        this.#place(event);
        break;
      case "activated":
        this.#change(event.orderId).quoteQuantity = event.quoteQuantity;
        this.#setQuantity(event);
        break;
      case "triggered":
        this.#change(event.orderId).price = event.price;
        break;
      case "amended":
        this.#setQuantity(event);
        break;
      case "reduced":
        this.#reduce(event);
        break;
      case "prevented":
        this.#change(event.makerOrderId).preventedQuantity += event.quantity;
        this.#change(event.takerOrderId).preventedQuantity += event.quantity;
        break;
      case "trade":
        this.#trade = event;
        this.#fill(event.makerOrderId, event);
        this.#fill(event.takerOrderId, event);
        break;
      case "trade_settled":
        this.#settle(event);
        break;
      case "done":
        this.#change(event.orderId).reason = event.reason;
        break;
      case "trade_busted":
        this.busts.push(event);
        break;
      case "withdrawal_held":
        this.withdrawalsHeld.push({ event, at: this.#time });
        break;
      case "withdrawal_ended":
        this.withdrawalsEnded.push({ event, at: this.#time });
        break;
    }
  }

  #place(event: EventOf<"accepted"> | EventOf<"pending">): void {
    const { orderId, account, market, side, type, timeInForce } = event;
    this.orders.set(orderId, {
      ...this.#unchanged(orderId),
      terms: {
        account,
        market,
        clientOrderId: this.#orderName,
        side,
        type,
        timeInForce,
        listId: this.#listId,
        conditions: event.conditions,
        placedAt: this.#time,
      },
      price: event.price,
      quantity: event.quantity,
      quoteQuantity: event.quoteQuantity,
    });
    this.#orderName = "";
  }

  #setQuantity({ orderId, price, quantity }: EventOf<"activated"> | EventOf<"amended">): void {
    const change = this.#change(orderId);
    change.price = price;
    change.quantity = quantity;
    change.lessQuantity = 0;
  }

  #reduce({ orderId, quantity }: EventOf<"reduced">): void {
    const change = this.#change(orderId);
    if (change.quantity === undefined) change.lessQuantity += quantity;
    else change.quantity -= quantity;
  }

  #fill(orderId: number, { price, quantity }: EventOf<"trade">): void {
    const change = this.#change(orderId);
    change.executedQuantity += quantity;
    change.executedNotional += price * quantity;
  }

  #settle(settled: EventOf<"trade_settled">): void {
    if (this.#trade === undefined) return;
    this.trades.push({ trade: this.#trade, settled, sequence: this.#sequence, at: this.#time });
    this.#trade = undefined;
  }

  #change(orderId: number): OrderChange {
    const known = this.orders.get(orderId);
    if (known !== undefined) {
      known.updatedAt = this.#time;
      known.sequence = this.#sequence;
      return known;
    }
    const change = this.#unchanged(orderId);
    this.orders.set(orderId, change);
    return change;
  }

  #unchanged(orderId: number): OrderChange {
    return {
      orderId,
      terms: undefined,
      price: undefined,
      quantity: undefined,
      quoteQuantity: undefined,
      executedQuantity: 0,
      executedNotional: 0,
      preventedQuantity: 0,
      lessQuantity: 0,
      reason: undefined,
      updatedAt: this.#time,
      sequence: this.#sequence,
    };
  }
}
