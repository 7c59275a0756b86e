import type {
  AddMarket,
  AdvanceTime,
  Amend,
  Cancel,
  CancelAll,
  CancelAllAfter,
  CancelByClientId,
  ChangeMarket,
  EngineCommand,
  OrderTerms,
  PlaceList,
  Reduce,
  Replace,
  SetAllocation,
  SetMarkPrice,
  SetPhase,
  SetPriceIncrements,
  SetReferencePrice,
} from "../commands/command.ts";
import type { DoneReasonName } from "../done-reason.ts";
import type { BookLevel, RestingOrder } from "../engine.ts";
import type {
  Accepted,
  Activated,
  Amended,
  EngineEvent,
  ListAccepted,
  Repegged,
  Triggered,
} from "../events/event.ts";
import type { OpenOrder } from "../open-order.ts";
import type { PhaseName } from "../phases/phase.ts";
import { REJECTIONS, type RejectionCode } from "../rejection.ts";
import type { SideName } from "../side.ts";
import { type Allocation, BY_TIME, brokenAllocationRule } from "./reference/allocation.ts";
import { brokenConditionRule } from "./reference/condition-rules.ts";
import { limitNow } from "./reference/limit-now.ts";
import { isOfPair, makesDue, noteTrade, sizeOf } from "./reference/list-effects.ts";
import { brokenLegRule, brokenListRule, type Leg, legOf } from "./reference/list-rules.ts";
import { brokenBandsRule, brokenChangeRule, brokenMarketRule } from "./reference/market-rules.ts";
import {
  accepts,
  askedFor,
  canRest,
  hasConditions,
  isUnseen,
  type Order,
  otherSide,
  showAnew,
  type Wait,
} from "./reference/order.ts";
import type { OrderList } from "./reference/order-list.ts";
import { type Market, Orders } from "./reference/orders.ts";
import { pegPrice } from "./reference/pegs.ts";
import {
  allowsAmending,
  allowsCancelling,
  allowsPlacing,
  collects,
  expiresWith,
  uncrosses,
} from "./reference/phase-table.ts";
import {
  brokenNotionalRule,
  brokenPriceRule,
  brokenQuantityRule,
  brokenTermsRule,
  brokenUnsizedTermsRule,
  type Code,
  isMultiple,
} from "./reference/placement-rules.ts";
import { bandOf, isOutsideCollar, isProtected, UNPROTECTED } from "./reference/protection.ts";
import { lotsTraded, type Meeting, type Sweep, sweep } from "./reference/sweep.ts";
import { type AuctionTrade, NO_UNCROSSING, uncross, uncrossingOf } from "./reference/uncrossing.ts";
import { follow, nextTriggered, triggerPriceNow } from "./reference/waiting.ts";

/**
 * The Admission port, told what it needs of an event: 0 for yes, or a code from 1000 on. The quantity of an order that moves to
 * another price is 0, as that event has none. `list` is told of the orders of a list, when they are placed.
 */
export type Refusal = (
  order: { readonly account: number; readonly quantity: number },
  list?: { readonly listId: number; readonly legs: number },
) => number;

/** Tells the Admission port that an order which it has let in is not placed after all. */
export type Withdrawal = (orderId: number) => void;

/**
 * The slow, obvious engine: written from the guide to the matching rules, with an array of orders and objects for everything.
 * It shares no code with the fast one but the names, and is what the fast one is compared with.
 */
export class ReferenceEngine {
  readonly #refuse: Refusal;
  readonly #withdraw: Withdrawal;
  readonly #markets: Map<number, Market> = new Map();
  readonly #orders: Orders = new Orders();
  /** When the orders of an account are cancelled, by account. */
  readonly #switches: Map<number, number> = new Map();
  #events: EngineEvent[] = [];
  #lastPlace = 0;
  nextOrderId = 1;
  nextTradeId = 1;
  time = 0;

  constructor(refuse: Refusal = () => 0, withdraw: Withdrawal = () => {}) {
    this.#refuse = refuse;
    this.#withdraw = withdraw;
  }

  process(command: EngineCommand): EngineEvent[] {
    this.#events = [];
    switch (command.kind) {
      case "add_market":
        this.#addMarket(command);
        break;
      case "place":
        this.#placeOrder(command);
        break;
      case "place_list":
        this.#placeList(command);
        break;
      case "cancel":
        this.#cancel(command);
        break;
      case "cancel_by_client_id":
        this.#cancelByClientId(command);
        break;
      case "reduce":
        this.#reduce(command);
        break;
      case "amend":
        this.#amend(command);
        break;
      case "replace":
        this.#replace(command);
        break;
      case "cancel_all":
        this.#cancelAll(command);
        break;
      case "cancel_all_after":
        this.#cancelAllAfter(command);
        break;
      case "set_phase":
        this.#setPhase(command);
        break;
      case "set_mark_price":
        this.#setMarkPrice(command);
        break;
      case "advance_time":
        this.#advanceTime(command);
        break;
      case "change_market":
        this.#changeMarket(command);
        break;
      case "set_reference_price":
        this.#setReferencePrice(command);
        break;
      case "set_allocation":
        this.#setAllocation(command);
        break;
      case "set_price_increments":
        this.#setPriceIncrements(command);
        break;
    }
    this.#doWhatFollows();
    return this.#events;
  }

  /** The orders that everybody sees: best price first, then as they came to their place. */
  restingOrders(market: number, side: SideName): RestingOrder[] {
    return this.#orders
      .shown(market, side)
      .map(({ orderId, account, price, quantity, remaining }) => ({
        orderId,
        market,
        account,
        side,
        price,
        quantity,
        remaining,
      }));
  }

