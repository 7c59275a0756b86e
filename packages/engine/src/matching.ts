import type { Admission } from "./admission.ts";
import type { AllocationRule } from "./allocation/allocation.ts";
import { Contingency, type PriceBand, Sizing } from "./commands/command.ts";
import { Peg, PostOnly, Trigger } from "./conditions/conditions.ts";
import { DoneReason } from "./done-reason.ts";
import type { EngineHandler } from "./engine-handler.ts";
import type { EventRegister } from "./events/event-register.ts";
import { EventWriter } from "./events/event-writer.ts";
import { IncomingOrder } from "./incoming-order.ts";
import { invariant } from "./invariant.ts";
import { type ListKeeping, sizeByReceived } from "./lists/list-keeping.ts";
import {
  brokenLegRule,
  brokenListRule,
  type LegsBefore,
  type ListShape,
} from "./lists/list-rules.ts";
import { MassCancel } from "./mass-cancel.ts";
import type { ChangeableRules, MarketRules } from "./memory/market-table.ts";
import { bookSide } from "./memory/price-levels.ts";
import type { OrderBooks } from "./order-books.ts";
import { OrderType } from "./order-type.ts";
import type { PeggedOrder } from "./pegs/pegged-orders.ts";
import { peggedPrice } from "./pegs/pegged-price.ts";
import { CallAuction } from "./phases/call-auction.ts";
import { Phase } from "./phases/phase.ts";
import { allowsCancelling, collects, keepsUncrossed } from "./phases/phase-rules.ts";
import { OnBreach } from "./protection/protection.ts";
import { Ranking } from "./ranking.ts";
import { REJECTIONS } from "./rejection.ts";
import { brokenAllocationRule } from "./rules/allocation-rules.ts";
import { brokenAmendmentRule, keepsItsPlace } from "./rules/amendment-rules.ts";
import { brokenBandsRule, brokenChangeRule, brokenMarketRule } from "./rules/market-rules.ts";
import { brokenPlacementRule } from "./rules/placement-rules.ts";
import { brokenCountRule } from "./rules/protection-rules.ts";
import { brokenReductionRule } from "./rules/reduction-rules.ts";
import { Side } from "./side.ts";
import { Sweep, Taking } from "./taking.ts";
import { Deadlines } from "./time/deadlines.ts";
import { TimeInForce } from "./time-in-force.ts";
import { isCount, MAX_INT32 } from "./whole-number.ts";

/** Whatever a command can do, step by step: the matching rules. `PlainTrading` does the plainest of it in one piece. */
export class Matching {
  /** What is asked, filled in before a command's method is called. */
  readonly incoming: IncomingOrder = new IncomingOrder();
  readonly events: EventWriter;
  readonly auction: CallAuction;
  readonly deadlines: Deadlines = new Deadlines();
  readonly massCancel: MassCancel;
  private readonly books: OrderBooks;
  private readonly taking: Taking;
  private readonly lists: ListKeeping;
  private readonly admission: Admission | undefined;

  constructor(books: OrderBooks, handler: EngineHandler, admission: Admission | undefined) {
    this.books = books;
    this.events = new EventWriter(this.incoming, books, handler);
    this.massCancel = new MassCancel(books, this.events, this.deadlines, (row) =>
      this.afterwards(row),
    );
    this.lists = this.massCancel.lists;
    this.auction = new CallAuction(this.incoming, books, this.events, this.lists);
    this.taking = new Taking(this.incoming, books, this.events, this.lists);
    this.admission = admission;
  }

  addMarket(rules: MarketRules): boolean {
    const { market } = this.incoming;
    const broken = brokenMarketRule(market, rules, this.books.markets);
    if (broken !== 0) return this.reject(broken);
    this.books.addBook(this.books.markets.add(market, rules));
    this.events.tellMarketAdded();
    return true;
  }

  changeMarket(market: number, rules: ChangeableRules): boolean {
    const row = this.books.markets.row(market);
    this.nameNothing(market, 0);
    const broken = brokenChangeRule(row, rules, this.books.markets);
    if (broken !== 0) return this.reject(broken);
    this.books.changeMarket(row, rules);
    this.events.tellMarketChanged(market);
    this.afterwards(row);
    return true;
  }

