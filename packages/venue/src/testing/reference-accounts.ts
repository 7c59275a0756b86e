import type { EngineEvent } from "@pincex/engine";
import type { OrderRequest } from "../commands/place-order.ts";
import type { VenueCommand } from "../commands/venue-command.ts";
import type { VenueEvent } from "../events/venue-event.ts";
import { BTC, USDT } from "./core-under-test.ts";

const LOT_UNITS = 1_000n;
const TICK_LOT_UNITS = 10n;

type EventOf<Kind extends EngineEvent["kind"]> = Extract<EngineEvent, { readonly kind: Kind }>;
type Sized = Pick<OrderRequest, "side" | "price" | "quantity" | "quoteQuantity">;

/** An order as the reference sees it: what it asks for now, the fills that it has had, and what it has lost otherwise. */
interface ReferenceOrder {
  readonly orderId: number;
  readonly account: number;
  terms: Sized;
  /** Orders of which only one will trade have the same group. */
  readonly group: string;
  isPending: boolean;
  lost: number;
  readonly fills: { price: number; quantity: number; ratePpm: number }[];
}

/**
 * Balances, holds and fees worked out the slow and obvious way: each figure anew, from all that has happened. Which
 * orders trade it learns from the engine's events, what that means for money it knows by itself.
 */
export class ReferenceAccounts {
  readonly #deposits: Map<string, bigint> = new Map();
  readonly #orders: Map<number, ReferenceOrder> = new Map();
  readonly #open: Set<number> = new Set();
  readonly #rates: Map<number, { makerPpm: number; takerPpm: number }> = new Map();
  #list: EventOf<"list_accepted"> | undefined;

  follow(command: VenueCommand, events: readonly VenueEvent[]): void {
    this.#list = undefined;
    for (const event of events) this.#followEvent(command, event);
  }

  balance(account: number, asset: number): bigint {
    let balance = this.#deposits.get(`${account}/${asset}`) ?? 0n;
    for (const order of this.#orders.values()) {
      if (order.account !== account) continue;
      if (givenAsset(order.terms) === asset) balance -= given(order);
      else balance += received(order) - fee(order);
    }
    return balance;
  }

  held(account: number, asset: number): bigint {
    const groups = new Map<string, bigint>();
    for (const orderId of this.#open) {
      const order = this.#orders.get(orderId);
      if (order?.account !== account || givenAsset(order.terms) !== asset) continue;
      const needed = order.isPending ? 0n : worstCase(order);
      const before = groups.get(order.group) ?? 0n;
      groups.set(order.group, needed > before ? needed : before);
    }
    return [...groups.values()].reduce((sum, needed) => sum + needed, 0n);
  }

  fees(asset: number): bigint {
    let fees = 0n;
    for (const order of this.#orders.values()) {
      if (givenAsset(order.terms) !== asset) fees += fee(order);
    }
    return fees;
  }

  /** What the order would reserve, or undefined where that has no bound. */
  needed(request: OrderRequest): bigint | undefined {
    const { side, price, quoteQuantity } = request;
    const isBounded = price > 0 || (side === "buy" ? quoteQuantity > 0 : quoteQuantity === 0);
    return isBounded ? worstCase({ terms: request, fills: [], lost: 0 }) : undefined;
  }

  available(account: number, asset: number): bigint {
    return this.balance(account, asset) - this.held(account, asset);
  }

