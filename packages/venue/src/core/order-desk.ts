import {
  type Admission,
  CommandKind,
  Contingency,
  decodeCommand,
  type Engine,
  type EngineHandler,
  EventKind,
  type EventRegister,
  type RecordViews,
  RecordWriter,
  type Replace,
  recordKind,
  Side,
} from "@pincex/engine";

import {
  CANCEL_CLIENT_ORDER_ID,
  cancelledMarket,
  cancelledOrderId,
} from "../commands/cancel-order.ts";
import { COMMAND_BODY, clientOrderIdLength, commandAccount } from "../commands/command-record.ts";
import { LIST_NAME, placedNameLength, placedNameOffset } from "../commands/order-command.ts";
import { placedClientOrderIdOffset } from "../commands/place-order.ts";
import { writeOrderNamed } from "../events/order-named.ts";
import { writeTradeSettled } from "../events/trade-settled.ts";
import type { FeeRates } from "../fees/fee-schedule.ts";
import { senderRefusal } from "./account-rules.ts";
import { isClientOrderId } from "./client-order-id.ts";
import { type CommandRefusal, refused, refusedForBalance } from "./command-refusal.ts";
import { invariant } from "./invariant.ts";
import { appendEntry } from "./ledger-records.ts";
import { isBounded, neededForFees, neededToTrade } from "./order-hold.ts";
import { larger, OrderHolds } from "./order-holds.ts";
import { settleTrade } from "./trade-settlement.ts";
import type { ListedMarket, VenueState } from "./venue-state.ts";

/** From this number on the engine's rejections are its Admission port's. */
const FIRST_OWN_CODE = 1_000;

/**
 * Where orders come in. It answers the engine's question for funding with holds, settles trades as they happen, and
 * releases what is not needed any more. It is the engine's one handler, and passes the engine's events on unchanged.
 */
export class OrderDesk implements EngineHandler, Admission {
  readonly #state: VenueState;
  readonly #holds: OrderHolds;
  // What is so while one command is applied.
  #out: RecordWriter = new RecordWriter(8);
  #time = 0;
  /** What this desk has answered the engine last. */
  #answered: CommandRefusal | undefined;
  #refusal: CommandRefusal | undefined;
  /** Whether an order has come in or ended: then the command has done something, whatever else it could not do. */
  #hasActed = false;
  #orderId = 0;
  /** The order that is to be replaced, until it is done, if the new one may use what it reserves; else 0. */
  #replaced = 0;
  #isReplacedFreed = false;
  /** The list that is being placed, and how its orders depend on one another. */
  #listId = 0;
  #contingency = 0;
  #command: RecordViews = this.#out.views;
  #offset = 0;
  #nameOffset = 0;
  #nameLength = 0;

  constructor(state: VenueState) {
    this.#state = state;
    this.#holds = new OrderHolds(state);
  }

  /** The order that the command placed, changed or cancelled; of a list the first one; 0 for none, and for many. */
  get orderId(): number {
    return this.#orderId;
  }

  /** Why the engine, or this desk in the engine's name, refused the command. */
  get refusal(): CommandRefusal | undefined {
    return this.#hasActed ? undefined : this.#refusal;
  }

  /** Says, before each command, what time it is and where events go. */
  begin(time: number, out: RecordWriter): void {
    this.#out = out;
    this.#time = time;
    this.#answered = undefined;
    this.#refusal = undefined;
    this.#hasActed = false;
    this.#orderId = 0;
    this.#replaced = 0;
    this.#listId = 0;
    this.#nameLength = 0;
    this.#holds.begin(out);
  }

  place(engine: Engine, command: RecordViews, offset: number): CommandRefusal | undefined {
    const account = commandAccount(command, offset);
    this.#command = command;
    this.#nameOffset = placedClientOrderIdOffset(command, offset);
    this.#nameLength = clientOrderIdLength(command, offset);
    const sender = this.#state.accounts.get(account);
    const refusal = senderRefusal(sender) ?? this.#nameRefusal(account, 0);
    if (refusal !== undefined) return refusal;
    engine.process(command, offset + COMMAND_BODY);
    this.#holds.finish();
    return this.refusal;
  }