  setPriceIncrements(market: number, bands: readonly PriceBand[]): boolean {
    const row = this.books.markets.row(market);
    this.nameNothing(market, 0);
    const broken = brokenBandsRule(row, bands, this.books.markets);
    if (broken !== 0) return this.reject(broken);
    this.books.setPriceBands(row, bands);
    this.events.tellPriceIncrementsSet(market, bands);
    this.afterwards(row);
    return true;
  }

  /** `incoming.orderId` then is the order's, 0 if it was rejected. */
  place(): void {
    const order = this.incoming;
    order.row = this.books.markets.row(order.market);
    order.orderId = 0;
    this.placeJudged();
    // Also if it was rejected: a cancel may have come before it in the same command.
    if (order.row !== 0) this.afterwards(order.row);
  }

  private placeJudged(): void {
    const order = this.incoming;
    const broken =
      brokenPlacementRule(order, this.books) ||
      brokenCountRule(order, this.books, 0) ||
      this.settlePrice();
    if (broken !== 0) {
      this.reject(broken);
      return;
    }
    const accepted = this.admitted();
    if (accepted !== undefined) this.accept(accepted);
  }

  /**
   * Places the orders of a list, all or none. `read` puts what one of them asks for, from 1, into the registers.
   */
  placeList(shape: ListShape, read: (leg: number) => void): void {
    const isPlaced = this.placeLegs(shape, read);
    this.incoming.leaveList();
    if (isPlaced) this.afterwards(this.incoming.row);
  }

  private placeLegs(shape: ListShape, read: (leg: number) => void): boolean {
    const { incoming: order, books } = this;
    order.orderId = 0;
    order.row = books.markets.row(order.market);
    const broken = brokenListRule(shape);
    if (broken !== 0) return this.reject(broken);
    const first = books.nextOrderId;
    const fill = (leg: number): void => {
      read(leg);
      order.row = books.markets.row(order.market);
      order.leg = leg;
      order.listId = first;
      order.isPending = leg > 1 && shape.contingency !== Contingency.oco;
      order.isSizedLater = order.isPending && shape.sizing === Sizing.received;
    };
    if (!this.judgeLegs(shape, fill) || !this.admitLegs(shape, fill, first)) return false;
    const ids = Array.from({ length: shape.legs }, (_, index) => first + index);
    for (const id of ids) books.index.giveOut(id);
    books.nextOrderId = first + shape.legs;
    this.events.tell(
      this.events.fillListAccepted(shape.contingency, shape.sizing, shape.legs, first),
    );
    books.lists.add({
      id: first,
      row: order.row,
      sizing: shape.sizing,
      working: shape.contingency === Contingency.oco ? 0 : first,
      legs: shape.contingency === Contingency.oco ? ids : ids.slice(1),
      lots: 0,
      notional: 0,
    });
    this.enterLegs(ids, fill);
    return true;
  }

  /** Each order as if those before it were there. */
  private judgeLegs(shape: ListShape, fill: (leg: number) => void): boolean {
    const { incoming: order, books } = this;
    const before: LegsBefore = { side: 0, isTriggered: false };
    let open = 0;
    const names: number[] = [];
    for (let leg = 1; leg <= shape.legs; leg += 1) {
      order.leaveList();
      fill(leg);
      order.orderId = 0;
      order.openLegs = open;
      order.openLegNames.push(...names);
      const broken =
        brokenLegRule(order, shape, before) ||
        brokenPlacementRule(order, books) ||
        brokenCountRule(order, books, 0) ||
        this.settlePrice();
      if (broken !== 0) return this.reject(broken);
      if (leg === 1) before.side = order.side;
      const isOfPair = shape.contingency === Contingency.oco || order.isPending;
      if (isOfPair && order.trigger !== Trigger.none) before.isTriggered = true;
      if (!order.mayBeOpen) continue;
      open += 1;
      if (order.clientOrderId !== 0) names.push(order.clientOrderId);
    }
    return true;
  }