  depth(market: number, side: SideName): BookLevel[] {
    return this.#orders.depth(market, side);
  }

  /** All orders that rest, shown or not, wait, or are pending, by id. */
  openOrders(market: number): OpenOrder[] {
    return this.#orders.of(market).map((order) => ({
      orderId: order.orderId,
      market,
      account: order.account,
      side: order.side,
      type: order.type,
      timeInForce: order.timeInForce,
      price: order.price,
      quantity: order.quantity,
      remaining: order.remaining,
      shown: order.shown,
      state: order.state === "coming" ? "resting" : order.state,
      triggerPrice: order.waitsFor === "trigger" ? triggerPriceNow(order) : 0,
      listId: this.#isInList(order) ? (order.list?.listId ?? 0) : 0,
      clientOrderId: order.conditions.clientOrderId ?? 0,
    }));
  }

  /** Ticks; 0 before the first trade. */
  lastPrice(market: number): number {
    return this.#markets.get(market)?.lastPrice ?? 0;
  }

  /** Ticks; 0 before it is set. */
  markPrice(market: number): number {
    return this.#markets.get(market)?.markPrice ?? 0;
  }

  /** Ticks: as set, else the last trade's; 0 if there is neither. */
  referencePrice(market: number): number {
    return this.#markets.get(market)?.referencePrice || this.lastPrice(market);
  }

  phase(market: number): PhaseName | undefined {
    return this.#markets.get(market)?.phase;
  }

  allocation(market: number): Allocation | undefined {
    return this.#markets.get(market)?.allocation;
  }

  #addMarket(rules: AddMarket): void {
    const broken = brokenMarketRule(rules, this.#markets.has(rules.market));
    if (broken !== undefined) {
      this.#reject(rules, broken);
      return;
    }
    this.#markets.set(rules.market, {
      rules: { ...rules, bands: [] },
      protection: UNPROTECTED,
      phase: "open",
      allocation: BY_TIME,
      lastPrice: 0,
      markPrice: 0,
      referencePrice: 0,
      told: NO_UNCROSSING,
    });
    this.#tell({ kind: "market_added", market: rules.market });
  }

  #changeMarket(command: ChangeMarket): void {
    const market = this.#markets.get(command.market);
    const broken = brokenChangeRule(command, market);
    if (market === undefined || broken !== undefined) {
      this.#reject(command, broken ?? "unknown_market");
      return;
    }
    const { priceIncrement, quantityIncrement, minQuantity, minNotional } = command;
    const { collarBasisPoints, bandBasisPoints, onBreach, maxOpenOrders } = command;
    const units = { priceIncrement, quantityIncrement, minQuantity, minNotional };
    market.rules = { ...market.rules, ...units };
    market.protection = { collarBasisPoints, bandBasisPoints, onBreach, maxOpenOrders };
    this.#tell({ kind: "market_changed", market: command.market });
  }

  // Placing

  #placeOrder(terms: OrderTerms): void {
    const { market, account } = terms;
    const judged = this.#judge(terms);
    if (typeof judged === "string") {
      this.#reject({ market, account }, judged);
      return;
    }
    if (this.#isRefused(judged, { market, account })) return;
    this.#accept(judged);
  }

  /** How an order would be accepted, or the rule that it breaks. */
  #judge(terms: OrderTerms, { gone, leg }: Circumstances = {}): Accepted | Code {
    const market = this.#markets.get(terms.market);
    if (market === undefined) return "unknown_market";
    const { rules, phase } = market;
    const { conditions, ...order } = askedFor(terms);
    const asked = { ...order, conditions };
    const isPending = leg?.isPending === true;
    const broken =
      this.#brokenOrderRule(asked, market, { gone, leg }) ??
      this.#brokenEntryRule(asked, market, { gone, leg });
    if (broken !== undefined) return broken;
    const waits = conditions.trigger !== undefined || isPending || order.timeInForce === "at_close";
    const best = this.#bestAgainst(asked, gone);
    const price = waits ? order.price : limitNow(asked, best, rules, phase);
    if (price === undefined) return "would_take";
    return {
      kind: "accepted",
      orderId: this.nextOrderId,
      ...order,
      price,
      ...(hasConditions(asked) && { conditions }),
    };
  }

  /** The first rule about what an order says that it breaks. */
  #brokenOrderRule(
    asked: OrderTerms,
    market: Market,
    { gone, leg }: Circumstances,
  ): Code | undefined {
    const { rules } = market;
    const broken = leg?.isSizedLater
      ? brokenUnsizedTermsRule(asked, rules)
      : brokenTermsRule(asked, rules);
    if (broken !== undefined) return broken;
    if (asked.type === "limit" && isOutsideCollar(asked.price, market))
      return "price_outside_collar";
    // How much a pending order will be for is not known yet, but whether it will be for lots or by quote quantity.
    const inKind = leg?.isSizedByQuote ? { ...asked, quoteQuantity: 1 } : asked;
    const takenIds = this.#takenIds(asked, { gone, leg });
    return brokenConditionRule(inKind, { rules, now: this.time, takenIds });
  }

  /** The first rule about what is in a market, and when, that an order breaks. */
  #brokenEntryRule(
    asked: OrderTerms,
    market: Market,
    { gone, leg }: Circumstances,
  ): Code | undefined {
    if (this.#isTooMuch(asked, market, leg)) return "level_quantity_above_maximum";
    if (!allowsPlacing(market.phase, asked, leg?.isPending === true)) return "phase_forbids";
    if (this.#hasTooMany(asked, market, { gone, leg })) return "too_many_open_orders";
    return undefined;
  }

  /** Whether the order could bring sums of lots to where a double does not count exactly. */
  #isTooMuch(order: OrderTerms, market: Market, leg?: Leg): boolean {
    const { rules } = market;
    if (leg !== undefined) return this.#isFull(rules, leg.before.length);
    if (hasConditions(order) || order.type === "market_to_limit") return this.#isFull(rules);
    if (!canRest(order)) return false;
    const isPlain = (other: Order): boolean =>
      other.type === "limit" &&
      other.timeInForce === "gtc" &&
      !hasConditions(other) &&
      !this.#isInList(other);
    const there = this.#orders.of(order.market);
    const isSeen =
      market.phase === "open" &&
      market.allocation.allocation === "price_time" &&
      !isProtected(market) &&
      there.every(isPlain);
    if (!isSeen) return this.#isFull(rules);
    const { quantity } = this.#orders.level(order.market, order.side, order.price);
    return BigInt(quantity) + BigInt(order.quantity) >= 2n ** 53n;
  }

  /** Whether the account may not have one more order, of those that rest, wait or are pending. */
  #hasTooMany(order: OrderTerms, { protection }: Market, { gone, leg }: Circumstances): boolean {
    const { maxOpenOrders } = protection;
    const stays = order.conditions?.trigger !== undefined || leg?.isPending || canRest(order);
    const others = this.#orders
      .of(order.market)
      .filter((other) => other.account === order.account && other !== gone);
    const count = others.length + (leg?.before.length ?? 0);
    return maxOpenOrders > 0 && stays === true && count >= maxOpenOrders;
  }

  /** The client order ids that the account's other orders have, in all markets. */
  #takenIds({ account }: OrderTerms, { gone, leg }: Circumstances): number[] {
    const others: OrderTerms[] = this.#orders.all.filter(
      (other) => other.account === account && other !== gone,
    );
    return [...others, ...(leg?.before ?? [])]
      .map(({ conditions }) => conditions?.clientOrderId ?? 0)
      .filter((id) => id !== 0);
  }

  /** Whether one order more than there are, and than will be there before it, all of them of the market's maximum, could be too much. */
  #isFull({ maxQuantity }: AddMarket, before = 0): boolean {
    return BigInt(maxQuantity) * BigInt(this.#orders.all.length + before + 1) >= 2n ** 53n;
  }

  /** The best price that the order could trade at, shown or hidden; 0 if there is nobody. */
  #bestAgainst(order: OrderTerms, gone?: Order): number {
    const others = this.#orders.inRank(order.market, otherSide(order.side));
    return others.find((other) => other !== gone)?.price ?? 0;
  }

  #accept(accepted: Accepted): void {
    this.#tell(accepted);
    this.#begin(this.#orderOf(accepted));
  }

  /** The order that an event tells of, with the next id. */
  #orderOf({ kind: _, conditions = {}, ...terms }: Accepted, list?: OrderList): Order {
    this.nextOrderId += 1;
    return {
      ...terms,
      conditions,
      limit: terms.price,
      remaining: terms.quantity,
      budget: terms.quoteQuantity,
      shown: 0,
      state: "coming",
      waitsFor: undefined,
      ...(list && { list }),
      place: 0,
      extreme: 0,
    };
  }

  // Order lists

  #placeList(command: PlaceList): void {
    const brokenList = brokenListRule(command);
    if (brokenList !== undefined) {
      this.#reject(command, brokenList);
      return;
    }
    const legs = this.#judgeLegs(command);
    if (legs === undefined) return;
    const { market, account, contingency, sizing = "fixed" } = command;
    const listId = this.nextOrderId;
    const told: ListAccepted = {
      kind: "list_accepted",
      market,
      account,
      listId,
      contingency,
      sizing,
      legs: legs.length,
    };
    if (this.#isListRefused(command, told, legs)) return;
    this.#tell(told);
    const list: OrderList = { listId, contingency, sizing, lots: 0, notional: 0, isDue: false };
    const orders = legs.map(({ accepted, isPending }) => {
      this.#tell(isPending ? { ...accepted, kind: "pending" } : accepted);
      const order = this.#orderOf(accepted, list);
      if (isPending) this.#hold(order);
      return order;
    });
    const [first] = orders as [Order];
    for (const order of orders) {
      if (order.state !== "coming") continue;
      const hasPairEnded =
        contingency === "oco" && order !== first && !this.#orders.of(market).includes(first);
      if (hasPairEnded) this.#done(order, "list_ended");
      else this.#begin(order);
    }
  }

  /** All legs as they would be accepted; undefined if the list has been rejected, because one of them breaks a rule. */
  #judgeLegs(command: PlaceList): JudgedLeg[] | undefined {
    const { market, account } = command;
    const judgedLegs: JudgedLeg[] = [];
    for (const [index, terms] of command.legs.entries()) {
      const leg = legOf(command, index);
      const judged =
        brokenLegRule(command, index) ?? this.#judge({ ...terms, market, account }, { leg });
      if (typeof judged === "string") {
        this.#reject(command, judged, index + 1);
        return undefined;
      }
      const orderId = this.nextOrderId + index;
      judgedLegs.push({ accepted: { ...judged, orderId }, isPending: leg.isPending });
    }
    return judgedLegs;
  }

  /** Asks the Admission port for all legs that are not pending, or for none. */
  #isListRefused(command: PlaceList, list: ListAccepted, legs: readonly JudgedLeg[]): boolean {
    const admitted: number[] = [];
    for (const [index, { accepted, isPending }] of legs.entries()) {
      if (isPending) continue;
      const refusal = this.#refuse(accepted, list);
      if (refusal !== 0) {
        for (const orderId of admitted.reverse()) this.#withdraw(orderId);
        this.#tellRejection(command, "refused_by_admission", refusal, "", index + 1);
        return true;
      }
      admitted.push(accepted.orderId);
    }
    return false;
  }

  #hold(order: Order): void {
    order.state = "pending";
    this.#orders.add(order);
  }

  /** An order is of a list as long as it is pending, or another order of the list is open. */
  #isInList(order: Order): boolean {
    return order.state === "pending" || this.#orders.othersOfList(order).length > 0;
  }

  #activate(order: Order, { rules, phase }: Market): void {
    this.#orders.remove(order);
    const size = sizeOf(order, rules);
    if (size === undefined) {
      this.#finish(order, "below_minimum");
      return;
    }
    order.state = "coming";
    order.quantity = size.quantity;
    order.remaining = size.quantity;
    order.quoteQuantity = size.quoteQuantity;
    order.budget = size.quoteQuantity;
    const price =
      order.conditions.trigger === undefined
        ? limitNow(order, this.#bestAgainst(order), rules, phase)
        : order.price;
    order.price = price ?? order.price;
    const activated = this.#tellActivated(order);
    if (price === undefined) this.#finish(order, "would_take");
    else if (this.#refuse(activated) !== 0) this.#finish(order, "refused_when_activated");
    else this.#begin(order);
  }

  #tellActivated(order: Order): Activated {
    const conditions = hasConditions(order) && { conditions: order.conditions };
    const activated: Activated = { kind: "activated", ...this.#termsOf(order), ...conditions };
    this.#tell(activated);
    return activated;
  }

  /** What the end of an order means for the others of its list: it is what they have waited for, or they end, too. */
  #followEnd(order: Order, reason: DoneReasonName): void {
    if (order.list !== undefined && makesDue(order, reason)) order.list.isDue = true;
    else this.#endOthers(order);
  }

  #endOthers(order: Order): void {
    for (const other of this.#orders.othersOfList(order)) {
      this.#orders.remove(other);
      this.#done(other, "list_ended");
      if (other.shown > 0) this.#levelChanged(other);
    }
  }

  // Trading

  /** What an order does that has been accepted, or activated. */
  #begin(order: Order): void {
    if (order.conditions.trigger) this.#wait(order, "trigger");
    else this.#comeIn(order);
  }

  /** What an order does that has no trigger, or has been triggered. */
  #comeIn(order: Order): void {
    const wait = this.#whatItWaitsFor(order);
    if (wait !== undefined) {
      this.#wait(order, wait);
      return;
    }
    const { minQuantity = 0, slippage } = order.conditions;
    const needsOtherSide = order.type === "market_to_limit" || slippage !== undefined;
    if (needsOtherSide && order.price === 0) {
      this.#finish(order, "no_liquidity");
      return;
    }
    if (minQuantity > lotsTraded(this.#sweepOfCopies(order))) {
      this.#finish(order, "minimum_unfilled");
      return;
    }
    if (order.timeInForce === "fok" && !this.#fillsAtOnce(order)) {
      this.#finish(order, "fill_or_kill_unfilled");
      return;
    }
    this.#takeAndRest(order);
  }

  /** What an order that comes in has to wait for, if it has. */
  #whatItWaitsFor(order: Order): Wait | undefined {
    const { phase } = this.#market(order);
    const { peg, allOrNone } = order.conditions;
    if (peg !== undefined) return "price";
    if (order.timeInForce === "at_close" && phase !== "closing_auction") return "auction";
    if (allOrNone && !(phase === "open" && this.#fillsAtOnce(order))) return "lots";
    return undefined;
  }

  #fillsAtOnce(order: Order): boolean {
    const trial = this.#sweepOfCopies(order);
    return order.quoteQuantity > 0
      ? trial.end === "budget_spent"
      : lotsTraded(trial) === order.quantity;
  }

  #sweepOfCopies(taker: Order): Sweep {
    const makers = this.#orders.inRank(taker.market, otherSide(taker.side));
    const market = this.#market(taker);
    return sweep(
      { ...taker },
      makers.map((maker) => ({ ...maker })),
      market,
      this.#nextPlace,
      bandOf(market),
    );
  }

  #takeAndRest(order: Order): void {
    const market = this.#market(order);
    if (collects(market.phase)) {
      this.#rest(order);
      return;
    }
    const makers = this.#orders.inRank(order.market, otherSide(order.side));
    const { meetings, end } = sweep(order, makers, market, this.#nextPlace, bandOf(market));
    meetings.forEach((meeting, index) => {
      this.#tellMeeting(order, meeting);
      const { maker, makerEnds, prevented } = meeting;
      if (makerEnds !== undefined) {
        this.#orders.remove(maker);
        this.#finish(maker, makerEnds);
      } else if (prevented === undefined && isOfPair(maker)) {
        this.#endOthers(maker);
      }
      const next = meetings[index + 1]?.maker;
      const leavesLevel = next?.price !== maker.price || isUnseen(next) !== isUnseen(maker);
      if (leavesLevel && !isUnseen(maker)) this.#levelChanged(maker);
    });
    if (end === "outside_band") this.#breach(order, market);
    else if (end !== "out_of_makers") this.#finish(order, end);
    else if (canRest(order)) this.#rest(order);
    else this.#finish(order, "no_liquidity");
  }

  #breach(order: Order, market: Market): void {
    const { onBreach } = market.protection;
    if (onBreach !== "expire" && canRest(order)) this.#rest(order);
    else this.#finish(order, "outside_band");
    if (onBreach === "expire") return;
    market.phase = onBreach === "halt" ? "halted" : "auction";
    this.#tell({ kind: "phase_changed", market: order.market, phase: market.phase });
  }

  #tellMeeting(taker: Order, meeting: Meeting): void {
    const { maker, prevented, quantity, makerRemaining, takerRemaining } = meeting;
    const market = this.#market(taker);
    const facts = {
      market: taker.market,
      price: maker.price,
      quantity,
      takerSide: taker.side,
      makerOrderId: maker.orderId,
      takerOrderId: taker.orderId,
      makerAccount: maker.account,
      takerAccount: taker.account,
      makerRemaining,
      takerRemaining,
    };
    if (prevented !== undefined) {
      const transfers = prevented === "transfer" && maker.account !== taker.account;
      this.#tell({ kind: "prevented", mode: prevented, ...facts, transfers });
      return;
    }
    this.#tell({ kind: "trade", tradeId: this.nextTradeId, ...facts });
    this.nextTradeId += 1;
    market.lastPrice = maker.price;
    for (const order of [maker, taker]) noteTrade(order, quantity, maker.price);
  }

  #rest(order: Order): void {
    order.state = "resting";
    order.place = this.#nextPlace();
    showAnew(order);
    this.#orders.add(order);
    if (order.shown > 0) this.#levelChanged(order);
  }

  #wait(order: Order, wait: Wait): void {
    order.state = "waiting";
    order.waitsFor = wait;
    this.#orders.add(order);
  }

  /** An order comes out of where it is, to be live anew. */
  #callUp(order: Order): void {
    this.#orders.remove(order);
    order.state = "coming";
    order.shown = 0;
    order.waitsFor = undefined;
  }

  // What follows each command

  /** In all markets: where nothing was touched, nothing follows. */
  #doWhatFollows(): void {
    const numbers = [...this.#markets.keys()].sort((one, other) => one - other);
    for (const number of numbers) {
      let isSettled = false;
      while (!isSettled && this.phase(number) === "open") isSettled = !this.#doNext(number);
      this.#tellIndicative(number);
    }
  }

  /** Does the first of what there is to do; answers whether there was anything. */
  #doNext(number: number): boolean {
    const market = this.#market({ market: number });
    const due = this.#orders.pending(number).find(({ list }) => list?.isDue);
    if (due !== undefined) {
      this.#activate(due, market);
      return true;
    }
    const moving = this.#orders
      .of(number)
      .find((order) => isPegged(order) && placeOf(order) !== this.#pegPrice(order, market));
    if (moving !== undefined) {
      this.#repeg(moving, this.#pegPrice(moving, market));
      return true;
    }
    const fillable = this.#orders.waiting(number, "lots").find((each) => this.#fillsAtOnce(each));
    if (fillable !== undefined) {
      this.#callUp(fillable);
      this.#takeAndRest(fillable);
      return true;
    }
    const waiting = this.#orders.waiting(number, "trigger");
    for (const order of waiting) follow(order, market);
    const triggered = nextTriggered(waiting, market);
    if (triggered !== undefined) this.#trigger(triggered, market);
    return triggered !== undefined;
  }

  #pegPrice(order: Order, { rules }: Market): number {
    const best = (side: SideName): number => this.#orders.shown(order.market, side)[0]?.price ?? 0;
    return pegPrice(order, { buy: best("buy"), sell: best("sell") }, rules);
  }

  /** Price 0: it stands nowhere from now on. */
  #repeg(order: Order, price: number): void {
    this.#callUp(order);
    const { market, account, orderId, side, remaining } = order;
    const repegged: Repegged = {
      kind: "repegged",
      market,
      account,
      orderId,
      side,
      price,
      remaining,
    };
    this.#tell(repegged);
    order.price = price === 0 ? order.limit : price;
    if (price === 0) this.#wait(order, "price");
    else if (this.#refuse({ ...repegged, quantity: 0 }) !== 0)
      this.#finish(order, "refused_when_repegged");
    else this.#takeAndRest(order);
  }

  #trigger(order: Order, { rules, phase }: Market): void {
    this.#callUp(order);
    const price = limitNow(order, this.#bestAgainst(order), rules, phase);
    order.price = price ?? order.price;
    const { conditions } = order;
    const triggered: Triggered = { kind: "triggered", ...this.#termsOf(order), conditions };
    this.#tell(triggered);
    if (isOfPair(order)) this.#endOthers(order);
    if (price === undefined) this.#finish(order, "would_take");
    else if (this.#refuse(triggered) !== 0) this.#finish(order, "refused_when_triggered");
    else this.#comeIn(order);
  }

  /** What `accepted` tells of an order, but for its conditions. */
  #termsOf(order: Order): Omit<Accepted, "kind" | "conditions"> {
    return {
      market: order.market,
      account: order.account,
      orderId: order.orderId,
      side: order.side,
      type: order.type,
      timeInForce: order.timeInForce,
      price: order.price,
      quantity: order.quantity,
      quoteQuantity: order.quoteQuantity,
    };
  }

  // Changing

  #cancel(command: Omit<Cancel, "kind">): void {
    this.#cancelNamed(command, this.#orders.named(command));
  }

  #cancelByClientId(command: CancelByClientId): void {
    this.#cancelNamed(command, this.#orders.withClientOrderId(command));
  }

  #cancelNamed(command: Named, order: Order | undefined): void {
    if (order === undefined) {
      this.#reject(command, "order_unknown");
    } else if (!allowsCancelling(this.#market(order).phase)) {
      this.#reject(command, "phase_forbids");
    } else {
      this.#end(order, "cancelled");
    }
  }

  #reduce(command: Reduce): void {
    const order = this.#orders.named(command);
    const broken = this.#brokenReductionRule(command, order);
    if (order === undefined || broken !== undefined) {
      this.#reject(command, broken ?? "order_unknown");
      return;
    }
    order.quantity -= command.quantity;
    this.#shrink(order, order.remaining - command.quantity);
    this.#tell({
      kind: "reduced",
      market: order.market,
      account: order.account,
      orderId: order.orderId,
      side: order.side,
      price: order.price,
      quantity: command.quantity,
      remaining: order.remaining,
    });
    if (order.shown > 0) this.#levelChanged(order);
  }

  #brokenReductionRule({ quantity }: Reduce, order: Order | undefined): Code | undefined {
    if (order === undefined) return "order_unknown";
    if (order.state !== "resting") return "order_is_waiting";
    const { phase, rules } = this.#market(order);
    if (!allowsCancelling(phase)) return "phase_forbids";
    if (!(quantity > 0)) return "quantity_must_be_positive";
    if (quantity >= order.remaining) return "quantity_above_maximum";
    if (!isMultiple(quantity, rules.quantityIncrement)) return "quantity_off_increment";
    return undefined;
  }

  /** Leaves an order fewer lots, in its place: hidden ones go first. */
  #shrink(order: Order, remaining: number): void {
    order.remaining = remaining;
    order.shown = Math.min(order.shown, remaining);
  }

  #amend(command: Amend): void {
    const order = this.#orders.named(command);
    const broken = this.#brokenAmendmentRule(command, order);
    if (order === undefined || broken !== undefined) {
      this.#reject(command, broken ?? "order_unknown");
      return;
    }
    const { price, quantity } = command;
    const keepsPlace = this.#keepsPlace(command, order);
    const { market, account, orderId, side } = order;
    const remaining = quantity - (order.quantity - order.remaining);
    const amended: Amended = {
      kind: "amended",
      market,
      account,
      orderId,
      side,
      price,
      quantity,
      remaining,
    };
    if (!keepsPlace && this.#isRefused(amended, command)) return;
    this.#tell(amended);
    const isShown = order.shown > 0;
    order.quantity = quantity;
    if (keepsPlace) {
      this.#shrink(order, remaining);
      if (isShown) this.#levelChanged(order);
      return;
    }
    this.#orders.remove(order);
    if (isShown) this.#levelChanged(order);
    order.price = price;
    order.remaining = remaining;
    this.#takeAndRest(order);
  }

  #brokenAmendmentRule(command: Amend, order: Order | undefined): Code | undefined {
    if (order === undefined) return "order_unknown";
    if (order.state !== "resting") return "order_is_waiting";
    if (isPegged(order)) return "order_is_pegged";
    const market = this.#market(order);
    const { phase, rules } = market;
    if (!allowsAmending(phase)) return "phase_forbids";
    const { price, quantity } = command;
    const broken =
      brokenPriceRule(price, rules) ??
      brokenQuantityRule(quantity, rules) ??
      brokenNotionalRule(price, quantity, rules);
    if (broken !== undefined) return broken;
    if (price !== order.price && isOutsideCollar(price, market)) return "price_outside_collar";
    if (quantity <= order.quantity - order.remaining) return "quantity_already_filled";
    if (!this.#keepsPlace(command, order) && this.#isFull(rules))
      return "level_quantity_above_maximum";
    return this.#wouldTakeThough({ ...order, price }, phase) ? "would_take" : undefined;
  }

  /** Whether an order would trade that its conditions or the phase forbid to. While orders collect, none trades. */
  #wouldTakeThough(order: Order, phase: PhaseName): boolean {
    const mayNot = phase === "post_only" || (phase === "open" && order.conditions.postOnly);
    const best = this.#bestAgainst(order);
    return Boolean(mayNot) && best !== 0 && accepts(order, best);
  }

  #keepsPlace({ price, quantity }: Amend, order: Order): boolean {
    return price === order.price && quantity <= order.quantity;
  }

  #replace(command: Replace): void {
    if (command.onFailure === "allow") {
      this.#cancel(command);
      this.#placeOrder(command);
      return;
    }
    const { market, account } = command;
    const replaced = this.#orders.named(command);
    const judged = this.#judge(command, replaced && { gone: replaced });
    if (typeof judged === "string") {
      this.#reject({ market, account }, judged);
    } else if (replaced === undefined) {
      this.#reject(command, "order_unknown");
    } else if (!this.#isRefused(judged, { market, account })) {
      this.#end(replaced, "cancelled");
      this.#accept(judged);
    }
  }

  #cancelAll(command: CancelAll): void {
    const { market, account, side } = command;
    if (market !== 0 && !this.#markets.has(market)) {
      this.#reject(command, "unknown_market");
      return;
    }
    if (account < 0) {
      this.#reject(command, "account_must_be_positive");
      return;
    }
    const count = this.#cancelThose(
      (order) =>
        (market === 0 || order.market === market) &&
        (account === 0 || order.account === account) &&
        (side === "both" || order.side === side),
    );
    this.#doWhatFollows();
    this.#tell({ kind: "orders_cancelled", market, account, count });
  }

  /** Cancels the orders that match where the phase allows it, and answers how many they were. Some end with their lists before. */
  #cancelThose(matches: (order: Order) => boolean): number {
    const found = this.#orders.all.filter(
      (order) => matches(order) && allowsCancelling(this.#market(order).phase),
    );
    let count = 0;
    for (const order of found) if (this.#endIfOpen(order, "cancelled")) count += 1;
    return count;
  }

  #cancelAllAfter(command: CancelAllAfter): void {
    const { account } = command;
    const at = command.at + 0;
    if (account < 1) {
      this.#reject(command, "account_must_be_positive");
      return;
    }
    if (at !== 0 && !(Number.isSafeInteger(at) && at > this.time)) {
      this.#reject(command, "switch_not_in_future");
      return;
    }
    if (at === 0) this.#switches.delete(account);
    else this.#switches.set(account, at);
    this.#tell({ kind: "cancel_all_after_set", account, at });
  }

  // Time, phases and prices

  #advanceTime(command: AdvanceTime): void {
    const time = command.time + 0;
    if (!(Number.isSafeInteger(time) && time >= this.time)) {
      this.#reject(command, "time_went_back");
      return;
    }
    const switches = [...this.#switches].map(([account, at]) => ({
      at,
      rank: account,
      isSwitch: true,
      act: () => this.#pullSwitch(account),
    }));
    const expiries = this.#orders.all.map((order) => ({
      at: order.conditions.expiresAt ?? Number.POSITIVE_INFINITY,
      rank: order.orderId,
      isSwitch: false,
      act: () => this.#endIfOpen(order, "expired"),
    }));
    const due = [...switches, ...expiries]
      .filter(({ at }) => at <= time)
      .sort(
        (one, other) =>
          one.at - other.at ||
          Number(other.isSwitch) - Number(one.isSwitch) ||
          one.rank - other.rank,
      );
    for (const { act } of due) act();
    this.time = time;
    this.#doWhatFollows();
    this.#tell({ kind: "time_advanced", time });
  }

  #pullSwitch(account: number): void {
    this.#switches.delete(account);
    const count = this.#cancelThose((order) => order.account === account);
    this.#tell({ kind: "orders_cancelled", market: 0, account, count });
  }

  #setPhase(command: SetPhase): void {
    const { phase } = command;
    const market = this.#markets.get(command.market);
    if (market === undefined) {
      this.#reject(command, "unknown_market");
      return;
    }
    if (market.phase === "delisted") {
      this.#reject(command, "phase_forbids");
      return;
    }
    if (uncrosses(phase)) this.#uncross(market);
    const there = this.#orders.of(command.market);
    const expiring = there.filter((order) => expiresWith(order, market.phase, phase));
    for (const order of expiring) this.#endIfOpen(order, "expired");
    if (phase === "delisted") for (const order of there) this.#endIfOpen(order, "delisted");
    if (phase === "closing_auction")
      for (const order of this.#orders.waiting(command.market, "auction")) this.#bringIn(order);
    market.phase = phase;
    if (!collects(phase)) market.told = NO_UNCROSSING;
    this.#tell({ kind: "phase_changed", market: command.market, phase });
  }

  /** An order that has waited for the closing auction rests. */
  #bringIn(order: Order): void {
    this.#callUp(order);
    const activated = this.#tellActivated(order);
    if (this.#refuse(activated) !== 0) this.#finish(order, "refused_when_activated");
    else this.#rest(order);
  }

  #setMarkPrice(command: SetMarkPrice): void {
    const { price } = command;
    const market = this.#markets.get(command.market);
    if (market === undefined) {
      this.#reject(command, "unknown_market");
    } else if (market.phase === "delisted") {
      this.#reject(command, "phase_forbids");
    } else if (price < 1 || price > market.rules.maxPrice) {
      this.#reject(command, "mark_price_out_of_range");
    } else {
      market.markPrice = price;
      this.#tell({ kind: "mark_price_set", market: command.market, price });
    }
  }

  #setReferencePrice(command: SetReferencePrice): void {
    const { price } = command;
    const market = this.#markets.get(command.market);
    if (market === undefined) {
      this.#reject(command, "unknown_market");
    } else if (market.phase === "delisted") {
      this.#reject(command, "phase_forbids");
    } else if (price < 0 || price > market.rules.maxPrice) {
      this.#reject(command, "reference_price_out_of_range");
    } else {
      market.referencePrice = price;
      this.#tell({ kind: "reference_price_set", market: command.market, price });
    }
  }

  #setAllocation(command: SetAllocation): void {
    const {
      allocation,
      fifoPercent,
      topOrderMaximum = 0,
      leadAccount = 0,
      leadPercent = 0,
    } = command;
    const market = this.#markets.get(command.market);
    if (market === undefined) {
      this.#reject(command, "unknown_market");
      return;
    }
    const chosen = {
      allocation,
      minimumShare: command.minimumShare + 0,
      fifoPercent,
      ...(topOrderMaximum !== 0 && { topOrderMaximum }),
      ...(leadAccount !== 0 && { leadAccount }),
      ...(leadPercent !== 0 && { leadPercent }),
    };
    const broken = brokenAllocationRule(chosen, market.rules);
    if (broken !== undefined) {
      this.#reject(command, broken);
      return;
    }
    market.allocation = chosen;
    this.#tell({ kind: "allocation_set", market: command.market, ...chosen });
  }

  #setPriceIncrements(command: SetPriceIncrements): void {
    const market = this.#markets.get(command.market);
    if (market === undefined) {
      this.#reject(command, "unknown_market");
      return;
    }
    if (market.phase === "delisted") {
      this.#reject(command, "phase_forbids");
      return;
    }
    const bands = command.bands.map(({ from, increment }) => ({ from, increment }));
    const broken = brokenBandsRule(bands, market.rules);
    if (broken !== undefined) {
      this.#reject(command, broken);
      return;
    }
    market.rules = { ...market.rules, bands };
    this.#tell({ kind: "price_increments_set", market: command.market, bands });
  }

  // Uncrossing

  #uncross(market: Market): void {
    const { market: number } = market.rules;
    const { price, quantity } = uncrossingOf(this.#orders.resting(number), market.lastPrice);
    if (quantity === 0) return;
    const before = this.#levels(number);
    const buys = this.#orders.inRank(number, "buy");
    const sells = this.#orders.inRank(number, "sell");
    for (const trade of uncross(price, buys, sells)) this.#tellAuctionTrade(trade, price);
    market.lastPrice = price;
    for (const { side, price: at, quantity: lots, orders } of before) {
      const now = this.#orders.level(number, side, at);
      if (now.quantity !== lots || now.orders !== orders)
        this.#levelChanged({ market: number, side, price: at });
    }
  }

  #tellAuctionTrade(trade: AuctionTrade, price: number): void {
    const { buy, sell } = trade;
    const bought = { order: buy, remaining: trade.buyRemaining };
    const sold = { order: sell, remaining: trade.sellRemaining };
    const [maker, taker] = buy.orderId < sell.orderId ? [bought, sold] : [sold, bought];
    this.#tell({
      kind: "trade",
      market: buy.market,
      tradeId: this.nextTradeId,
      price,
      quantity: trade.quantity,
      takerSide: taker.order.side,
      makerOrderId: maker.order.orderId,
      takerOrderId: taker.order.orderId,
      makerAccount: maker.order.account,
      takerAccount: taker.order.account,
      makerRemaining: maker.remaining,
      takerRemaining: taker.remaining,
    });
    this.nextTradeId += 1;
    for (const { order, remaining } of [maker, taker]) {
      noteTrade(order, trade.quantity, price);
      if (remaining > 0) {
        if (isOfPair(order)) this.#endOthers(order);
        continue;
      }
      this.#orders.remove(order);
      this.#finish(order, "filled");
    }
  }

  /** All levels of a market: buys from the best on, then sells. */
  #levels(market: number): (BookLevel & { side: SideName })[] {
    const sides: SideName[] = ["buy", "sell"];
    return sides.flatMap((side) =>
      this.#orders.depth(market, side).map((level) => ({ ...level, side })),
    );
  }

  #tellIndicative(number: number): void {
    const market = this.#markets.get(number);
    if (market === undefined || !collects(market.phase)) return;
    const now = uncrossingOf(this.#orders.resting(number), market.lastPrice);
    const { told } = market;
    const isTold =
      now.price === told.price && now.quantity === told.quantity && now.surplus === told.surplus;
    if (isTold) return;
    market.told = now;
    this.#tell({ kind: "indicative", market: number, ...now });
  }

  // Telling

  #tell(event: EngineEvent): void {
    this.#events.push(event);
  }

  /** An open order is no more. */
  #end(order: Order, reason: DoneReasonName): void {
    this.#orders.remove(order);
    this.#done(order, reason);
    if (order.shown > 0) this.#levelChanged(order);
    this.#followEnd(order, reason);
  }

  /** The same of one that can have ended with its list, or by a switch, before; answers whether it has ended now. */
  #endIfOpen(order: Order, reason: DoneReasonName): boolean {
    const isOpen = this.#orders.isOpen(order);
    if (isOpen) this.#end(order, reason);
    return isOpen;
  }

  /** An order is no more that is not, or no longer, among the open ones. */
  #finish(order: Order, reason: DoneReasonName): void {
    this.#done(order, reason);
    this.#followEnd(order, reason);
  }

  #done(order: Order, reason: DoneReasonName): void {
    const { market, account, orderId, side, price, remaining } = order;
    this.#tell({ kind: "done", market, account, orderId, side, price, reason, remaining });
  }

  #levelChanged(at: { market: number; side: SideName; price: number }): void {
    const { market, side, price } = at;
    this.#tell({
      kind: "level_changed",
      market,
      side,
      ...this.#orders.level(market, side, price),
    });
  }

  /** `leg`: of a list, from 1. */
  #reject(command: Named, code: Code, leg = 0): void {
    const { number, field } = REJECTIONS[code];
    this.#tellRejection(command, code, number, field, leg);
  }

  /** Asks the Admission port, and rejects the command if it says no. */
  #isRefused(event: Accepted | Amended, command: Named): boolean {
    const refusal = this.#refuse(event);
    if (refusal !== 0) this.#tellRejection(command, "refused_by_admission", refusal, "");
    return refusal !== 0;
  }

  /** What a command doesn't say is 0, and so is an id that can be none. */
  #tellRejection(
    { market = 0, account = 0, orderId = 0 }: Named,
    code: RejectionCode,
    codeNumber: number,
    field: string,
    leg = 0,
  ): void {
    const isId = Number.isSafeInteger(orderId) && orderId > 0;
    this.#tell({
      kind: "rejected",
      market,
      account,
      orderId: isId ? orderId : 0,
      code,
      codeNumber,
      field,
      ...(leg !== 0 && { leg }),
    });
  }

  readonly #nextPlace = (): number => {
    this.#lastPlace += 1;
    return this.#lastPlace;
  };

  #market(order: { market: number }): Market {
    const market = this.#markets.get(order.market);
    if (market === undefined) throw new RangeError(`expected a market, was ${order.market}`);
    return market;
  }
}

/** What is to be known of a placement beside its terms. */
interface Circumstances {
  /** An order that is gone by then. */
  readonly gone?: Order | undefined;
  /** The leg of a list that it is. */
  readonly leg?: Leg | undefined;
}

interface JudgedLeg {
  readonly accepted: Accepted;
  readonly isPending: boolean;
}

const isPegged = ({ state, conditions }: Order): boolean =>
  conditions.peg !== undefined && state !== "pending";

/** Ticks; 0 if it stands nowhere. */
const placeOf = ({ state, price }: Order): number => (state === "resting" ? price : 0);

interface Named {
  readonly kind?: EngineCommand["kind"];
  readonly market?: number;
  readonly account?: number;
  readonly orderId?: number;
}
