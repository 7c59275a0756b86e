import type { AllocationRule } from "../allocation/allocation.ts";
import type { PriceBand } from "../commands/command.ts";
import { CONDITION_BYTES } from "../conditions/condition-layout.ts";
import { writeConditions } from "../conditions/condition-registers.ts";
import type { EngineHandler } from "../engine-handler.ts";
import type { IncomingOrder } from "../incoming-order.ts";
import type { OrderBooks } from "../order-books.ts";
import type { PeggedOrder } from "../pegs/pegged-orders.ts";
import { type RecordViews, recordViews } from "../record.ts";
import { FIRST_ADMISSION_CODE } from "../rejection.ts";
import {
  ACCOUNT,
  ALLOCATION,
  AT,
  BAND_COUNT,
  BANDS,
  CODE_NUMBER,
  CONDITIONS,
  COUNT,
  FIFO_PERCENT,
  ID,
  LEAD_ACCOUNT,
  LEAD_PERCENT,
  MAKER_ORDER_ID,
  MAKER_REMAINING,
  MARKET,
  MINIMUM_SHARE,
  ORDERS,
  PHASE,
  PRICE,
  QUANTITY,
  QUOTE_QUANTITY,
  REMAINING,
  SURPLUS,
  TAKER_ACCOUNT,
  TAKER_ORDER_ID,
  TAKER_REMAINING,
  TERMS,
  TIME,
  TOP_ORDER_MAXIMUM,
} from "./event-layout.ts";
import { EventRegister } from "./event-register.ts";
import { ACCEPTED, DONE, LEVEL_CHANGED, REGISTER_WORDS, TRADE } from "./register-layout.ts";

/** A register at a word of memory that it shares with others. */
const registerIn = (shared: RecordViews, word: number, header: number): EventRegister =>
  new EventRegister(
    header,
    recordViews(new Uint8Array(shared.bytes.buffer, word * 4, (header >>> 16) * 8)),
  );

/**
 * Fills registers and has them heard. Each kind of event has its own, whose first word is ready made: its length in words
 * of 8 bytes, the version, the kind. Words without meaning are 0 and are never written, so that the same event has the same
 * bytes whatever came before.
 *
 * Numbers that may not fit in 32 bits come from the order and the books, not as arguments: V8 would put them in an object
 * of 16 bytes wherever it does not inline the call.
 */
export class EventWriter {
  readonly marketAdded: EventRegister = new EventRegister(0x0001_01_01);
  /** The memory of the registers that plain trading writes. */
  readonly plain: RecordViews = recordViews(REGISTER_WORDS * 4);
  readonly accepted: EventRegister = registerIn(this.plain, ACCEPTED, 0x0006_01_02);
  readonly rejected: EventRegister = new EventRegister(0x0005_01_03);
  readonly trade: EventRegister = registerIn(this.plain, TRADE, 0x0009_01_04);
  readonly done: EventRegister = registerIn(this.plain, DONE, 0x0006_01_05);
  readonly levelChanged: EventRegister = registerIn(this.plain, LEVEL_CHANGED, 0x0004_01_06);
  readonly reduced: EventRegister = new EventRegister(0x0006_01_07);
  private readonly acceptedConditioned: EventRegister = new EventRegister(0x000e_01_02);
  private readonly triggered: EventRegister = new EventRegister(0x000e_01_09);
  private readonly pending: EventRegister = new EventRegister(0x000e_01_16);
  private readonly activated: EventRegister = new EventRegister(0x000e_01_17);
  private readonly repegged: EventRegister = new EventRegister(0x0006_01_18);
  private readonly listAccepted: EventRegister = new EventRegister(0x0005_01_15);
  private readonly amended: EventRegister = new EventRegister(0x0006_01_0a);
  private readonly prevented: EventRegister = new EventRegister(0x0009_01_0b);
  private readonly phaseChanged: EventRegister = new EventRegister(0x0002_01_08);
  private readonly indicative: EventRegister = new EventRegister(0x0004_01_0c);
  private readonly ordersCancelled: EventRegister = new EventRegister(0x0005_01_0d);
  private readonly cancelAllAfterSet: EventRegister = new EventRegister(0x0005_01_0e);
  private readonly markPriceSet: EventRegister = new EventRegister(0x0002_01_0f);
  private readonly timeAdvanced: EventRegister = new EventRegister(0x0002_01_10);
  private readonly marketChanged: EventRegister = new EventRegister(0x0001_01_11);
  private readonly referencePriceSet: EventRegister = new EventRegister(0x0002_01_12);
  private readonly allocationSet: EventRegister = new EventRegister(0x0005_01_14);
  private readonly order: IncomingOrder;
  private readonly books: OrderBooks;
  private readonly handler: EngineHandler;