  /** Asks the Admission port for the orders that come in at once; if it refuses one, those before it are withdrawn. */
  private admitLegs(shape: ListShape, fill: (leg: number) => void, first: number): boolean {
    const { incoming: order, admission } = this;
    if (admission === undefined) return true;
    const { contingency, sizing, legs } = shape;
    const asked: number[] = [];
    for (let leg = 1; leg <= legs; leg += 1) {
      order.leaveList();
      fill(leg);
      if (order.isPending) continue;
      this.settlePrice();
      order.orderId = first + leg - 1;
      const list = this.events.fillListAccepted(contingency, sizing, legs, first);
      const accepted = this.events.fillAccepted();
      const refusal = admission.admit(accepted, list);
      if (refusal !== 0) {
        for (const id of asked.reverse()) admission.withdraw?.(id);
        order.orderId = 0;
        this.events.tellRefused(accepted, 0, refusal);
        return false;
      }
      asked.push(order.orderId);
    }
    return true;
  }

  /** Tells all orders of a list; then the pending ones are kept, and the others come in. */
  private enterLegs(ids: readonly number[], fill: (leg: number) => void): void {
    const { incoming: order, books, events } = this;
    const fillAnew = (index: number): void => {
      order.leaveList();
      fill(index + 1);
      this.settlePrice();
      order.orderId = ids[index] as number;
      order.remaining = order.quantity;
      order.leg = 0;
    };
    for (const index of ids.keys()) {
      fillAnew(index);
      events.tell(order.isPending ? events.fillPending() : events.fillAccepted());
      if (order.isPending) this.expireInTime(books.wait(order));
    }
    for (const index of ids.keys()) {
      fillAnew(index);
      if (order.isPending) continue;
      // The first of a pair can have ended as it came in.
      if (books.lists.find(order.listId) === undefined) this.finish(DoneReason.list_ended);
      else this.comeIn();
    }
    order.orderId = ids[0] as number;
  }

  cancel(): boolean {
    const isCancelled = this.cancelNamed();
    if (isCancelled) this.afterwards(this.incoming.row);
    return isCancelled;
  }

  /** Cancels the account's order that has this name. */
  cancelByClientId(clientOrderId: number): boolean {
    const { incoming: order, books } = this;
    order.row = books.markets.row(order.market);
    const found = books.clientOrderIds.find(order.account, clientOrderId);
    const isCancelled = this.cancelFound(
      found !== 0 && books.rowOf(found) === order.row ? found : 0,
    );
    if (isCancelled) this.afterwards(order.row);
    return isCancelled;
  }

  /** What cancelling does, but for what uncrossing would do after it: more may follow in the same command. */
  cancelNamed(): boolean {
    return this.cancelFound(this.named());
  }

  /** 0: the order was not found. */
  private cancelFound(slot: number): boolean {
    if (slot === 0) return this.reject(REJECTIONS.order_unknown.number);
    if (!allowsCancelling(this.books.markets.phase(this.incoming.row)))
      return this.reject(REJECTIONS.phase_forbids.number);
    this.massCancel.end(slot, DoneReason.cancelled);
    return true;
  }

  reduce(): boolean {
    const order = this.incoming;
    const { books } = this;
    const slot = this.named();
    if (slot === 0) return this.reject(REJECTIONS.order_unknown.number);
    const broken = brokenReductionRule(order, books, slot);
    if (broken !== 0) return this.reject(broken);
    books.orders.setQuantity(slot, books.orders.quantity(slot) - order.quantity);
    books.takeOff(slot, order.quantity);
    this.events.tellReduced(slot);
    this.tellLevelOf(slot);
    this.afterwards(order.row);
    return true;
  }