  cancel(engine: Engine, command: RecordViews, offset: number): CommandRefusal | undefined {
    const { accounts, orders } = this.#state;
    const account = commandAccount(command, offset);
    const nameLength = clientOrderIdLength(command, offset);
    const nameOffset = offset + CANCEL_CLIENT_ORDER_ID;
    if (!accounts.has(account)) return refused("unknown_account");
    let orderId = cancelledOrderId(command, offset);
    if (nameLength > 0) {
      const named = orders.findByName(account, command, nameOffset, nameLength);
      if (named === 0) return refused("order_unknown");
      if (orderId !== 0 && orderId !== orders.orderId(named)) {
        return refused("client_order_id_mismatch");
      }
      orderId = orders.orderId(named);
    }
    engine.cancel(cancelledMarket(command, offset), account, orderId);
    this.#orderId = orderId;
    return this.refusal;
  }

  /** Whatever else an account asks of its orders. */
  order(engine: Engine, command: RecordViews, offset: number): CommandRefusal | undefined {
    const account = commandAccount(command, offset);
    const sender = this.#state.accounts.get(account);
    if (sender === undefined) return refused("unknown_account");
    this.#command = command;
    this.#offset = offset;
    const asksForMore = ASKING_FOR_MORE.has(recordKind(command, offset + COMMAND_BODY));
    const refusal =
      (asksForMore ? senderRefusal(sender) : undefined) ?? this.#placementsRefusal(account);
    if (refusal !== undefined) return refusal;
    engine.process(command, offset + COMMAND_BODY);
    this.#holds.finish();
    return this.refusal;
  }

  /** What the operator asks of a market. */
  operate(engine: Engine, command: RecordViews, offset: number): CommandRefusal | undefined {
    engine.process(command, offset + COMMAND_BODY);
    return this.refusal;
  }

