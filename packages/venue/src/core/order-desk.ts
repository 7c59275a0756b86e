import {
  type Admission,
  type Engine,
  type EngineHandler,
  EventKind,
  type EventRegister,
  type RecordViews,
  RecordWriter,
  Side,
} from "@pincex/engine";

import {
  CANCEL_CLIENT_ORDER_ID,
  cancelledMarket,
  cancelledOrderId,
} from "../commands/cancel-order.ts";
import { COMMAND_BODY, clientOrderIdLength, commandAccount } from "../commands/command-record.ts";
import { placedClientOrderIdOffset } from "../commands/place-order.ts";
import { writeHeld } from "../events/held.ts";
import { writeOrderNamed } from "../events/order-named.ts";
import { writeTradeSettled } from "../events/trade-settled.ts";
import { isClientOrderId } from "./client-order-id.ts";
import { type CommandRefusal, refused, refusedForBalance } from "./command-refusal.ts";
import { invariant } from "./invariant.ts";
import { appendEntry } from "./ledger-records.ts";
import { isBounded, neededHold } from "./order-hold.ts";
import { areTermsSupported } from "./supported-terms.ts";
import { settleTrade } from "./trade-settlement.ts";
import type { ListedMarket, VenueState } from "./venue-state.ts";

/**
 * Where orders come in. It answers the engine's question for funding with holds, settles trades as they happen, and
 * releases what is not needed any more. It is the engine's one handler, and passes the engine's events on unchanged.
 */
export class OrderDesk implements EngineHandler, Admission {
  readonly #state: VenueState;
  // What is so while one command is applied.
  #out: RecordWriter = new RecordWriter(8);
  #time = 0;
  #refusal: CommandRefusal | undefined;
  #orderId = 0;
  /** The slot of the order that is coming in; 0 once it is done. */
  #taker = 0;
  #command: RecordViews = this.#out.views;
  #nameOffset = 0;
  #nameLength = 0;

  constructor(state: VenueState) {
    this.#state = state;
  }

  /** The order that the command placed or cancelled; 0 for none. */
  get orderId(): number {
    return this.#orderId;
  }

  /** Why the engine, or this desk in the engine's name, refused the command. */
  get refusal(): CommandRefusal | undefined {
    return this.#refusal;
  }

  /** Says, before each command, what time it is and where events go. */
  begin(time: number, out: RecordWriter): void {
    this.#out = out;
    this.#time = time;
    this.#refusal = undefined;
    this.#orderId = 0;
    this.#taker = 0;
    this.#nameLength = 0;
  }