  /** The named order gets `incoming.price` and `incoming.quantity`. */
  amend(): boolean {
    const order = this.incoming;
    const { books } = this;
    const slot = this.named();
    if (slot === 0) return this.reject(REJECTIONS.order_unknown.number);
    const broken = brokenAmendmentRule(order, books, slot);
    if (broken !== 0) return this.reject(broken);
    const { price, quantity } = order;
    const before = books.orders.quantity(slot);
    const keepsPlace = keepsItsPlace(order, books, slot);
    books.recall(slot, order);
    const needsAsking = price !== order.price || quantity > before;
    order.remaining = quantity - (before - order.remaining);
    order.price = price;
    order.quantity = quantity;
    if (!keepsPlace && this.mayNotTake() && this.wouldTrade())
      return this.reject(REJECTIONS.would_take.number);
    const amended = this.events.fillAmended();
    const refusal = needsAsking ? this.ask(amended) : 0;
    if (refusal !== 0) {
      this.events.tellRefused(amended, order.orderId, refusal);
      return false;
    }
    this.events.tell(amended);
    if (keepsPlace) {
      books.orders.setQuantity(slot, quantity);
      books.takeOff(slot, books.remainingOf(slot) - order.remaining);
      this.tellLevelOf(slot);
    } else {
      const level = books.remove(slot);
      if (level !== 0) this.events.tellLevel(level);
      this.enter();
    }
    this.afterwards(order.row);
    return true;
  }

  /** Cancels the order `replaced` and places the one in the registers: both or neither. */
  replaceBoth(replaced: number): void {
    const order = this.incoming;
    const { books } = this;
    order.row = books.markets.row(order.market);
    order.orderId = 0;
    const slot = this.find(replaced, order.market, order.account);
    const broken =
      brokenPlacementRule(order, books, slot) ||
      brokenCountRule(order, books, slot) ||
      this.settlePrice(slot);
    if (broken !== 0) {
      this.reject(broken);
      return;
    }
    if (slot === 0) {
      order.orderId = replaced;
      this.reject(REJECTIONS.order_unknown.number);
      return;
    }
    const accepted = this.admitted();
    if (accepted === undefined) return;
    this.massCancel.end(slot, DoneReason.cancelled);
    this.accept(accepted);
    this.afterwards(order.row);
  }

  /** A `replace` says what it does on failure by a code that is none. */
  rejectOnFailure(): void {
    this.incoming.orderId = 0;
    this.reject(REJECTIONS.on_failure_unknown.number);
  }

  setPhase(market: number, phase: number): boolean {
    const { markets } = this.books;
    const row = markets.row(market);
    this.nameNothing(market, 0);
    if (row === 0) return this.reject(REJECTIONS.unknown_market.number);
    if (phase < Phase.open || phase > Phase.closing_auction)
      return this.reject(REJECTIONS.phase_unknown.number);
    const before = markets.phase(row);
    if (before === Phase.delisted) return this.reject(REJECTIONS.phase_forbids.number);
    if (keepsUncrossed(phase)) this.auction.uncross(row);
    markets.setPhase(row, phase);
    this.massCancel.endWithPhase(row, before, phase);
    if (phase === Phase.delisted) this.massCancel.endAllOf(row, DoneReason.delisted);
    if (phase === Phase.closing_auction) this.callForTheClose(row);
    if (!collects(phase)) this.auction.forget(row);
    this.events.tellPhase(market, phase);
    this.afterwards(row);
    return true;
  }

  /** The orders that have waited for the closing auction come in. */
  private callForTheClose(row: number): void {
    const { incoming: order, books, events } = this;
    for (const slot of [...books.atClose.of(row)]) {
      books.recall(slot, order);
      books.remove(slot);
      const activated = events.fillActivated();
      events.tell(activated);
      if (this.ask(activated) === 0) this.begin();
      else this.finish(DoneReason.refused_when_activated);
    }
  }

  setMarkPrice(market: number, price: number): boolean {
    const { markets } = this.books;
    const row = markets.row(market);
    this.nameNothing(market, 0);
    if (row === 0) return this.reject(REJECTIONS.unknown_market.number);
    if (markets.phase(row) === Phase.delisted) return this.reject(REJECTIONS.phase_forbids.number);
    if (price <= 0 || price > markets.maxPrice(row))
      return this.reject(REJECTIONS.mark_price_out_of_range.number);
    markets.setMarkPrice(row, price);
    this.events.tellMarkPriceSet(market, price);
    this.afterwards(row);
    return true;
  }

  setReferencePrice(market: number, price: number): boolean {
    const { markets } = this.books;
    const row = markets.row(market);
    this.nameNothing(market, 0);
    if (row === 0) return this.reject(REJECTIONS.unknown_market.number);
    if (markets.phase(row) === Phase.delisted) return this.reject(REJECTIONS.phase_forbids.number);
    if (price < 0 || price > markets.maxPrice(row))
      return this.reject(REJECTIONS.reference_price_out_of_range.number);
    markets.setReferencePrice(row, price);
    this.events.tellReferencePriceSet(market, price);
    this.afterwards(row);
    return true;
  }