  /**
   * Asked by the engine before an order becomes live, and whenever it may need more: reserves its worst case. A pegged order
   * reserves for its limit from the beginning. Nothing becomes live for an account that is frozen.
   */
  admit(order: EventRegister, list?: EventRegister): number {
    const refusal = senderRefusal(this.#state.accounts.get(order.account));
    if (refusal !== undefined) return this.#refuse(refusal);
    switch (order.kind) {
      case EventKind.accepted:
        return list === undefined ? this.#admitAlone(order) : this.#admitLeg(order, list);
      case EventKind.amended:
        return this.#admitAmended(order);
      case EventKind.activated:
        return this.#admitActivated(order);
      case EventKind.triggered:
        return this.#admitTriggered(order);
      default:
        return 0;
    }
  }

  /** An order of a list is not placed after all: another one was refused. */
  withdraw(orderId: number): void {
    const { orders } = this.#state;
    const slot = orders.find(orderId);
    this.#holds.withdraw(slot);
    orders.remove(slot);
  }

  event(event: EventRegister): void {
    const { kind } = event;
    if (kind === EventKind.levelChanged) {
      // Half of all events, and no order's.
      this.#out.append(event.views, 0, event.length);
      return;
    }
    if (kind === EventKind.accepted) this.#open(this.#slotOf(event.orderId), event);
    else if (kind === EventKind.pending) this.#keepPending(event);
    else if (kind === EventKind.listAccepted) this.#nameList(event);
    this.#out.append(event.views, 0, event.length);
    switch (kind) {
      case EventKind.trade:
        this.#settle(event);
        break;
      case EventKind.done:
        this.#hasActed = true;
        this.#close(event.orderId);
        break;
      case EventKind.accepted:
        this.#hasActed = true;
        if (this.#listId !== 0) this.#holds.tell(this.#slotOf(event.orderId));
        break;
      case EventKind.rejected:
        this.#noteRejection(event.codeNumber);
        break;
      case EventKind.listAccepted:
        this.#listId = event.listId;
        this.#contingency = event.contingency;
        break;
      case EventKind.amended:
      case EventKind.reduced:
        this.#change(event);
        break;
      case EventKind.prevented:
        if (event.quantity > 0) this.#loseLots(event);
        break;
    }
  }

  #admitAlone(order: EventRegister): number {
    const { books, orders } = this.#state;
    const { account, orderId, side, price, quantity, quoteQuantity } = order;
    if (price === 0 && !isBounded(order)) return this.#refuse(refused("worst_case_unbounded"));
    const market = this.#market(order.market);
    const holdAccount = this.#holdAccount(account, side, market);
    const rates = this.#rates(account, order.market);
    const needed = worstCase(side, price, quantity, quoteQuantity, market, rates);
    if (holdAccount === 0) return this.#refuse(refusedForBalance(needed, 0n));
    const spared = this.#replaced === 0 ? 0n : this.#spareForReplacement(holdAccount, needed);
    // An order by quote quantity below one lot at its worst price can't trade, and so needs nothing.
    if (needed > 0n) {
      const held = books.hold({ id: orderId, account: holdAccount, amount: needed, kind: "order" });
      if (!held.ok) {
        return this.#refuse(refusedForBalance(needed, books.available(holdAccount) + spared));
      }
    }
    const slot = orders.add(orderId, account, this.#command, this.#nameOffset, this.#nameLength);
    this.#setTerms(slot, order, rates);
    orders.setAccounts(slot, holdAccount, 0);
    this.#holds.tellAtTheEndOf(slot);
    this.#orderId = orderId;
    return 0;
  }

  /**
   * Both or neither: what the old order reserves counts as available for the new one. It is freed if that makes the
   * difference; the old order ends right after. Answers what it could have added, if that was not enough.
   */
  #spareForReplacement(holdAccount: number, needed: bigint): bigint {
    const { books, orders } = this.#state;
    const old = this.#replaced;
    const available = books.available(holdAccount);
    if (orders.holdAccount(old) !== holdAccount || needed <= available) return 0n;
    const holdId = orders.holdId(old);
    const partner = orders.partnerOf(old);
    const left = partner === 0 ? 0n : this.#holds.neededAlone(partner);
    const spare = books.holdAmount(holdId) - left;
    if (needed > available + spare) return spare;
    books.reduceHold(holdId, left);
    this.#isReplacedFreed = spare > 0n;
    return 0n;
  }

  /** Of a list that is asked for leg by leg, the second one of a pair reserves with the first. */
  #admitLeg(order: EventRegister, list: EventRegister): number {
    const { books, orders } = this.#state;
    const { account, orderId, side, price, quantity, quoteQuantity } = order;
    if (!isBounded(order)) return this.#refuse(refused("worst_case_unbounded"));
    const market = this.#market(order.market);
    const holdAccount = this.#holdAccount(account, side, market);
    const rates = this.#rates(account, order.market);
    const needed = worstCase(side, price, quantity, quoteQuantity, market, rates);
    if (holdAccount === 0) return this.#refuse(refusedForBalance(needed, 0n));
    const first = this.#firstOfPair(orderId, side, list.listId, list.contingency);
    const holdId = first === 0 ? orderId : orders.holdId(first);
    const amount = first === 0 ? needed : larger(needed, this.#holds.needed(first));
    if (!this.#holds.reserve(holdId, holdAccount, amount)) {
      const available = books.available(holdAccount) + books.holdAmount(holdId);
      return this.#refuse(refusedForBalance(amount, available));
    }
    this.#takeName(orderId - list.listId);
    const slot = orders.add(orderId, account, this.#command, this.#nameOffset, this.#nameLength);
    this.#setTerms(slot, order, rates);
    orders.setAccounts(slot, holdAccount, 0);
    if (first !== 0) orders.pair(first, slot);
    if (orderId === list.listId) this.#orderId = orderId;
    return 0;
  }

  /** The slot of the order with which another one forms a pair on one side, as its second; else 0. */
  #firstOfPair(orderId: number, side: number, listId: number, contingency: number): number {
    const { orders } = this.#state;
    if (contingency === Contingency.oto) return 0;
    const firstId = contingency === Contingency.oco ? listId : listId + 1;
    if (orderId !== firstId + 1) return 0;
    const first = orders.find(firstId);
    return orders.side(first) === side ? first : 0;
  }

  #admitAmended(order: EventRegister): number {
    const { books, orders } = this.#state;
    const slot = orders.find(order.orderId);
    const { side, price, remaining } = order;
    const market = this.#market(order.market);
    const rates = orders.rates(slot);
    const own = worstCase(side, price, remaining, 0, market, rates, orders.overpaidPpm(slot));
    const partner = orders.partnerOf(slot);
    const amount = partner === 0 ? own : larger(own, this.#holds.neededAlone(partner));
    const holdId = orders.holdId(slot);
    const holdAccount = orders.holdAccount(slot);
    // It is not reduced before the engine says so.
    if (amount <= books.holdAmount(holdId)) return 0;
    if (this.#holds.reserve(holdId, holdAccount, amount)) return 0;
    const available = books.available(holdAccount) + books.holdAmount(holdId);
    return this.#refuse(refusedForBalance(amount, available));
  }

  /** A pending order becomes live. One that has waited for its auction has what it needs. */
  #admitActivated(order: EventRegister): number {
    const { orders } = this.#state;
    const slot = orders.find(order.orderId);
    if (!orders.isPending(slot)) return 0;
    if (!isBounded(order)) return this.#refuse(refused("worst_case_unbounded"));
    const market = this.#market(order.market);
    const holdAccount = this.#holdAccount(order.account, order.side, market);
    if (holdAccount === 0) return this.#refuse(refusedForBalance(0n, 0n));
    this.#setTerms(slot, order);
    orders.setPending(slot, false);
    const amount = this.#holds.needed(slot);
    if (!this.#holds.reserve(orders.holdId(slot), holdAccount, amount)) {
      orders.setPending(slot, true);
      const available = this.#state.books.available(holdAccount);
      return this.#refuse(refusedForBalance(amount, available));
    }
    orders.setAccounts(slot, holdAccount, orders.receiveAccount(slot));
    this.#holds.tell(slot);
    return 0;
  }

  /** Its limit may be another one now: that of a type or a condition that goes by the prices there are. */
  #admitTriggered(order: EventRegister): number {
    const { books, orders } = this.#state;
    const slot = orders.find(order.orderId);
    if (order.price === orders.price(slot)) return 0;
    const holdId = orders.holdId(slot);
    const before = books.holdAmount(holdId);
    orders.setPrice(slot, order.price);
    const amount = this.#holds.needed(slot);
    if (!this.#holds.reserve(holdId, orders.holdAccount(slot), amount)) {
      const available = books.available(orders.holdAccount(slot)) + before;
      return this.#refuse(refusedForBalance(amount, available));
    }
    if (amount !== before) this.#holds.tell(slot);
    return 0;
  }

