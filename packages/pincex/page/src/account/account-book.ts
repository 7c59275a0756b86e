import { Changing } from "../changes.ts";
import type { Balance, Fill, Order } from "./holdings.ts";

const MOST_CLOSED = 200;
const MOST_FILLS = 300;

const newestFirst = (one: { sequence: number; id?: string }, other: typeof one): number =>
  other.sequence - one.sequence || Number(other.id ?? 0) - Number(one.id ?? 0);

/**
 * What the account has, put together from answers and messages in whatever order they come: each says which command of the
 * venue it is as of, and what is older than what is here changes nothing.
 */
export class AccountBook extends Changing {
  readonly #orders = new Map<string, Order>();
  readonly #fills = new Map<string, Fill>();
  #balances: readonly Balance[] = [];
  #balancesAsOf = 0;

  /** The newest first. */
  get openOrders(): readonly Order[] {
    return [...this.#orders.values()]
      .filter(({ status }) => status === "open")
      .sort((one, other) => Number(other.id) - Number(one.id));
  }

  /** The last ended first. */
  get closedOrders(): readonly Order[] {
    return [...this.#orders.values()].filter(({ status }) => status !== "open").sort(newestFirst);
  }

  /** The newest first. */
  get fills(): readonly Fill[] {
    return [...this.#fills.values()].sort(
      (one, other) => other.sequence - one.sequence || Number(other.tradeId) - Number(one.tradeId),
    );
  }

  get balances(): readonly Balance[] {
    return this.#balances;
  }

  /** The command that the balances are as of. */
  get balancesAsOf(): number {
    return this.#balancesAsOf;
  }

  available(asset: string): string {
    return this.#balances.find((balance) => balance.asset === asset)?.available ?? "0";
  }

  /** All open orders, as of a command: those that are not among them have ended. */
  setOpenOrders(asOf: number, open: readonly Order[]): void {
    for (const order of this.openOrders) {
      if (order.sequence <= asOf) this.#orders.delete(order.id);
    }
    this.addOrders(open);
  }

  addOrders(orders: readonly Order[]): void {
    for (const order of orders) {
      const known = this.#orders.get(order.id);
      if (known === undefined || known.sequence <= order.sequence)
        this.#orders.set(order.id, order);
    }
    for (const { id } of this.closedOrders.slice(MOST_CLOSED)) this.#orders.delete(id);
    this.changed();
  }

  addFills(fills: readonly Fill[]): void {
    for (const fill of fills) this.#fills.set(`${fill.tradeId} ${fill.orderId}`, fill);
    for (const { tradeId, orderId } of this.fills.slice(MOST_FILLS)) {
      this.#fills.delete(`${tradeId} ${orderId}`);
    }
    this.changed();
  }

  /** Balances as of a command: all of them, or those that changed. */
  addBalances(asOf: number, balances: readonly Balance[]): void {
    if (asOf < this.#balancesAsOf) return;
    this.#balancesAsOf = asOf;
    const added = new Map(balances.map((balance) => [balance.asset, balance]));
    const kept = this.#balances.map((balance) => added.get(balance.asset) ?? balance);
    const known = new Set(kept.map(({ asset }) => asset));
    this.#balances = [...kept, ...balances.filter(({ asset }) => !known.has(asset))];
    this.changed();
  }

  clear(): void {
    this.#orders.clear();
    this.#fills.clear();
    this.#balances = [];
    this.#balancesAsOf = 0;
    this.changed();
  }
}