  setAllocation(market: number, rule: AllocationRule): boolean {
    const { markets } = this.books;
    const row = markets.row(market);
    this.nameNothing(market, 0);
    if (row === 0) return this.reject(REJECTIONS.unknown_market.number);
    const broken = brokenAllocationRule(rule, markets.maxQuantity(row));
    if (broken !== 0) return this.reject(broken);
    markets.setAllocation(row, rule);
    this.events.tellAllocationSet(market, rule);
    this.afterwards(row);
    return true;
  }

  advanceTime(asked: number): boolean {
    // Adding 0 makes 0 of −0, which would be other bytes in the event.
    const time = asked + 0;
    this.nameNothing(0, 0);
    if (!(isCount(time) && time >= this.books.time))
      return this.reject(REJECTIONS.time_went_back.number);
    this.books.time = time;
    this.massCancel.endDue(time);
    this.events.tellTimeAdvanced(time);
    return true;
  }

  cancelAll(market: number, account: number, sides: number): boolean {
    const { markets } = this.books;
    this.nameNothing(market, account);
    if (market !== 0 && markets.row(market) === 0)
      return this.reject(REJECTIONS.unknown_market.number);
    if (account < 0) return this.reject(REJECTIONS.account_must_be_positive.number);
    if (sides < 0 || sides > 2) return this.reject(REJECTIONS.side_of_many_unknown.number);
    this.massCancel.cancelAll(market, account, sides);
    return true;
  }

  cancelAllAfter(account: number, at: number): boolean {
    this.nameNothing(0, account);
    if (account <= 0) return this.reject(REJECTIONS.account_must_be_positive.number);
    if (at !== 0 && !(isCount(at) && at > this.books.time))
      return this.reject(REJECTIONS.switch_not_in_future.number);
    this.massCancel.setSwitch(account, at);
    // Adding 0 makes 0 of −0, which would be other bytes in the event.
    this.events.tellCancelAllAfterSet(account, at + 0);
    return true;
  }

  /** The command names no order: what a rejection of it says. */
  private nameNothing(market: number, account: number): void {
    this.incoming.market = market;
    this.incoming.account = account;
    this.incoming.orderId = 0;
  }

  /** The named order, if it is in the named market and is the named account's; else 0. */
  private named(): number {
    const order = this.incoming;
    order.row = this.books.markets.row(order.market);
    return this.find(order.orderId, order.market, order.account);
  }

  private find(orderId: number, market: number, account: number): number {
    const { index, orders, markets } = this.books;
    const slot = index.find(orderId);
    if (slot === 0 || orders.account(slot) !== account) return 0;
    return markets.market(this.books.rowOf(slot)) === market ? slot : 0;
  }

  /** Asks the Admission port for the order, under the id that it would get. Answers what is to be told then; a refusal has been told. */
  private admitted(): EventRegister | undefined {
    const order = this.incoming;
    order.orderId = this.books.nextOrderId;
    const accepted = this.events.fillAccepted();
    const refusal = this.ask(accepted);
    if (refusal === 0) return accepted;
    order.orderId = 0;
    this.events.tellRefused(accepted, 0, refusal);
    return undefined;
  }

  /** 0, or the code with which the Admission port refuses what a register holds. */
  private ask(register: EventRegister): number {
    return this.admission === undefined ? 0 : this.admission.admit(register);
  }

  /** The order has its id; it is live now, or waits. */
  private accept(accepted: EventRegister): void {
    const order = this.incoming;
    const { books } = this;
    books.nextOrderId = order.orderId + 1;
    books.index.giveOut(order.orderId);
    this.events.tell(accepted);
    order.remaining = order.quantity;
    this.comeIn();
  }

  /** A plain order that has come in, and may have traded, goes on: it still wants `incoming.remaining` lots. */
  goOn(): void {
    this.enter();
    this.afterwards(this.incoming.row);
  }

  /** An order that has been told of waits for its trigger, or is live. */
  private comeIn(): void {
    if (this.incoming.trigger === Trigger.none) this.begin();
    else this.wait();
  }