  /** An order is open: it may receive something, and its owner's name for it is told. */
  #open(slot: number, order: EventRegister): void {
    const { orders, ledgerAccounts } = this.#state;
    const market = this.#market(order.market);
    const receives = order.side === Side.buy ? market.baseAsset : market.quoteAsset;
    const receiveAccount = ledgerAccounts.openCustomer(order.account, receives, this.#out);
    orders.setAccounts(slot, orders.holdAccount(slot), receiveAccount);
    if (this.#listId !== 0) this.#takeName(order.orderId - this.#listId);
    this.#tellName(order.orderId, order.account);
  }

  /** The owner's name for a list is told by the list's id, which is its first order's, before the list. */
  #nameList({ listId, account }: EventRegister): void {
    this.#takeName(LIST_NAME);
    this.#tellName(listId, account);
  }

  #tellName(orderId: number, account: number): void {
    if (this.#nameLength === 0) return;
    writeOrderNamed(this.#out, orderId, account, this.#command, this.#nameOffset, this.#nameLength);
  }

  /** An order that is pending reserves nothing until it is activated. */
  #keepPending(order: EventRegister): void {
    const { orders } = this.#state;
    const { orderId, account, side } = order;
    this.#takeName(orderId - this.#listId);
    const slot = orders.add(orderId, account, this.#command, this.#nameOffset, this.#nameLength);
    this.#setTerms(slot, order);
    orders.setPending(slot, true);
    const first = this.#firstOfPair(orderId, side, this.#listId, this.#contingency);
    if (first !== 0) orders.pair(first, slot);
    this.#open(slot, order);
  }

  #settle(trade: EventRegister): void {
    const { orders } = this.#state;
    const taker = this.#slotOf(trade.takerOrderId);
    const maker = orders.find(trade.makerOrderId);
    invariant(maker !== 0 && taker !== 0, "a trade is between two open orders");
    const takerBuys = trade.takerSide === Side.buy;
    const market = this.#market(trade.market);
    const buyer = takerBuys ? taker : maker;
    const seller = takerBuys ? maker : taker;
    const { entry, settled } = settleTrade(
      this.#state,
      market,
      trade,
      buyer,
      seller,
      this.#time,
      this.#out,
    );
    this.#fill(maker, trade);
    this.#fill(taker, trade);

    appendEntry(this.#out, entry);
    const { buyerFee, sellerFee } = settled;
    const buyerFeeAsset = settled.buyerPaysInQuote ? market.quote : market.base;
    writeTradeSettled(
      this.#out,
      trade.market,
      trade.tradeId,
      entry.number,
      takerBuys ? sellerFee : buyerFee,
      takerBuys ? market.quote : buyerFeeAsset,
      takerBuys ? buyerFee : sellerFee,
      takerBuys ? buyerFeeAsset : market.quote,
    );
    this.#holds.tell(maker);
    this.#holds.tell(taker);
  }

  /** What has traded can't trade again, and what a better price has left over is free. */
  #fill(slot: number, trade: EventRegister): void {
    const { orders } = this.#state;
    const budget = orders.budget(slot);
    if (budget > 0) orders.setOpenPart(slot, 0, budget - trade.price * trade.quantity);
    else orders.setOpenPart(slot, orders.remaining(slot) - trade.quantity, 0);
    if (budget > 0 || !this.#hasGivenAll(slot, trade.price)) this.#holds.fit(slot);
  }

  /** Whether an order by quantity has given all that it had reserved for the lots of a trade: it sold them, or paid its limit. */
  #hasGivenAll(slot: number, price: number): boolean {
    const { orders } = this.#state;
    if (orders.partner(slot) !== 0 || orders.paysInQuote(slot)) return false;
    return orders.side(slot) === Side.sell || orders.price(slot) === price;
  }

