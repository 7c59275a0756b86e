import type { EngineEvent } from "@pincex/engine";
import type { OrderRequest } from "../commands/place-order.ts";
import type { VenueCommand } from "../commands/venue-command.ts";
import type { VenueEvent } from "../events/venue-event.ts";
import type { FeeRates } from "../fees/fee-schedule.ts";
import { BTC, MARKET, USDT } from "./core-under-test.ts";

const LOT_UNITS = 1_000n;
const TICK_LOT_UNITS = 10n;
const PPM = 1_000_000n;
const FREE: FeeRates = { makerPpm: 0, takerPpm: 0, paidIn: "received" };

type EventOf<Kind extends VenueEvent["kind"]> = Extract<VenueEvent, { readonly kind: Kind }>;
type TradeEvent = Extract<EngineEvent, { readonly kind: "trade" }>;
type Sized = Pick<OrderRequest, "side" | "price" | "quantity" | "quoteQuantity">;

/** An order as the reference sees it: what it asks for now, the fills that it has had, and what it has lost otherwise. */
interface ReferenceOrder {
  readonly orderId: number;
  readonly account: number;
  terms: Sized;
  /** What it was to be charged when it became live. */
  rates: FeeRates;
  /** Orders of which only one will trade have the same group. */
  readonly group: string;
  isPending: boolean;
  lost: number;
  readonly fills: Fill[];
}

interface Fill {
  readonly price: number;
  readonly quantity: number;
  readonly ratePpm: number;
  readonly tradeId: number;
  /** What it was charged at the time: the part of the order's fee that it added. */
  readonly fee: bigint;
}

/**
 * Balances, holds and fees worked out the slow and obvious way: each figure anew, from all that has happened. Which
 * orders trade it learns from the engine's events, what that means for money it knows by itself.
 */
export class ReferenceAccounts {
  /** What deposits, withdrawals, transfers and busts have brought. */
  readonly #moved: Map<string, bigint> = new Map();
  readonly #orders: Map<number, ReferenceOrder> = new Map();
  readonly #open: Set<number> = new Set();
  readonly #rates: Map<string, FeeRates> = new Map();
  readonly #tiers: Map<number, number> = new Map();
  readonly #withdrawals: Map<number, EventOf<"withdrawal_held">> = new Map();
  #rules = 1;
  #list: EventOf<"list_accepted"> | undefined;

  follow(command: VenueCommand, events: readonly VenueEvent[]): void {
    this.#list = undefined;
    for (const event of events) this.#followEvent(command, event);
  }