  #followEvent(command: VenueCommand, event: VenueEvent): void {
    switch (event.kind) {
      case "list_accepted":
        this.#list = event;
        break;
      case "accepted":
      case "pending":
        this.#place(event);
        break;
      case "activated":
      case "triggered":
        this.#wake(event);
        break;
      case "amended":
        this.#changeTerms(event.orderId, { price: event.price, quantity: event.quantity });
        break;
      case "reduced":
        this.#reduce(event);
        break;
      case "prevented":
        this.#lose(event.makerOrderId, event.quantity);
        this.#lose(event.takerOrderId, event.quantity);
        break;
      case "trade":
        this.#trade(event);
        break;
      case "done":
        this.#open.delete(event.orderId);
        break;
      case "fees_set":
        this.#rates.set(event.market, event);
        break;
      case "entry":
        if (command.kind === "credit_deposit") this.#deposit(command);
        break;
    }
  }

  #place(event: EventOf<"accepted"> | EventOf<"pending">): void {
    const { orderId, account, side, price, quantity, quoteQuantity } = event;
    this.#orders.set(orderId, {
      orderId,
      account,
      terms: { side, price, quantity, quoteQuantity },
      group: this.#groupOf(orderId),
      isPending: event.kind === "pending",
      lost: 0,
      fills: [],
    });
    this.#open.add(orderId);
  }

  #groupOf(orderId: number): string {
    const list = this.#list;
    const isOfPair =
      list?.contingency === "oco" || (list?.contingency === "otoco" && orderId > list.listId);
    return isOfPair ? `pair of list ${list?.listId}` : `order ${orderId}`;
  }

  /** From the end of the command on: whether it reserves shows when it is not done by then. */
  #wake(event: EventOf<"activated"> | EventOf<"triggered">): void {
    const { orderId, price, quantity, quoteQuantity } = event;
    this.#changeTerms(orderId, { price, quantity, quoteQuantity });
    const order = this.#orders.get(orderId);
    if (order !== undefined) order.isPending = false;
  }

  #reduce({ orderId, quantity }: EventOf<"reduced">): void {
    const before = this.#orders.get(orderId)?.terms.quantity ?? 0;
    this.#changeTerms(orderId, { quantity: before - quantity });
  }

  #changeTerms(orderId: number, terms: Partial<Sized>): void {
    const order = this.#orders.get(orderId);
    if (order !== undefined) order.terms = { ...order.terms, ...terms };
  }

  #lose(orderId: number, quantity: number): void {
    const order = this.#orders.get(orderId);
    if (order !== undefined) order.lost += quantity;
  }

  #trade({ market, price, quantity, makerOrderId, takerOrderId }: EventOf<"trade">): void {
    const { makerPpm, takerPpm } = this.#rates.get(market) ??
      this.#rates.get(0) ?? { makerPpm: 0, takerPpm: 0 };
    this.#orders.get(makerOrderId)?.fills.push({ price, quantity, ratePpm: makerPpm });
    this.#orders.get(takerOrderId)?.fills.push({ price, quantity, ratePpm: takerPpm });
  }

  #deposit({ account, asset, amount }: Extract<VenueCommand, { kind: "credit_deposit" }>): void {
    const key = `${account}/${asset}`;
    this.#deposits.set(key, (this.#deposits.get(key) ?? 0n) + amount);
  }
}

export const givenAsset = ({ side }: Pick<OrderRequest, "side">): number =>
  side === "buy" ? USDT : BTC;

type Fills = ReferenceOrder["fills"];

const quoteOf = (fills: Fills): bigint =>
  fills.reduce((sum, { price, quantity }) => sum + BigInt(price) * BigInt(quantity), 0n) *
  TICK_LOT_UNITS;

const baseOf = (fills: Fills): bigint =>
  fills.reduce((sum, { quantity }) => sum + BigInt(quantity), 0n) * LOT_UNITS;

const given = ({ terms, fills }: ReferenceOrder): bigint =>
  terms.side === "buy" ? quoteOf(fills) : baseOf(fills);

const received = ({ terms, fills }: ReferenceOrder): bigint =>
  terms.side === "buy" ? baseOf(fills) : quoteOf(fills);

/** The exact fee on everything, rounded up once. */
const fee = ({ terms, fills }: ReferenceOrder): bigint => {
  let ppm = 0n;
  for (const fill of fills) {
    const amount = terms.side === "buy" ? baseOf([fill]) : quoteOf([fill]);
    ppm += amount * BigInt(fill.ratePpm);
  }
  return (ppm + 999_999n) / 1_000_000n;
};

/** Of an order that has a bound. */
const worstCase = ({
  terms,
  fills,
  lost,
}: Pick<ReferenceOrder, "terms" | "fills" | "lost">): bigint => {
  const { side, price, quantity, quoteQuantity } = terms;
  if (quoteQuantity > 0) {
    const left = BigInt(quoteQuantity) - quoteOf(fills) / TICK_LOT_UNITS;
    return side === "buy" ? left * TICK_LOT_UNITS : (left / BigInt(price)) * LOT_UNITS;
  }
  const left = BigInt(quantity - lost) - baseOf(fills) / LOT_UNITS;
  return side === "sell" ? left * LOT_UNITS : left * BigInt(price) * TICK_LOT_UNITS;
};
