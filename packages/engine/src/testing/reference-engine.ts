import type { EngineCommand, Place } from "../commands/command.ts";
import type { DoneReasonName } from "../done-reason.ts";
import type { BookLevel, RestingOrder } from "../engine.ts";
import type { EngineEvent } from "../events/event.ts";
import { REJECTIONS } from "../rejection.ts";
import type { SideName } from "../side.ts";

type Rules = Extract<EngineCommand, { kind: "add_market" }>;
type Code = keyof typeof REJECTIONS;
type Resting = { -readonly [Field in keyof RestingOrder]: RestingOrder[Field] };

/**
 * The slow, obvious engine: written from the rules, with an array of orders and objects for everything. It shares no code
 * with the fast one but the names, and is what the fast one is compared with.
 */
export class ReferenceEngine {
  readonly #refuse: (order: Place) => number;
  readonly #markets: Map<number, Rules> = new Map();
  #resting: Resting[] = [];
  #events: EngineEvent[] = [];
  nextOrderId = 1;
  nextTradeId = 1;

  /** `refuse` is the Admission port: 0 for yes, or a code from 1000 on. */
  constructor(refuse: (order: Place) => number = () => 0) {
    this.#refuse = refuse;
  }

  process(command: EngineCommand): EngineEvent[] {
    this.#events = [];
    if (command.kind === "add_market") this.#addMarket(command);
    if (command.kind === "place") this.#place(command);
    if (command.kind === "cancel") this.#cancel(command);
    if (command.kind === "reduce") this.#reduce(command);
    return this.#events;
  }

  /** Best price first, oldest first. */
  restingOrders(market: number, side: SideName): RestingOrder[] {
    const better = (one: Resting, other: Resting): number =>
      side === "buy" ? other.price - one.price : one.price - other.price;
    return this.#resting
      .filter((order) => order.market === market && order.side === side)
      .sort((one, other) => better(one, other) || one.orderId - other.orderId);
  }

  depth(market: number, side: SideName): BookLevel[] {
    const prices = new Set(this.restingOrders(market, side).map(({ price }) => price));
    return [...prices].map((price) => {
      const orders = this.#at(market, side, price);
      return { price, quantity: sumOf(orders), orders: orders.length };
    });
  }

