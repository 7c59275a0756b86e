import type { Admission } from "./admission.ts";
import { DoneReason } from "./done-reason.ts";
import type { EngineHandler } from "./engine-handler.ts";
import { EventWriter } from "./events/event-writer.ts";
import { IncomingOrder } from "./incoming-order.ts";
import type { MarketRules } from "./memory/market-table.ts";
import { bookSide, priceKey } from "./memory/price-levels.ts";
import type { OrderBooks } from "./order-books.ts";
import { REJECTIONS } from "./rejection.ts";
import { brokenMarketRule } from "./rules/market-rules.ts";
import { brokenPlacementRule } from "./rules/placement-rules.ts";
import { brokenReductionRule } from "./rules/reduction-rules.ts";
import { TimeInForce } from "./time-in-force.ts";

/** Continuous trading by price, then time: what each command does to the books, and the events that tell it. */
export class Matching {
  /** What is asked, filled in before a command's method is called. */
  readonly incoming: IncomingOrder = new IncomingOrder();
  private readonly books: OrderBooks;
  private readonly admission: Admission | undefined;
  readonly events: EventWriter;

  constructor(books: OrderBooks, handler: EngineHandler, admission: Admission | undefined) {
    this.books = books;
    this.events = new EventWriter(this.incoming, books, handler);
    this.admission = admission;
  }

  addMarket(rules: MarketRules): boolean {
    const { market } = this.incoming;
    const broken = brokenMarketRule(market, rules, this.books.markets);
    if (broken !== 0) return this.reject(broken);
    this.books.levels.addBook(this.books.markets.add(market, rules));
    this.events.tellMarketAdded();
    return true;
  }

  /** `incoming.orderId` then is the order's, 0 if it was rejected. */
  place(): boolean {
    const order = this.incoming;
    order.row = this.books.markets.row(order.market);
    order.orderId = 0;
    const broken = brokenPlacementRule(order, this.books);
    if (broken !== 0) return this.reject(broken);
    if (!this.accept()) return false;

    order.remaining = order.quantity;
    order.budget = order.quoteQuantity;
    if (order.timeInForce === TimeInForce.fok && !this.canFill()) {
      this.events.tellIncomingDone(DoneReason.fill_or_kill_unfilled);
    } else if (this.match()) {
      this.events.tellIncomingDone(order.isByQuote ? DoneReason.budget_spent : DoneReason.filled);
    } else if (order.timeInForce === TimeInForce.gtc) {
      this.events.tellLevel(this.books.orders.level(this.books.rest(order)));
    } else {
      this.events.tellIncomingDone(DoneReason.no_liquidity);
    }
    return true;
  }

  cancel(): boolean {
    const slot = this.named();
    if (slot === 0) return this.reject(REJECTIONS.order_unknown.number);
    const level = this.books.orders.level(slot);
    this.events.tellRestingDone(slot, DoneReason.cancelled);
    this.books.remove(slot);
    this.books.levels.removeIfEmpty(level);
    this.events.tellLevel(level);
    return true;
  }

  reduce(): boolean {
    const order = this.incoming;
    const { orders, levels } = this.books;
    const slot = this.named();
    if (slot === 0) return this.reject(REJECTIONS.order_unknown.number);
    const broken = brokenReductionRule(order, this.books, slot);
    if (broken !== 0) return this.reject(broken);
    const level = orders.level(slot);
    orders.setQuantity(slot, orders.quantity(slot) - order.quantity);
    orders.setRemaining(slot, orders.remaining(slot) - order.quantity);
    levels.takeOff(level, order.quantity);
    this.events.tellReduced(slot);
    this.events.tellLevel(level);
    return true;
  }

  /** The named order, if it rests in the named market and is the named account's; else 0. */
  private named(): number {
    const { orderId, market, account } = this.incoming;
    const { index, orders, markets } = this.books;
    const slot = index.find(orderId);
    if (slot === 0 || orders.account(slot) !== account) return 0;
    const row = this.books.rowOf(slot);
    this.incoming.row = row;
    return markets.market(row) === market ? slot : 0;
  }

  /** The order gets its id, unless the Admission port refuses it. */
  private accept(): boolean {
    const order = this.incoming;
    order.orderId = this.books.nextOrderId;
    const accepted = this.events.fillAccepted();
    const refusal = this.admission === undefined ? 0 : this.admission.admit(accepted);
    if (refusal !== 0) {
      order.orderId = 0;
      this.events.tellRefused(refusal);
      return false;
    }
    this.books.nextOrderId = order.orderId + 1;
    this.books.index.giveOut(order.orderId);
    this.events.tell(accepted);
    return true;
  }

  /** Trades with the other side, best price first, until the order has all it wants (`true`) or nothing suits it. */
  private match(): boolean {
    const order = this.incoming;
    const { levels } = this.books;
    const makers = bookSide(order.row, 1 - order.side);
    const worstKey = priceKey(makers, order.worstPrice);
    // No key is below 1, so that a side where nothing rests is never good enough.
    while (levels.bestKey(makers) >= worstKey) {
      const level = levels.best(makers);
      if (order.isByQuote) {
        order.remaining = this.affordable(order.budget, levels.price(level));
        if (order.remaining === 0) return true;
      }
      this.matchLevel(level);
      if (order.isSatisfied) return true;
    }
    return false;
  }

  /** Trades with the orders of a level, oldest first, at their price. */
  private matchLevel(level: number): void {
    const order = this.incoming;
    const { orders, levels } = this.books;
    const price = levels.price(level);
    for (
      let maker = levels.first(level);
      maker !== 0 && order.remaining > 0;
      maker = levels.first(level)
    ) {
      order.filling = Math.min(order.remaining, orders.remaining(maker));
      order.remaining -= order.filling;
      orders.setRemaining(maker, orders.remaining(maker) - order.filling);
      levels.takeOff(level, order.filling);
      if (order.isByQuote) order.budget -= price * order.filling;
      const trade = this.events.fillTrade(maker, price);
      this.books.nextTradeId += 1;
      this.events.tell(trade);
      if (orders.remaining(maker) === 0) {
        this.events.tellRestingDone(maker, DoneReason.filled);
        this.books.remove(maker);
      }
    }
    levels.removeIfEmpty(level);
    this.events.tellLevel(level);
  }

  /** Whether `match` would give the order all it wants. */
  private canFill(): boolean {
    const order = this.incoming;
    const { levels } = this.books;
    const makers = bookSide(order.row, 1 - order.side);
    const worstKey = priceKey(makers, order.worstPrice);
    let wanted = order.isByQuote ? order.quoteQuantity : order.quantity;
    let level = levels.best(makers);
    for (; level !== 0 && levels.key(level) >= worstKey; level = levels.worse(level)) {
      wanted = order.isByQuote ? this.budgetAfter(level, wanted) : wanted - levels.quantity(level);
      if (wanted <= 0) return true;
    }
    return false;
  }

  /** What a level leaves of a budget; 0 if it has more lots than the budget pays for, whatever small change stays unspent. */
  private budgetAfter(level: number, budget: number): number {
    const { levels } = this.books;
    const price = levels.price(level);
    const there = levels.quantity(level);
    return this.affordable(budget, price) < there ? 0 : budget - there * price;
  }

  /** The lots that a budget pays for at a price, in whole increments. Both divisions are exact: see `isMultipleOf`. */
  private affordable(budget: number, price: number): number {
    const increment = this.books.markets.quantityIncrement(this.incoming.row);
    return Math.floor(Math.floor(budget / price) / increment) * increment;
  }

  private reject(codeNumber: number): false {
    this.events.tellRejected(codeNumber);
    return false;
  }
}