  constructor(order: IncomingOrder, books: OrderBooks, handler: EngineHandler) {
    this.order = order;
    this.books = books;
    this.handler = handler;
  }

  tellMarketAdded(): void {
    this.marketAdded.views.i32[MARKET] = this.order.market;
    this.handler.event(this.marketAdded);
  }

  tellMarketChanged(market: number): void {
    this.marketChanged.views.i32[MARKET] = market;
    this.handler.event(this.marketChanged);
  }

  /** Not heard yet: the Admission port is asked first. */
  fillAccepted(): EventRegister {
    const register = this.order.isConditioned ? this.acceptedConditioned : this.accepted;
    this.fillTerms(register);
    if (this.order.isConditioned) this.fillConditions(register);
    return register;
  }

  /** Not heard yet. */
  fillTriggered(): EventRegister {
    this.fillTerms(this.triggered);
    this.fillConditions(this.triggered);
    return this.triggered;
  }

  /** Not heard yet. */
  fillPending(): EventRegister {
    return this.fillOrder(this.pending);
  }

  /** Not heard yet. */
  fillActivated(): EventRegister {
    return this.fillOrder(this.activated);
  }

  /** A list of so many orders, and the first one's id. Not heard yet: the Admission port is asked first. */
  fillListAccepted(
    contingency: number,
    sizing: number,
    legs: number,
    listId: number,
  ): EventRegister {
    const { i32, f64 } = this.listAccepted.views;
    i32[MARKET] = this.order.market;
    i32[TERMS] = contingency | (sizing << 8) | (legs << 16);
    f64[ID] = listId;
    i32[ACCOUNT] = this.order.account;
    return this.listAccepted;
  }

  /** A pegged order stands at `price` from now on; 0: nowhere. Not heard yet. */
  fillRepegged({ slot, row, side }: PeggedOrder, price: number): EventRegister {
    const { books, repegged } = this;
    const { i32, f64 } = repegged.views;
    i32[MARKET] = books.markets.market(row);
    i32[PRICE] = price;
    i32[TERMS] = side;
    f64[ID] = books.orders.id(slot);
    i32[ACCOUNT] = books.orders.account(slot);
    f64[REMAINING] = books.orders.remaining(slot);
    return repegged;
  }

  /** The Admission port refused what a register holds, with a code of its own. */
  tellRefused(asked: EventRegister, orderId: number, codeNumber: number): void {
    if ((codeNumber | 0) !== codeNumber || codeNumber < FIRST_ADMISSION_CODE) {
      throw new RangeError(
        `expected 0 or a code from ${FIRST_ADMISSION_CODE} to 2^31 − 1, was ${codeNumber}`,
      );
    }
    const { i32, f64 } = this.rejected.views;
    i32[MARKET] = asked.market;
    i32[CODE_NUMBER] = codeNumber;
    i32[TERMS] = this.order.leg;
    f64[ID] = orderId;
    i32[ACCOUNT] = asked.account;
    this.handler.event(this.rejected);
  }

  /** `order.orderId` is the one that was named; 0 for a placement. */
  tellRejected(codeNumber: number): void {
    const { order, rejected } = this;
    const { i32, f64 } = rejected.views;
    i32[MARKET] = order.market;
    i32[CODE_NUMBER] = codeNumber;
    i32[TERMS] = order.leg;
    f64[ID] = order.orderId;
    i32[ACCOUNT] = order.account;
    this.handler.event(rejected);
  }

  /** The taker trades `order.filling` lots with a maker, which both have been reduced by already. Not heard yet. */
  fillTrade(maker: number, price: number): EventRegister {
    const { order, trade } = this;
    const { i32, f64 } = trade.views;
    const { orders } = this.books;
    i32[MARKET] = order.market;
    i32[PRICE] = price;
    i32[TERMS] = order.side;
    f64[QUANTITY] = order.filling;
    f64[ID] = this.books.nextTradeId;
    i32[ACCOUNT] = orders.account(maker);
    i32[TAKER_ACCOUNT] = order.account;
    f64[MAKER_ORDER_ID] = orders.id(maker);
    f64[TAKER_ORDER_ID] = order.orderId;
    f64[MAKER_REMAINING] = this.books.remainingOf(maker);
    f64[TAKER_REMAINING] = order.isByQuote ? 0 : order.remaining;
    return trade;
  }