  balance(account: number, asset: number): bigint {
    let balance = this.#movedOf(account, asset);
    for (const order of this.#orders.values()) {
      if (order.account !== account) continue;
      if (givenAsset(order.terms) === asset) balance -= given(order);
      else balance += received(order);
      if (this.#feeAsset(order) === asset) balance -= fee(order);
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
    const ofOrders = [...groups.values()].reduce((sum, needed) => sum + needed, 0n);
    return ofOrders + this.#withdrawing(account, asset);
  }

  #withdrawing(account: number, asset: number): bigint {
    return [...this.#withdrawals.values()]
      .filter((withdrawal) => withdrawal.account === account && withdrawal.asset === asset)
      .reduce((sum, { amount }) => sum + amount, 0n);
  }

  /** What the venue has earned and not paid out again. */
  fees(asset: number): bigint {
    let fees = this.#movedOf(0, asset);
    for (const order of this.#orders.values()) {
      if (this.#feeAsset(order) === asset) fees += fee(order);
    }
    return fees;
  }

  /** What the order would reserve, or undefined where that has no bound. */
  needed(account: number, request: OrderRequest): bigint | undefined {
    const { side, price, quoteQuantity } = request;
    const isBounded = price > 0 || (side === "buy" ? quoteQuantity > 0 : quoteQuantity === 0);
    if (!isBounded) return undefined;
    return worstCase({ terms: request, rates: this.#ratesFor(account), fills: [], lost: 0 });
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
        this.#rates.set(`${event.market}/${event.tier}`, event);
        break;
      case "account_tier_set":
        this.#tiers.set(event.account, event.tier);
        break;
      case "rules_raised":
        this.#rules = event.rules;
        break;
      case "entry":
        this.#follow(command);
        break;
      case "withdrawal_held":
        this.#withdrawals.set(event.withdrawal, event);
        break;
      case "withdrawal_ended":
        this.#endWithdrawal(event);
        break;
      case "trade_busted":
        this.#bust(event);
        break;
    }
  }

  #place(event: Extract<EngineEvent, { readonly kind: "accepted" | "pending" }>): void {
    const { orderId, account, side, price, quantity, quoteQuantity } = event;
    this.#orders.set(orderId, {
      orderId,
      account,
      terms: { side, price, quantity, quoteQuantity },
      rates: this.#ratesFor(account),
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
  #wake(event: Extract<EngineEvent, { readonly kind: "activated" | "triggered" }>): void {
    const { orderId, price, quantity, quoteQuantity } = event;
    this.#changeTerms(orderId, { price, quantity, quoteQuantity });
    const order = this.#orders.get(orderId);
    if (order === undefined) return;
    if (order.isPending) order.rates = this.#ratesFor(order.account);
    order.isPending = false;
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

  #trade(trade: TradeEvent): void {
    const maker = this.#orders.get(trade.makerOrderId);
    const taker = this.#orders.get(trade.takerOrderId);
    if (maker === undefined || taker === undefined) return;
    const now = this.#rules === 1 ? this.#scheduled(MARKET, 0) : undefined;
    const takerPpm = (now ?? taker.rates).takerPpm;
    const buyer = trade.takerSide === "buy" ? taker : maker;
    const areInQuote = buyer.rates.paidIn === "quote";
    const rebated = areInQuote ? Math.max(maker.rates.makerPpm, -takerPpm) : 0;
    const makerPpm = (now ?? maker.rates).makerPpm;
    this.#fill(maker, trade, makerPpm < 0 ? rebated : makerPpm);
    this.#fill(taker, trade, takerPpm);
  }

  #fill(order: ReferenceOrder, { tradeId, price, quantity }: TradeEvent, ratePpm: number): void {
    const before = fee(order);
    const filled = { price, quantity, ratePpm, tradeId, fee: 0n };
    const after = fee({ ...order, fills: [...order.fills, filled] });
    order.fills.push({ ...filled, fee: after - before });
  }

  /** Both get back what they gave and what they were charged, and give what they got. */
  #bust({ tradeId }: EventOf<"trade_busted">): void {
    for (const order of this.#orders.values()) {
      for (const fill of order.fills.filter((each) => each.tradeId === tradeId)) {
        const { account, terms } = order;
        const gave = terms.side === "buy" ? quoteOf([fill]) : baseOf([fill]);
        const got = terms.side === "buy" ? baseOf([fill]) : quoteOf([fill]);
        this.#move(account, givenAsset(terms), gave);
        this.#move(account, receivedAsset(terms), -got);
        this.#move(account, this.#feeAsset(order), fill.fee);
        this.#move(0, this.#feeAsset(order), -fill.fee);
      }
    }
  }

  #follow(command: VenueCommand): void {
    if (command.kind === "credit_deposit") {
      this.#move(command.account, command.asset, command.amount);
    } else if (command.kind === "transfer") {
      this.#move(command.account, command.asset, -command.amount);
      this.#move(command.to, command.asset, command.amount);
    }
  }

