import type { OrderRequest } from "../commands/place-order.ts";
import type { VenueCommand } from "../commands/venue-command.ts";
import type { VenueEvent } from "../events/venue-event.ts";
import { BTC, USDT } from "./core-under-test.ts";

const LOT_UNITS = 1_000n;
const TICK_LOT_UNITS = 10n;

/** An order as the reference sees it: what it asked for, and the fills that it has had. */
interface ReferenceOrder {
  readonly account: number;
  readonly request: OrderRequest;
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

  follow(command: VenueCommand, events: readonly VenueEvent[]): void {
    for (const event of events) this.#followEvent(command, event);
  }

  balance(account: number, asset: number): bigint {
    let balance = this.#deposits.get(`${account}/${asset}`) ?? 0n;
    for (const order of this.#orders.values()) {
      if (order.account !== account) continue;
      if (givenAsset(order.request) === asset) balance -= given(order);
      else balance += received(order) - fee(order);
    }
    return balance;
  }

  held(account: number, asset: number): bigint {
    let held = 0n;
    for (const orderId of this.#open) {
      const order = this.#orders.get(orderId);
      if (order?.account !== account || givenAsset(order.request) !== asset) continue;
      held += worstCase(order.request, order.fills) ?? 0n;
    }
    return held;
  }

  fees(asset: number): bigint {
    let fees = 0n;
    for (const order of this.#orders.values()) {
      if (givenAsset(order.request) !== asset) fees += fee(order);
    }
    return fees;
  }

  /** What the order would reserve, or undefined where that has no bound. */
  needed(request: OrderRequest): bigint | undefined {
    return worstCase(request, []);
  }

  available(account: number, asset: number): bigint {
    return this.balance(account, asset) - this.held(account, asset);
  }

  #followEvent(command: VenueCommand, event: VenueEvent): void {
    if (event.kind === "accepted" && command.kind === "place_order") {
      this.#orders.set(event.orderId, {
        account: event.account,
        request: command.order,
        fills: [],
      });
      this.#open.add(event.orderId);
    } else if (event.kind === "trade") {
      const { makerPpm, takerPpm } = this.#rates.get(event.market) ??
        this.#rates.get(0) ?? { makerPpm: 0, takerPpm: 0 };
      const { price, quantity } = event;
      this.#orders.get(event.makerOrderId)?.fills.push({ price, quantity, ratePpm: makerPpm });
      this.#orders.get(event.takerOrderId)?.fills.push({ price, quantity, ratePpm: takerPpm });
    } else if (event.kind === "done") {
      this.#open.delete(event.orderId);
    } else if (event.kind === "fees_set") {
      this.#rates.set(event.market, event);
    } else if (event.kind === "entry" && command.kind === "credit_deposit") {
      const key = `${command.account}/${command.asset}`;
      this.#deposits.set(key, (this.#deposits.get(key) ?? 0n) + command.amount);
    }
  }
}

export const givenAsset = ({ side }: OrderRequest): number => (side === "buy" ? USDT : BTC);

type Fills = ReferenceOrder["fills"];

const quoteOf = (fills: Fills): bigint =>
  fills.reduce((sum, { price, quantity }) => sum + BigInt(price) * BigInt(quantity), 0n) *
  TICK_LOT_UNITS;

const baseOf = (fills: Fills): bigint =>
  fills.reduce((sum, { quantity }) => sum + BigInt(quantity), 0n) * LOT_UNITS;

const given = ({ request, fills }: ReferenceOrder): bigint =>
  request.side === "buy" ? quoteOf(fills) : baseOf(fills);

const received = ({ request, fills }: ReferenceOrder): bigint =>
  request.side === "buy" ? baseOf(fills) : quoteOf(fills);

/** The exact fee on everything, rounded up once. */
const fee = ({ request, fills }: ReferenceOrder): bigint => {
  let ppm = 0n;
  for (const fill of fills) {
    const amount = request.side === "buy" ? baseOf([fill]) : quoteOf([fill]);
    ppm += amount * BigInt(fill.ratePpm);
  }
  return (ppm + 999_999n) / 1_000_000n;
};

const worstCase = (request: OrderRequest, fills: Fills): bigint | undefined => {
  const { side, price, quantity, quoteQuantity } = request;
  if (quoteQuantity > 0) {
    const left = BigInt(quoteQuantity) - quoteOf(fills) / TICK_LOT_UNITS;
    if (side === "buy") return left * TICK_LOT_UNITS;
    return price === 0 ? undefined : (left / BigInt(price)) * LOT_UNITS;
  }
  const left = BigInt(quantity) - baseOf(fills) / LOT_UNITS;
  if (side === "sell") return left * LOT_UNITS;
  return price === 0 ? undefined : left * BigInt(price) * TICK_LOT_UNITS;
};