  private wait(): void {
    this.expireInTime(this.books.wait(this.incoming));
  }

  /** What a live order does first of all, unless it can't trade as it must. */
  private begin(): void {
    const order = this.incoming;
    order.budget = order.quoteQuantity;
    if (this.lacksOtherSide()) {
      this.finish(DoneReason.no_liquidity);
    } else if (order.minQuantity > 0 && !this.taking.canTrade(order.minQuantity)) {
      this.finish(DoneReason.minimum_unfilled);
    } else if (order.timeInForce === TimeInForce.fok && !this.taking.canTrade(order.quantity)) {
      this.finish(DoneReason.fill_or_kill_unfilled);
    } else if (this.waitsUnseen()) {
      this.wait();
    } else {
      this.enter();
    }
  }

  /** Whether a live order waits for what may follow: a pegged one for its price, others until all can trade, or for the closing auction. */
  private waitsUnseen(): boolean {
    const order = this.incoming;
    const phase = this.books.markets.phase(order.row);
    if (order.peg !== Peg.none) return true;
    if (order.isAllOrNone) return phase !== Phase.open || !this.taking.canTrade(order.remaining);
    return this.waitsForTheClose(phase);
  }

  private waitsForTheClose(phase: number): boolean {
    const { timeInForce } = this.incoming;
    return timeInForce === TimeInForce.at_close && phase !== Phase.closing_auction;
  }

  /** The order that has come in is no more, and maybe its list. */
  private finish(reason: number): void {
    const { listId, orderId } = this.incoming;
    this.events.tellIncomingDone(reason);
    if (listId !== 0) this.lists.ended(listId, orderId, reason);
  }

  /** Trades what it can; then what is left rests or ends. */
  private enter(): void {
    const order = this.incoming;
    const isCollected = collects(this.books.markets.phase(order.row));
    const ended = isCollected ? Sweep.exhausted : this.taking.sweep();
    if (ended === Sweep.outside_band) {
      this.breach();
    } else if (ended === Sweep.self_trade) {
      this.finish(DoneReason.self_trade);
    } else if (ended === Sweep.satisfied) {
      this.finish(order.isByQuote ? DoneReason.budget_spent : DoneReason.filled);
    } else if (order.rests) {
      this.rest();
    } else {
      this.finish(DoneReason.no_liquidity);
    }
  }

  private rest(): void {
    const slot = this.books.rest(this.incoming);
    this.expireInTime(slot);
    this.tellLevelOf(slot);
  }

  /** The order would have to trade outside its market's band, and stops. */
  private breach(): void {
    const { row, market, rests } = this.incoming;
    const { markets } = this.books;
    const { onBreach } = markets.protection(row);
    if (onBreach !== OnBreach.expire && rests) this.rest();
    else this.finish(DoneReason.outside_band);
    if (onBreach === OnBreach.expire) return;
    const phase = onBreach === OnBreach.halt ? Phase.halted : Phase.auction;
    markets.setPhase(row, phase);
    this.events.tellPhase(market, phase);
  }

  /** What follows each command that may have moved a market's prices. */
  afterwards(row: number): void {
    const { markets } = this.books;
    const { orderId } = this.incoming;
    while (markets.conditioned(row) > 0 && markets.phase(row) === Phase.open) {
      if (!this.takeNextStep(row)) break;
    }
    // Whoever placed an order asks for the id of that one.
    this.incoming.orderId = orderId;
    this.auction.tellIndicative(row);
  }

  /** Does the first of what there is to do in an open market. Answers whether there was anything. */
  private takeNextStep(row: number): boolean {
    const { markets } = this.books;
    return (
      this.activateNext(row) ||
      (markets.isFollowed(row) && (this.repegNext(row) || this.tradeNextAllOrNone(row))) ||
      this.triggerNext(row)
    );
  }

  private activateNext(row: number): boolean {
    const { books } = this;
    const orderId = books.lists.nextDue(row);
    if (orderId === 0) return false;
    this.activate(books.index.find(orderId));
    return true;
  }