  /** An order that rests or waits is no more. It is still there. */
  tellRestingDone(slot: number, reason: number): void {
    const { i32, f64 } = this.done.views;
    const { books } = this;
    i32[MARKET] = books.markets.market(books.rowOf(slot));
    i32[PRICE] = books.priceOf(slot);
    i32[TERMS] = books.sideOf(slot) | (reason << 8);
    f64[ID] = books.orders.id(slot);
    i32[ACCOUNT] = books.orders.account(slot);
    f64[REMAINING] = books.remainingOf(slot);
    this.handler.event(this.done);
  }

  /** The order that has just come in does not rest. */
  tellIncomingDone(reason: number): void {
    const { order } = this;
    const { i32, f64 } = this.done.views;
    i32[MARKET] = order.market;
    i32[PRICE] = order.price;
    i32[TERMS] = order.side | (reason << 8);
    f64[ID] = order.orderId;
    i32[ACCOUNT] = order.account;
    f64[REMAINING] = order.isByQuote ? 0 : order.remaining;
    this.handler.event(this.done);
  }

  /** `order.quantity` lots were taken off a resting order. */
  tellReduced(slot: number): void {
    const { i32, f64 } = this.reduced.views;
    const { books } = this;
    i32[MARKET] = this.order.market;
    i32[PRICE] = books.priceOf(slot);
    i32[TERMS] = books.sideOf(slot);
    f64[QUANTITY] = this.order.quantity;
    f64[ID] = books.orders.id(slot);
    i32[ACCOUNT] = books.orders.account(slot);
    f64[REMAINING] = books.remainingOf(slot);
    this.handler.event(this.reduced);
  }

  /** The order has `price`, `quantity` and `remaining` now. Not heard yet: the Admission port may be asked first. */
  fillAmended(): EventRegister {
    const { order, amended } = this;
    const { i32, f64 } = amended.views;
    i32[MARKET] = order.market;
    i32[PRICE] = order.price;
    i32[TERMS] = order.side;
    f64[QUANTITY] = order.quantity;
    f64[ID] = order.orderId;
    i32[ACCOUNT] = order.account;
    f64[REMAINING] = order.remaining;
    return amended;
  }

  /** The taker met a maker of its own, and both have lost `order.filling` lots already. */
  tellPrevented(maker: number): void {
    const { order, books, prevented } = this;
    const { i32, f64 } = prevented.views;
    i32[MARKET] = order.market;
    i32[PRICE] = books.priceOf(maker);
    i32[TERMS] = order.side | (order.selfTrade << 8);
    f64[QUANTITY] = order.filling;
    i32[ACCOUNT] = books.orders.account(maker);
    i32[TAKER_ACCOUNT] = order.account;
    f64[MAKER_ORDER_ID] = books.orders.id(maker);
    f64[TAKER_ORDER_ID] = order.orderId;
    f64[MAKER_REMAINING] = books.remainingOf(maker);
    f64[TAKER_REMAINING] = order.isByQuote ? 0 : order.remaining;
    this.handler.event(prevented);
  }

  /** Two orders trade `order.filling` lots at one price for all, in the market in a row. */
  tellUncrossed(row: number, price: number, maker: number, taker: number): void {
    const { books, trade } = this;
    const { orders } = books;
    const { i32, f64 } = trade.views;
    i32[MARKET] = books.markets.market(row);
    i32[PRICE] = price;
    i32[TERMS] = books.sideOf(taker);
    f64[QUANTITY] = this.order.filling;
    f64[ID] = books.nextTradeId;
    i32[ACCOUNT] = orders.account(maker);
    i32[TAKER_ACCOUNT] = orders.account(taker);
    f64[MAKER_ORDER_ID] = orders.id(maker);
    f64[TAKER_ORDER_ID] = orders.id(taker);
    f64[MAKER_REMAINING] = books.remainingOf(maker);
    f64[TAKER_REMAINING] = books.remainingOf(taker);
    this.handler.event(trade);
  }

  tellPhase(market: number, phase: number): void {
    const { i32 } = this.phaseChanged.views;
    i32[MARKET] = market;
    i32[PHASE] = phase;
    this.handler.event(this.phaseChanged);
  }