  #addMarket(command: Rules): void {
    const broken = this.#brokenMarketRule(command);
    if (broken !== undefined) {
      this.#reject({ ...command, account: 0, orderId: 0 }, broken);
      return;
    }
    this.#markets.set(command.market, command);
    this.#events.push({ kind: "market_added", market: command.market });
  }

  #brokenMarketRule(rules: Rules): Code | undefined {
    const isWhole = (value: number, from: number, to: number): boolean =>
      Number.isSafeInteger(value) && !Object.is(value, -0) && value >= from && value <= to;
    const maxNotional = rules.maxPrice * rules.maxQuantity;
    if (rules.market < 1) return "market_number_out_of_range";
    if (this.#markets.has(rules.market)) return "market_already_added";
    if (!isWhole(rules.maxPrice, 1, 2 ** 31 - 2)) return "maximum_price_out_of_range";
    if (!isWhole(rules.maxQuantity, 1, 2 ** 53 - 1) || maxNotional > Number.MAX_SAFE_INTEGER)
      return "maximum_notional_out_of_range";
    if (!isWhole(rules.priceIncrement, 1, rules.maxPrice)) return "price_increment_out_of_range";
    if (!isWhole(rules.quantityIncrement, 1, rules.maxQuantity))
      return "quantity_increment_out_of_range";
    if (!isWhole(rules.minQuantity, 0, rules.maxQuantity)) return "minimum_quantity_out_of_range";
    if (!isWhole(rules.minNotional, 0, maxNotional)) return "minimum_notional_out_of_range";
    return undefined;
  }

  #place(order: Place): void {
    const broken = this.#brokenPlacementRule(order);
    if (broken !== undefined) {
      this.#reject({ ...order, orderId: 0 }, broken);
      return;
    }
    const refusal = this.#refuse(order);
    if (refusal !== 0) {
      const { market, account } = order;
      const code = "refused_by_admission";
      this.#events.push({
        kind: "rejected",
        market,
        account,
        orderId: 0,
        code,
        codeNumber: refusal,
        field: "",
      });
      return;
    }
    const orderId = this.nextOrderId;
    this.nextOrderId += 1;
    const { kind: _, ...terms } = order;
    // A quantity of −0 is none, and events say 0.
    const quantities = { quantity: order.quantity + 0, quoteQuantity: order.quoteQuantity + 0 };
    this.#events.push({ kind: "accepted", orderId, ...terms, ...quantities });
    // What would trade is worked out first; a fill-or-kill order then trades it all or nothing.
    const { fills, satisfied } = this.#fillsFor(order);
    if (order.timeInForce === "fok" && !satisfied) {
      this.#done({ ...order, orderId }, "fill_or_kill_unfilled", order.quantity);
      return;
    }
    this.#trade(order, orderId, fills);
    const filled = fills.reduce((sum, fill) => sum + fill.quantity, 0);
    const remaining = order.quoteQuantity > 0 ? 0 : order.quantity - filled;
    if (satisfied) {
      this.#done(
        { ...order, orderId },
        order.quoteQuantity > 0 ? "budget_spent" : "filled",
        remaining,
      );
    } else if (order.timeInForce === "gtc") {
      const { market, account, side, price, quantity } = order;
      this.#resting.push({ orderId, market, account, side, price, quantity, remaining });
      this.#levelChanged(market, side, price);
    } else {
      this.#done({ ...order, orderId }, "no_liquidity", remaining);
    }
  }

  #brokenPlacementRule(order: Place): Code | undefined {
    const rules = this.#markets.get(order.market);
    if (rules === undefined) return "unknown_market";
    if (order.account < 1) return "account_must_be_positive";
    const { price, quantity, quoteQuantity } = order;
    if (order.type === "limit") {
      if (quoteQuantity !== 0) return "quantity_or_quote_quantity";
      const broken = brokenPriceRule(price, rules) ?? brokenQuantityRule(quantity, rules);
      if (broken !== undefined) return broken;
      if (BigInt(price) * BigInt(quantity) < BigInt(rules.minNotional))
        return "notional_below_minimum";
      const alreadyThere = sumOf(this.#at(order.market, order.side, price));
      if (order.timeInForce === "gtc" && alreadyThere + quantity > Number.MAX_SAFE_INTEGER)
        return "level_quantity_above_maximum";
      return undefined;
    }
    if (order.timeInForce === "gtc") return "market_order_cannot_rest";
    if ((quantity === 0) === (quoteQuantity === 0)) return "quantity_or_quote_quantity";
    if (price !== 0) {
      const broken = brokenPriceRule(price, rules);
      if (broken !== undefined) return broken;
    }
    if (quoteQuantity === 0) return brokenQuantityRule(quantity, rules);
    if (!(quoteQuantity > 0)) return "quote_quantity_must_be_positive";
    if (quoteQuantity > rules.maxPrice * rules.maxQuantity) return "notional_above_maximum";
    if (!Number.isInteger(quoteQuantity)) return "quote_quantity_must_be_positive";
    if (quoteQuantity < rules.minNotional) return "notional_below_minimum";
    return undefined;
  }

  /** The makers that an order meets, one after the other, and whether it then has all that it wants. */
  #fillsFor(order: Place): { fills: { maker: Resting; quantity: number }[]; satisfied: boolean } {
    const { quantityIncrement } = this.#markets.get(order.market) as Rules;
    const fills: { maker: Resting; quantity: number }[] = [];
    let wanted = order.quantity;
    let budget = order.quoteQuantity;
    const isSatisfied = (): boolean => (order.quoteQuantity > 0 ? budget === 0 : wanted === 0);
    for (const maker of this.restingOrders(order.market, other(order.side)) as Resting[]) {
      if (isSatisfied() || !suits(order, maker.price)) break;
      if (order.quoteQuantity > 0) {
        const lots = BigInt(budget) / BigInt(maker.price);
        wanted = Number(lots - (lots % BigInt(quantityIncrement)));
        if (wanted === 0) return { fills, satisfied: true };
      }
      const quantity = wanted < maker.remaining ? wanted : maker.remaining;
      fills.push({ maker, quantity });
      wanted -= quantity;
      budget -= quantity * maker.price;
      // What a maker keeps is what the order could not use: it has enough, or can't pay for one more increment.
      if (quantity < maker.remaining) return { fills, satisfied: true };
    }
    return { fills, satisfied: isSatisfied() };
  }

  #trade(order: Place, takerOrderId: number, fills: { maker: Resting; quantity: number }[]): void {
    let takerRemaining = order.quantity;
    fills.forEach(({ maker, quantity }, index) => {
      maker.remaining -= quantity;
      takerRemaining -= quantity;
      this.#events.push({
        kind: "trade",
        market: order.market,
        tradeId: this.nextTradeId,
        price: maker.price,
        quantity,
        takerSide: order.side,
        makerOrderId: maker.orderId,
        takerOrderId,
        makerAccount: maker.account,
        takerAccount: order.account,
        makerRemaining: maker.remaining,
        takerRemaining: order.quoteQuantity > 0 ? 0 : takerRemaining,
      });
      this.nextTradeId += 1;
      if (maker.remaining === 0) {
        this.#resting = this.#resting.filter((resting) => resting !== maker);
        this.#done(maker, "filled", 0);
      }
      const leavesLevel = fills[index + 1]?.maker.price !== maker.price;
      if (leavesLevel) this.#levelChanged(maker.market, maker.side, maker.price);
    });
  }

  #cancel(command: Extract<EngineCommand, { kind: "cancel" }>): void {
    const order = this.#named(command);
    if (order === undefined) {
      this.#reject(command, "order_unknown");
      return;
    }
    this.#resting = this.#resting.filter((resting) => resting !== order);
    this.#done(order, "cancelled", order.remaining);
    this.#levelChanged(order.market, order.side, order.price);
  }

  #reduce(command: Extract<EngineCommand, { kind: "reduce" }>): void {
    const order = this.#named(command);
    const broken = this.#brokenReductionRule(command, order);
    if (order === undefined || broken !== undefined) {
      this.#reject(command, broken ?? "order_unknown");
      return;
    }
    const { quantity } = command;
    order.quantity -= quantity;
    order.remaining -= quantity;
    const { market, account, orderId, side, price, remaining } = order;
    this.#events.push({
      kind: "reduced",
      market,
      account,
      orderId,
      side,
      price,
      quantity,
      remaining,
    });
    this.#levelChanged(market, side, price);
  }

  #brokenReductionRule(
    { market, quantity }: { market: number; quantity: number },
    order: RestingOrder | undefined,
  ): Code | undefined {
    if (order === undefined) return "order_unknown";
    if (!(quantity > 0)) return "quantity_must_be_positive";
    if (quantity >= order.remaining) return "quantity_above_maximum";
    const { quantityIncrement } = this.#markets.get(market) as Rules;
    return isWholeMultiple(quantity, quantityIncrement) ? undefined : "quantity_off_increment";
  }

  #named(command: { market: number; account: number; orderId: number }): Resting | undefined {
    return this.#resting.find(
      ({ market, account, orderId }) =>
        market === command.market && account === command.account && orderId === command.orderId,
    );
  }

  #at(market: number, side: SideName, price: number): Resting[] {
    return this.#resting.filter(
      (order) => order.market === market && order.side === side && order.price === price,
    );
  }

  #done(
    order: { market: number; account: number; orderId: number; side: SideName; price: number },
    reason: DoneReasonName,
    remaining: number,
  ): void {
    const { market, account, orderId, side, price } = order;
    this.#events.push({ kind: "done", market, account, orderId, side, price, reason, remaining });
  }

  #levelChanged(market: number, side: SideName, price: number): void {
    const orders = this.#at(market, side, price);
    const quantity = sumOf(orders);
    this.#events.push({
      kind: "level_changed",
      market,
      side,
      price,
      quantity,
      orders: orders.length,
    });
  }

  #reject(command: { market: number; account: number; orderId: number }, code: Code): void {
    const { market, account } = command;
    const isId = Number.isSafeInteger(command.orderId) && command.orderId > 0;
    const { number: codeNumber, field } = REJECTIONS[code];
    this.#events.push({
      kind: "rejected",
      market,
      account,
      orderId: isId ? command.orderId : 0,
      code,
      codeNumber,
      field,
    });
  }
}