  place(engine: Engine, command: RecordViews, offset: number): CommandRefusal | undefined {
    const { accounts, orders } = this.#state;
    const account = commandAccount(command, offset);
    const nameLength = clientOrderIdLength(command, offset);
    const nameOffset = placedClientOrderIdOffset(command, offset);
    if (!accounts.has(account)) return refused("unknown_account");
    if (nameLength > 0) {
      if (!isClientOrderId(command, nameOffset, nameLength)) {
        return refused("client_order_id_malformed");
      }
      if (orders.findByName(account, command, nameOffset, nameLength) !== 0) {
        return refused("client_order_id_open");
      }
    }
    this.#command = command;
    this.#nameOffset = nameOffset;
    this.#nameLength = nameLength;
    engine.process(command, offset + COMMAND_BODY);
    if (this.#taker !== 0) this.#tellHeld(this.#taker);
    return this.#refusal;
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
    return this.#refusal;
  }

  /** Asked by the engine before it accepts an order: reserves the order's worst case. */
  admit(order: EventRegister): number {
    const { books, orders, ledgerAccounts } = this.#state;
    const { account, orderId, side, price, quantity, quoteQuantity } = order;
    if (!areTermsSupported(order)) return this.#refuse(refused("order_terms_unsupported"));
    if (!isBounded(side, price, quoteQuantity > 0))
      return this.#refuse(refused("worst_case_unbounded"));

    const market = this.#market(order.market);
    const buys = side === Side.buy;
    const holdAccount = ledgerAccounts.customer(
      account,
      buys ? market.quoteAsset : market.baseAsset,
    );
    const needed = neededHold(side, price, quantity, quoteQuantity, market);
    if (holdAccount === 0) return this.#refuse(refusedForBalance(needed, 0n));
    // An order by quote quantity below one lot at its worst price can't trade, and so needs nothing.
    if (needed > 0n) {
      const held = books.hold({ id: orderId, account: holdAccount, amount: needed, kind: "order" });
      if (!held.ok) return this.#refuse(refusedForBalance(needed, books.available(holdAccount)));
    }

    const receives = buys ? market.baseAsset : market.quoteAsset;
    const receiveAccount = ledgerAccounts.openCustomer(account, receives, this.#out);
    const slot = orders.add(orderId, account, this.#command, this.#nameOffset, this.#nameLength);
    orders.setTerms(slot, order.market, side, price);
    orders.setOpenPart(slot, quantity, quoteQuantity);
    orders.setAccounts(slot, holdAccount, receiveAccount);
    this.#taker = slot;
    this.#orderId = orderId;
    return 0;
  }

  event(event: EventRegister): void {
    if (event.kind === EventKind.accepted) this.#tellName(event);
    this.#out.append(event.views, 0, event.length);
    if (event.kind === EventKind.trade) this.#settle(event);
    else if (event.kind === EventKind.done) this.#release(event.orderId);
    else if (event.kind === EventKind.rejected) this.#refusal ??= { number: event.codeNumber };
  }

  #settle(trade: EventRegister): void {
    const { orders } = this.#state;
    const taker = this.#taker;
    const maker = orders.find(trade.makerOrderId);
    invariant(maker !== 0 && taker !== 0, "a trade is between two open orders");
    const takerBuys = trade.takerSide === Side.buy;
    const market = this.#market(trade.market);
    const buyer = takerBuys ? taker : maker;
    const seller = takerBuys ? maker : taker;
    const { entry, buyerFee, sellerFee } = settleTrade(
      this.#state,
      market,
      trade,
      buyer,
      seller,
      this.#time,
    );
    this.#fill(maker, trade);
    this.#fill(taker, trade);
    this.#releaseImprovement(taker, market);

    appendEntry(this.#out, entry);
    const makerFee = takerBuys ? sellerFee : buyerFee;
    const takerFee = takerBuys ? buyerFee : sellerFee;
    const makerFeeAsset = takerBuys ? market.quote : market.base;
    const takerFeeAsset = takerBuys ? market.base : market.quote;
    writeTradeSettled(
      this.#out,
      trade.market,
      trade.tradeId,
      entry.number,
      makerFee,
      makerFeeAsset,
      takerFee,
      takerFeeAsset,
    );
    this.#tellHeld(maker);
  }

  /** What has traded can't trade again. */
  #fill(slot: number, trade: EventRegister): void {
    const { orders } = this.#state;
    const budget = orders.budget(slot);
    if (budget > 0) orders.setOpenPart(slot, 0, budget - trade.price * trade.quantity);
    else orders.setOpenPart(slot, orders.remaining(slot) - trade.quantity, 0);
  }

  /** A fill at a better price than the worst needed less than was reserved for it: the rest is free at once. */
  #releaseImprovement(taker: number, market: ListedMarket): void {
    const { books, orders } = this.#state;
    const orderId = orders.orderId(taker);
    const needed = this.#needed(taker, market);
    if (books.holdAmount(orderId) > needed) books.reduceHold(orderId, needed);
  }

  /** An order that is done needs nothing. */
  #release(orderId: number): void {
    const { books, orders } = this.#state;
    const slot = orders.find(orderId);
    invariant(slot !== 0, "an order that is done was open");
    const wasHeld = books.holdAmount(orderId) > 0n;
    if (wasHeld) books.release(orderId);
    if (slot === this.#taker) this.#taker = 0;
    else if (wasHeld) this.#tellReleased(slot);
    this.#orderId ||= orderId;
    orders.remove(slot);
  }

  #tellName(event: EventRegister): void {
    if (this.#nameLength === 0) return;
    writeOrderNamed(
      this.#out,
      event.orderId,
      event.account,
      this.#command,
      this.#nameOffset,
      this.#nameLength,
    );
  }

  #tellHeld(slot: number): void {
    const market = this.#market(this.#state.orders.market(slot));
    this.#writeHeld(slot, market, this.#needed(slot, market));
  }

  #tellReleased(slot: number): void {
    this.#writeHeld(slot, this.#market(this.#state.orders.market(slot)), 0n);
  }

  #writeHeld(slot: number, market: ListedMarket, amount: bigint): void {
    const { books, orders } = this.#state;
    const holdAccount = orders.holdAccount(slot);
    const asset = orders.side(slot) === Side.buy ? market.quote : market.base;
    const total = books.held(holdAccount);
    const account = orders.account(slot);
    writeHeld(this.#out, holdAccount, account, asset, orders.orderId(slot), amount, total);
  }

  #needed(slot: number, market: ListedMarket): bigint {
    const { orders } = this.#state;
    return neededHold(
      orders.side(slot),
      orders.price(slot),
      orders.remaining(slot),
      orders.budget(slot),
      market,
    );
  }

  #market(market: number): ListedMarket {
    const listed = this.#state.markets.get(market);
    invariant(listed !== undefined, "the engine trades in listed markets");
    return listed;
  }

  #refuse(refusal: CommandRefusal): number {
    this.#refusal = refusal;
    return refusal.number;
  }
}