  /** A pending order becomes live, or waits for its trigger. */
  private activate(slot: number): void {
    const { incoming: order, books, events } = this;
    books.recall(slot, order);
    const list = books.lists.find(order.listId);
    invariant(list !== undefined, "a pending order is in a list");
    books.remove(slot);
    order.isPending = false;
    this.lists.activated(list, order);
    const isLarge = list.sizing === Sizing.fixed || sizeByReceived(order, list, books);
    // What is too little for its market, it never was.
    order.remaining = isLarge ? order.quantity : 0;
    if (!isLarge) {
      this.finish(DoneReason.below_minimum);
      return;
    }
    const broken = this.settlePrice();
    const activated = events.fillActivated();
    events.tell(activated);
    if (broken !== 0) this.finish(DoneReason.would_take);
    else if (this.ask(activated) !== 0) this.finish(DoneReason.refused_when_activated);
    else this.comeIn();
  }

  /** Has the pegged orders go where they should stand, the oldest first. Answers whether more than their places has changed. */
  private repegNext(row: number): boolean {
    const { books } = this;
    const { pegged, markets } = books;
    const bid = books.bestShown(row, Side.buy);
    const ask = books.bestShown(row, Side.sell);
    let misplaced = pegged.firstMisplaced(row, bid, ask, markets);
    while (misplaced !== undefined) {
      if (!this.repeg(misplaced, peggedPrice(misplaced, bid, ask, markets))) return true;
      misplaced = pegged.firstMisplaced(row, bid, ask, markets);
    }
    return false;
  }

  /**
   * A pegged order goes to another price; 0: nowhere. Answers whether it rests there and nothing else has changed: as nobody sees it,
   * what the next ones follow is the same then.
   */
  private repeg(pegged: PeggedOrder, price: number): boolean {
    const { incoming: order, books, events } = this;
    const repegged = events.fillRepegged(pegged, price);
    events.tell(repegged);
    const isRefused = price !== 0 && this.ask(repegged) !== 0;
    if (price !== 0 && !isRefused && !this.meetsAnybody(pegged, price)) {
      books.moveUnseen(pegged, price);
      return true;
    }
    books.recall(pegged.slot, order);
    books.remove(pegged.slot);
    order.price = price === 0 ? order.limit : price;
    if (price === 0) this.wait();
    else if (isRefused) this.finish(DoneReason.refused_when_repegged);
    else this.enter();
    return false;
  }

  /** Whether somebody on the other side would trade with a pegged order at a price. */
  private meetsAnybody({ row, side }: PeggedOrder, price: number): boolean {
    const { levels, hidden } = this.books;
    const makers = bookSide(row, 1 - side);
    return levels.isWithin(makers, price) || hidden.isWithin(makers, price);
  }

  /** Of the orders that wait until all of them can trade, the oldest that can, does. */
  private tradeNextAllOrNone(row: number): boolean {
    const { incoming: order, books } = this;
    const ask = books.bestPrice(row, Side.sell);
    const bid = books.bestPrice(row, Side.buy);
    if (!books.allOrNone.anyReaches(row, bid, ask)) return false;
    let oldest = 0;
    const visitor = (slot: number): void => {
      if (oldest !== 0 && books.orders.id(oldest) < books.orders.id(slot)) return;
      books.recall(slot, order);
      if (this.taking.canTrade(order.remaining)) oldest = slot;
    };
    books.allOrNone.visit(row, Side.buy, ask, visitor);
    books.allOrNone.visit(row, Side.sell, bid, visitor);
    if (oldest === 0) return false;
    books.recall(oldest, order);
    books.remove(oldest);
    this.enter();
    return true;
  }

  private triggerNext(row: number): boolean {
    const { markets, waiting } = this.books;
    const lastPrice = markets.lastPrice(row);
    const markPrice = markets.markPrice(row);
    waiting.follow(row, lastPrice, markPrice);
    const slot = waiting.due(row, lastPrice, markPrice);
    if (slot === 0) return false;
    this.trigger(slot);
    return true;
  }