  #endWithdrawal({ withdrawal, outcome }: EventOf<"withdrawal_ended">): void {
    const held = this.#withdrawals.get(withdrawal);
    this.#withdrawals.delete(withdrawal);
    if (held === undefined || outcome === "released") return;
    this.#move(held.account, held.asset, -held.amount);
    this.#move(0, held.asset, held.fee);
  }

  /** Account 0 is the venue. */
  #move(account: number, asset: number, amount: bigint): void {
    this.#moved.set(`${account}/${asset}`, this.#movedOf(account, asset) + amount);
  }

  #movedOf(account: number, asset: number): bigint {
    return this.#moved.get(`${account}/${asset}`) ?? 0n;
  }

  #ratesFor(account: number): FeeRates {
    return this.#scheduled(MARKET, this.#tiers.get(account) ?? 0);
  }

  #scheduled(market: number, tier: number): FeeRates {
    const set = [`${market}/${tier}`, `${market}/0`, `0/${tier}`, "0/0"];
    return set.map((key) => this.#rates.get(key)).find((rates) => rates !== undefined) ?? FREE;
  }

  #feeAsset({ terms, rates }: Pick<ReferenceOrder, "terms" | "rates">): number {
    return rates.paidIn === "quote" ? USDT : receivedAsset(terms);
  }
}

export const givenAsset = ({ side }: Pick<OrderRequest, "side">): number =>
  side === "buy" ? USDT : BTC;

const receivedAsset = ({ side }: Pick<OrderRequest, "side">): number =>
  side === "buy" ? BTC : USDT;

type Traded = Pick<Fill, "price" | "quantity">;

const quoteOf = (fills: readonly Traded[]): bigint =>
  fills.reduce((sum, { price, quantity }) => sum + BigInt(price) * BigInt(quantity), 0n) *
  TICK_LOT_UNITS;

const baseOf = (fills: readonly Traded[]): bigint =>
  fills.reduce((sum, { quantity }) => sum + BigInt(quantity), 0n) * LOT_UNITS;

const given = ({ terms, fills }: ReferenceOrder): bigint =>
  terms.side === "buy" ? quoteOf(fills) : baseOf(fills);

const received = ({ terms, fills }: ReferenceOrder): bigint =>
  terms.side === "buy" ? baseOf(fills) : quoteOf(fills);

type Charged = Pick<ReferenceOrder, "terms" | "rates" | "fills">;

/** The exact fee on everything, rounded up once: of a rebate, down. */
const fee = (order: Charged): bigint => roundedUp(exactFee(order));

/** In millionths of a smallest unit. */
const exactFee = ({ terms, rates, fills }: Charged): bigint => {
  const isOfBase = terms.side === "buy" && rates.paidIn === "received";
  return fills.reduce((sum, fill) => {
    const amount = isOfBase ? baseOf([fill]) : quoteOf([fill]);
    return sum + amount * BigInt(fill.ratePpm);
  }, 0n);
};

const roundedUp = (ppm: bigint): bigint => (ppm > 0n ? (ppm + PPM - 1n) / PPM : ppm / PPM);

type Reserving = Pick<ReferenceOrder, "terms" | "rates" | "fills" | "lost">;

/** Of an order that has a bound. A buyer that pays in quote reserves for its fees, too. */
const worstCase = (order: Reserving): bigint => {
  const left = leftToGive(order);
  const { terms, rates } = order;
  if (terms.side === "sell" || rates.paidIn === "received") return left;
  const highestPpm = BigInt(Math.max(rates.makerPpm, rates.takerPpm));
  return left + roundedUp(exactFee(order) + left * highestPpm) - fee(order);
};

const leftToGive = ({ terms, fills, lost }: Reserving): bigint => {
  const { side, price, quantity, quoteQuantity } = terms;
  if (quoteQuantity > 0) {
    const left = BigInt(quoteQuantity) - quoteOf(fills) / TICK_LOT_UNITS;
    return side === "buy" ? left * TICK_LOT_UNITS : (left / BigInt(price)) * LOT_UNITS;
  }
  const left = BigInt(quantity - lost) - baseOf(fills) / LOT_UNITS;
  return side === "sell" ? left * LOT_UNITS : left * BigInt(price) * TICK_LOT_UNITS;
};
