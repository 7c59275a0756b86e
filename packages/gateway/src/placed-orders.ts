import type { EngineEvent } from "@pincex/engine";
import type { VenueEvent } from "@pincex/venue";
import type { OrderState, OrderStatus, OrderView, Views } from "@pincex/venue/views";

/** One fill that an order got in the command that placed it. Price in ticks, quantity in lots, fee in smallest units of its asset. */
export interface PlacementFill {
  readonly tradeId: number;
  readonly price: number;
  readonly quantity: number;
  readonly fee: bigint;
  readonly feeAsset: number;
}

/** An order as the command that placed it left it, and what it traded meanwhile. */
export interface PlacedOrder {
  readonly order: OrderView;
  readonly fills: readonly PlacementFill[];
}

type Row = { -readonly [Key in keyof OrderView]: OrderView[Key] };
type EventOf<Kind extends EngineEvent["kind"]> = Extract<EngineEvent, { kind: Kind }>;

/**
 * Follows the events of one command, and has the orders that it placed as it left them: the views may have moved on by the
 * time that the answer is written.
 */
export class PlacedOrders {
  readonly #sequence: number;
  readonly #at: number;
  readonly #views: Views;
  readonly #placed = new Map<number, { order: Row; fills: PlacementFill[] }>();
  #name = "";
  #listName = "";
  #list: EventOf<"list_accepted"> | undefined;
  #trade: EventOf<"trade"> | undefined;

  constructor(sequence: number, at: number, views: Views) {
    this.#sequence = sequence;
    this.#at = at;
    this.#views = views;
  }

  /** By ascending id: the order of a list's legs. */
  all(): PlacedOrder[] {
    return [...this.#placed.values()];
  }

  follow(event: VenueEvent): void {
    switch (event.kind) {
      case "order_named":
        this.#name = event.clientOrderId;
        break;
      case "list_accepted":
        this.#list = event;
        this.#listName = this.#name;
        this.#name = "";
        break;
      case "accepted":
        this.#place(event, this.#stateOf(event));
        break;
      case "pending":
        this.#place(event, "pending");
        break;
      case "activated":
        this.#activate(event);
        break;
      case "triggered":
        this.#wake(event);
        break;
      case "repegged":
        this.#repeg(event);
        break;
      case "prevented":
        this.#prevent(event);
        break;
      case "trade":
        this.#trade = event;
        this.#fill(event.takerOrderId, event);
        this.#fill(event.makerOrderId, event);
        break;
      case "trade_settled":
        this.#settle(event);
        break;
      case "done":
        this.#close(event);
    }
  }

  #place(event: EventOf<"accepted"> | EventOf<"pending">, state: OrderState): void {
    // Named one by one: an object that is made by leaving something out is a dictionary to V8, thirty times as large.
    const order: Row = {
      orderId: event.orderId,
      clientOrderId: this.#name,
      account: event.account,
      market: event.market,
      side: event.side,
      type: event.type,
      timeInForce: event.timeInForce,
      price: event.price,
      quantity: event.quantity,
      quoteQuantity: event.quoteQuantity,
      executedQuantity: 0,
      executedNotional: 0,
      preventedQuantity: 0,
      listId: this.#list?.listId ?? 0,
      state,
      status: "open",
      reason: "",
      placedAt: this.#at,
      updatedAt: this.#at,
      workingAt: state === "resting" ? this.#at : 0,
      sequence: this.#sequence,
    };
    if (event.conditions !== undefined) order.conditions = event.conditions;
    if (this.#list !== undefined) {
      order.contingency = this.#list.contingency;
      if (this.#listName !== "") order.clientListId = this.#listName;
    }
    this.#name = "";
    this.#placed.set(order.orderId, { order, fills: [] });
  }

  #activate(event: EventOf<"activated">): void {
    const order = this.#placed.get(event.orderId)?.order;
    if (order === undefined) return;
    order.state = this.#stateOf(event);
    order.price = event.price;
    order.quantity = event.quantity;
    order.quoteQuantity = event.quoteQuantity;
    if (order.state === "resting") order.workingAt = this.#at;
  }

  #wake(event: EventOf<"triggered">): void {
    const order = this.#placed.get(event.orderId)?.order;
    if (order === undefined) return;
    order.state = event.conditions.allOrNone === true ? "waiting" : "resting";
    order.price = event.price;
    if (order.state === "resting") order.workingAt = this.#at;
  }

  #repeg({ orderId, price }: EventOf<"repegged">): void {
    const order = this.#placed.get(orderId)?.order;
    if (order === undefined) return;
    order.state = price === 0 ? "waiting" : "resting";
    if (order.state === "resting") order.workingAt = this.#at;
  }

  /** Of an order that is accepted, or activated. A pegged one begins without a price. */
  #stateOf(event: EventOf<"accepted"> | EventOf<"activated">): OrderState {
    const { market, timeInForce, conditions } = event;
    if (timeInForce === "at_close" && this.#views.market(market)?.phase !== "closing_auction") {
      return "waiting";
    }
    const waits = conditions?.trigger ?? conditions?.peg ?? conditions?.allOrNone;
    return waits === undefined ? "resting" : "waiting";
  }

  #prevent({ quantity, takerOrderId, makerOrderId }: EventOf<"prevented">): void {
    for (const orderId of [takerOrderId, makerOrderId]) {
      const order = this.#placed.get(orderId)?.order;
      if (order !== undefined) order.preventedQuantity += quantity;
    }
  }

  #fill(orderId: number, { tradeId, price, quantity }: EventOf<"trade">): void {
    const placed = this.#placed.get(orderId);
    if (placed === undefined) return;
    placed.order.executedQuantity += quantity;
    placed.order.executedNotional += price * quantity;
    if (placed.order.workingAt === 0) placed.order.workingAt = this.#at;
    placed.fills.push({ tradeId, price, quantity, fee: 0n, feeAsset: 0 });
  }

  #settle(settled: Extract<VenueEvent, { kind: "trade_settled" }>): void {
    if (this.#trade?.tradeId !== settled.tradeId) return;
    const { takerOrderId, makerOrderId } = this.#trade;
    this.#charge(takerOrderId, settled.takerFee, settled.takerFeeAsset);
    this.#charge(makerOrderId, settled.makerFee, settled.makerFeeAsset);
  }

  #charge(orderId: number, fee: bigint, feeAsset: number): void {
    const fills = this.#placed.get(orderId)?.fills;
    const last = fills?.at(-1);
    if (fills !== undefined && last !== undefined)
      fills[fills.length - 1] = { ...last, fee, feeAsset };
  }

  #close({ orderId, reason }: EventOf<"done">): void {
    const order = this.#placed.get(orderId)?.order;
    if (order === undefined) return;
    order.status = statusOf(reason, order.executedQuantity > 0);
    order.reason = reason;
  }
}

const statusOf = (reason: EventOf<"done">["reason"], traded: boolean): OrderStatus => {
  if (reason === "filled" || reason === "cancelled") return reason;
  return reason === "budget_spent" && traded ? "filled" : "expired";
};