  tellIndicative(market: number, price: number, quantity: number, surplus: number): void {
    const { i32, f64 } = this.indicative.views;
    i32[MARKET] = market;
    i32[PRICE] = price;
    f64[QUANTITY] = quantity;
    f64[SURPLUS] = surplus;
    this.handler.event(this.indicative);
  }

  tellOrdersCancelled(market: number, account: number, count: number): void {
    const { i32, f64 } = this.ordersCancelled.views;
    i32[MARKET] = market;
    i32[ACCOUNT] = account;
    f64[COUNT] = count;
    this.handler.event(this.ordersCancelled);
  }

  tellCancelAllAfterSet(account: number, at: number): void {
    const { i32, f64 } = this.cancelAllAfterSet.views;
    i32[ACCOUNT] = account;
    f64[AT] = at;
    this.handler.event(this.cancelAllAfterSet);
  }

  tellMarkPriceSet(market: number, price: number): void {
    const { i32 } = this.markPriceSet.views;
    i32[MARKET] = market;
    i32[PRICE] = price;
    this.handler.event(this.markPriceSet);
  }

  tellReferencePriceSet(market: number, price: number): void {
    const { i32 } = this.referencePriceSet.views;
    i32[MARKET] = market;
    i32[PRICE] = price;
    this.handler.event(this.referencePriceSet);
  }

  tellTimeAdvanced(time: number): void {
    this.timeAdvanced.views.f64[TIME] = time;
    this.handler.event(this.timeAdvanced);
  }

  tellAllocationSet(market: number, rule: AllocationRule): void {
    const { i32, f64 } = this.allocationSet.views;
    i32[MARKET] = market;
    i32[ALLOCATION] = rule.allocation;
    i32[FIFO_PERCENT] = rule.fifoPercent;
    f64[MINIMUM_SHARE] = rule.minimumShare;
    f64[TOP_ORDER_MAXIMUM] = rule.topOrderMaximum;
    i32[LEAD_ACCOUNT] = rule.leadAccount;
    i32[LEAD_PERCENT] = rule.leadPercent;
    this.handler.event(this.allocationSet);
  }

  /** A register of its own each time: how long it is depends on the bands, and it is told once in a market's life or so. */
  tellPriceIncrementsSet(market: number, bands: readonly PriceBand[]): void {
    const register = new EventRegister(((BANDS + bands.length) << 16) | 0x01_19);
    const { i32 } = register.views;
    i32[MARKET] = market;
    i32[BAND_COUNT] = bands.length;
    for (const [index, { from, increment }] of bands.entries()) {
      i32[(BANDS + index) << 1] = from;
      i32[((BANDS + index) << 1) + 1] = increment;
    }
    this.handler.event(register);
  }

  tellLevel(level: number): void {
    const { i32, f64 } = this.levelChanged.views;
    const { levels } = this.books;
    i32[MARKET] = this.books.markets.market(levels.row(level));
    i32[PRICE] = levels.price(level);
    i32[TERMS] = levels.side(level);
    f64[QUANTITY] = levels.quantity(level);
    i32[ORDERS] = levels.orders(level);
    this.handler.event(this.levelChanged);
  }

  private fillTerms({ views }: EventRegister): void {
    const { order } = this;
    const { i32, f64 } = views;
    i32[MARKET] = order.market;
    i32[PRICE] = order.price;
    i32[TERMS] = order.side | (order.type << 8) | (order.timeInForce << 16);
    f64[QUANTITY] = order.quantity;
    f64[ID] = order.orderId;
    i32[ACCOUNT] = order.account;
    f64[QUOTE_QUANTITY] = order.quoteQuantity;
  }

  /** As an `accepted` is, the record of an order without conditions is shorter. */
  private fillOrder(register: EventRegister): EventRegister {
    const { isConditioned } = this.order;
    const words = isConditioned ? CONDITIONS + CONDITION_BYTES / 8 : CONDITIONS;
    const { i32 } = register.views;
    i32[0] = ((i32[0] as number) & 0xffff) | (words << 16);
    this.fillTerms(register);
    if (isConditioned) this.fillConditions(register);
    return register;
  }

  private fillConditions({ views }: EventRegister): void {
    writeConditions(this.order, views.i32, views.f64, CONDITIONS);
  }

  /** Has what a register holds heard. */
  tell(register: EventRegister): void {
    this.handler.event(register);
  }
}