  /** A waiting order becomes live. */
  private trigger(slot: number): void {
    const { incoming: order, books, events } = this;
    books.recall(slot, order);
    books.remove(slot);
    const broken = this.settlePriceNow();
    const triggered = events.fillTriggered();
    events.tell(triggered);
    order.wake();
    order.remaining = order.quantity;
    if (order.listId !== 0 && this.lists.triggered(order.listId, order.orderId)) order.leaveList();
    if (broken !== 0) this.finish(DoneReason.would_take);
    else if (this.ask(triggered) !== 0) this.finish(DoneReason.refused_when_triggered);
    else this.begin();
  }

  /** Makes the limit what the type and the conditions make of it. Answers the rejection if that can't be; waiting orders come to it later. */
  private settlePrice(replaced = 0): number {
    return this.incoming.waits ? 0 : this.settlePriceNow(replaced);
  }

  /** An order to be replaced is judged to be gone. */
  private settlePriceNow(replaced = 0): number {
    const order = this.incoming;
    const { books } = this;
    if (order.type === OrderType.market_to_limit || order.slippage > 0) {
      const best = this.bestOfOtherSide(replaced);
      order.price = best === 0 ? 0 : this.worsened(best, order.slippage);
      return 0;
    }
    const phase = books.markets.phase(order.row);
    if (!this.mayNotTake() || collects(phase) || this.waitsForTheClose(phase)) return 0;
    const best = this.bestOfOtherSide(replaced);
    if (!isReached(order, best)) return 0;
    if (order.postOnly !== PostOnly.slide) return REJECTIONS.would_take.number;
    const increment = books.markets.priceIncrementAt(order.row, best);
    const price = order.side === Side.buy ? best - increment : best + increment;
    if (price < 1 || price > books.markets.maxPrice(order.row)) return REJECTIONS.would_take.number;
    order.price = price;
    return 0;
  }

  /** The best price that an order could trade at; 0 if there is none. */
  private bestOfOtherSide(replaced: number): number {
    const { books, incoming: order } = this;
    const side = 1 - order.side;
    if (replaced === 0 || books.isWaiting(replaced) || books.sideOf(replaced) !== side)
      return books.bestPrice(order.row, side);
    // It stands where it counts only if nobody else stands there.
    const any = side === Side.buy ? 1 : MAX_INT32 - 1;
    const ranking = new Ranking(books, bookSide(order.row, side), any);
    while (ranking.next()) {
      const { book, level } = ranking;
      const isAlone = book.first(level) === replaced && book.last(level) === replaced;
      if (!isAlone) return book.price(level);
    }
    return 0;
  }

  private worsened(price: number, slippage: number): number {
    const { markets } = this.books;
    const { row, side } = this.incoming;
    return side === Side.buy
      ? Math.min(price + slippage, markets.maxPrice(row))
      : Math.max(price - slippage, 1);
  }

  /** Whether an order goes by the best price of the other side, and there is none. */
  private lacksOtherSide(): boolean {
    const { type, slippage, price } = this.incoming;
    return price === 0 && (type === OrderType.market_to_limit || slippage > 0);
  }

  /** Whether an order must rest, and not trade at once. */
  private mayNotTake(): boolean {
    const { postOnly, row } = this.incoming;
    return postOnly !== PostOnly.none || this.books.markets.phase(row) === Phase.post_only;
  }

  private wouldTrade(): boolean {
    const { row } = this.incoming;
    if (collects(this.books.markets.phase(row))) return false;
    return isReached(this.incoming, this.bestOfOtherSide(0));
  }

  /** An order that expires ends when its time comes. */
  expireInTime(slot: number): void {
    const { conditions, orders } = this.books;
    const time = conditions.expiresAt(slot);
    if (time !== 0) this.deadlines.add({ time, account: 0, orderId: orders.id(slot) });
  }

  /** Tells the level where an order rests, if everybody sees it. */
  private tellLevelOf(slot: number): void {
    const { books } = this;
    if (books.isWaiting(slot) || books.bookOf(slot) !== books.levels) return;
    this.events.tellLevel(books.orders.level(slot));
  }

  private reject(codeNumber: number): false {
    this.events.tellRejected(codeNumber);
    return false;
  }
}

/** Whether an order's limit is at or beyond a price of the other side; 0 is no price. */
const isReached = ({ side, price }: IncomingOrder, other: number): boolean =>
  other !== 0 && (side === Side.buy ? price >= other : price <= other);