const brokenPriceRule = (price: number, rules: Rules): Code | undefined => {
  if (price < 1) return "price_must_be_positive";
  if (price > rules.maxPrice) return "price_above_maximum";
  if (price % rules.priceIncrement !== 0) return "price_off_increment";
  return undefined;
};

const brokenQuantityRule = (quantity: number, rules: Rules): Code | undefined => {
  if (!(quantity > 0)) return "quantity_must_be_positive";
  if (quantity > rules.maxQuantity) return "quantity_above_maximum";
  if (quantity < rules.minQuantity) return "quantity_below_minimum";
  if (!isWholeMultiple(quantity, rules.quantityIncrement)) return "quantity_off_increment";
  return undefined;
};

const isWholeMultiple = (value: number, unit: number): boolean =>
  Number.isInteger(value) && BigInt(value) % BigInt(unit) === 0n;

const other = (side: SideName): SideName => (side === "buy" ? "sell" : "buy");

/** Whether the order accepts a price. */
const suits = (order: Place, price: number): boolean => {
  if (order.type === "market" && order.price === 0) return true;
  return order.side === "buy" ? price <= order.price : price >= order.price;
};

const sumOf = (orders: readonly Resting[]): number =>
  orders.reduce((sum, { remaining }) => sum + remaining, 0);