  /** An order has another limit, or fewer lots. */
  #change(event: EventRegister): void {
    const { orders } = this.#state;
    const slot = orders.find(event.orderId);
    if (event.kind === EventKind.amended) orders.setPrice(slot, event.price);
    this.#orderId = event.orderId;
    this.#leave(slot, event.remaining);
  }

  /** Two orders of one owner have met, and both have lost lots. */
  #loseLots(event: EventRegister): void {
    this.#leave(this.#slotOf(event.makerOrderId), event.makerRemaining);
    this.#leave(this.#slotOf(event.takerOrderId), event.takerRemaining);
  }

  #leave(slot: number, lots: number): void {
    this.#state.orders.setOpenPart(slot, lots, 0);
    this.#holds.fit(slot);
    this.#holds.tell(slot);
  }

  #close(orderId: number): void {
    const { orders } = this.#state;
    const slot = this.#slotOf(orderId);
    invariant(slot !== 0, "an order that is done was open");
    this.#holds.release(slot);
    if (slot === this.#replaced) {
      if (this.#isReplacedFreed) this.#holds.tellLeft(slot);
      this.#replaced = 0;
    }
    orders.remove(slot);
  }

  /** An order that the engine names; mostly it is the one that is coming in. */
  #slotOf(orderId: number): number {
    const { orders } = this.#state;
    const { untold } = this.#holds;
    return untold !== 0 && orders.orderId(untold) === orderId ? untold : orders.find(orderId);
  }

  #setTerms(
    slot: number,
    order: EventRegister,
    rates: FeeRates = this.#rates(order.account, order.market),
  ): void {
    const { orders } = this.#state;
    orders.setRates(slot, rates);
    orders.setTerms(slot, order.market, order.side, order.price);
    orders.setOpenPart(slot, order.quantity, order.quoteQuantity);
  }

  /** What an order of the account is charged that becomes live now. */
  #rates(account: number, market: number): FeeRates {
    const { accounts, fees } = this.#state;
    return fees.of(market, accounts.get(account)?.tier ?? 0);
  }

  #holdAccount(account: number, side: number, market: ListedMarket): number {
    const gives = side === Side.buy ? market.quoteAsset : market.baseAsset;
    return this.#state.ledgerAccounts.customer(account, gives);
  }

  /** What is wrong with the names of the orders that an order command places. Notes what it replaces. */
  #placementsRefusal(account: number): CommandRefusal | undefined {
    const record = this.#offset + COMMAND_BODY;
    const kind = recordKind(this.#command, record);
    if (kind === CommandKind.replace) return this.#replacementRefusal(account, record);
    return kind === CommandKind.placeList ? this.#listRefusal(account) : undefined;
  }

  #replacementRefusal(account: number, record: number): CommandRefusal | undefined {
    const { orders } = this.#state;
    const { orderId, market, onFailure } = decodeCommand(this.#command, record) as Replace;
    const slot = Number.isSafeInteger(orderId) ? orders.find(orderId) : 0;
    const isOwn = slot !== 0 && orders.account(slot) === account && orders.market(slot) === market;
    this.#takeName(0);
    const refusal = this.#nameRefusal(account, isOwn ? slot : 0);
    if (refusal !== undefined) return refusal;
    this.#replaced = isOwn && onFailure === "stop" ? slot : 0;
    this.#isReplacedFreed = false;
    return undefined;
  }

  #listRefusal(account: number): CommandRefusal | undefined {
    for (let leg = 0; leg < LEGS; leg++) {
      this.#takeName(leg);
      const refusal = this.#nameRefusal(account, 0);
      if (refusal !== undefined) return refusal;
      if (this.#isNameOfLegBefore(leg)) return refused("client_order_id_open");
    }
    this.#takeName(LIST_NAME);
    const isNamed = this.#nameLength > 0;
    if (isNamed && !isClientOrderId(this.#command, this.#nameOffset, this.#nameLength)) {
      return refused("client_order_id_malformed");
    }
    return undefined;
  }

  #isNameOfLegBefore(leg: number): boolean {
    const { bytes } = this.#command;
    const name = bytes.subarray(this.#nameOffset, this.#nameOffset + this.#nameLength);
    for (let before = 0; before < leg && name.length > 0; before++) {
      const length = placedNameLength(this.#command, this.#offset, before);
      const offset = placedNameOffset(this.#command, this.#offset, before);
      const other = bytes.subarray(offset, offset + length);
      if (length === name.length && other.every((byte, index) => byte === name[index])) return true;
    }
    return false;
  }

  /** What is wrong with the name at hand. The order of `free` gives its own away. */
  #nameRefusal(account: number, free: number): CommandRefusal | undefined {
    if (this.#nameLength === 0) return undefined;
    if (!isClientOrderId(this.#command, this.#nameOffset, this.#nameLength)) {
      return refused("client_order_id_malformed");
    }
    const { orders } = this.#state;
    const named = orders.findByName(account, this.#command, this.#nameOffset, this.#nameLength);
    return named === 0 || named === free ? undefined : refused("client_order_id_open");
  }

  #takeName(index: number): void {
    this.#nameOffset = placedNameOffset(this.#command, this.#offset, index);
    this.#nameLength = placedNameLength(this.#command, this.#offset, index);
  }

  #market(market: number): ListedMarket {
    return this.#holds.market(market);
  }

  /** The engine only tells a number; where it is this desk's, there is more to say. */
  #noteRejection(number: number): void {
    this.#refusal ??= number >= FIRST_OWN_CODE ? this.#answered : { number };
  }

  #refuse(refusal: CommandRefusal): number {
    this.#answered = refusal;
    return refusal.number;
  }
}

/** A list has at most so many. */
const LEGS = 3;

/** What a frozen account may not ask of its orders; the rest makes them fewer or smaller. */
const ASKING_FOR_MORE: ReadonlySet<number> = new Set([
  CommandKind.amend,
  CommandKind.replace,
  CommandKind.placeList,
]);

/** What an order has to reserve when it comes in, or comes to this. */
const worstCase = (
  side: number,
  price: number,
  quantity: number,
  quoteQuantity: number,
  market: ListedMarket,
  rates: FeeRates,
  overpaidPpm = 0,
): bigint => {
  const gives = neededToTrade(side, price, quantity, quoteQuantity, market);
  if (rates.paidIn !== "quote") return gives;
  return gives + neededForFees(side, gives, rates.makerPpm, rates.takerPpm, overpaidPpm);
};
