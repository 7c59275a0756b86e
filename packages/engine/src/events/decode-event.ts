import { allocationName } from "../allocation/allocation.ts";
import { Contingency, Sizing } from "../commands/command.ts";
import { readBands, stepsFirst } from "../commands/command-codec.ts";
import { readConditions } from "../conditions/condition-codec.ts";
import { SelfTrade, type SelfTradeName } from "../conditions/conditions.ts";
import { doneReasonName } from "../done-reason.ts";
import { nameOf } from "../named-code.ts";
import { orderTypeName } from "../order-type.ts";
import { phaseName } from "../phases/phase.ts";
import { type RecordViews, recordKind, recordLength, recordSecond } from "../record.ts";
import { rejectionCode, rejectionField } from "../rejection.ts";
import { sideName } from "../side.ts";
import { timeInForceName } from "../time-in-force.ts";
import type { Accepted, EngineEvent } from "./event.ts";
import {
  ACCOUNT,
  ALLOCATION,
  AT,
  BAND_COUNT,
  BANDS,
  CODE_NUMBER,
  CONDITIONS,
  COUNT,
  EventKind,
  FIFO_PERCENT,
  ID,
  LEAD_ACCOUNT,
  LEAD_PERCENT,
  MAKER_ORDER_ID,
  MAKER_REMAINING,
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

/**
 * Reads the event at `offset`. Throws `RangeError` for a kind that isn't the engine's, for codes that have no name, and for bands that
 * the record has no room for.
 */
export const decodeEvent = (views: RecordViews, offset: number): EngineEvent => {
  const word = (index: number): number => views.i32[(offset >> 2) + index] ?? 0;
  const number = (index: number): number => views.f64[(offset >> 3) + index] ?? 0;
  const market = recordSecond(views, offset);
  const kind = recordKind(views, offset);
  switch (kind) {
    case EventKind.marketAdded:
      return { kind: "market_added", market };
    case EventKind.accepted:
      return { kind: "accepted", ...readOrder(views, offset) };
    case EventKind.triggered: {
      // One without conditions would not have waited: no engine says so.
      const { conditions = {}, ...order } = readOrder(views, offset);
      return { kind: "triggered", ...order, conditions };
    }
    case EventKind.rejected:
      return {
        kind: "rejected",
        market,
        account: word(ACCOUNT),
        orderId: number(ID),
        code: rejectionCode(word(CODE_NUMBER)),
        codeNumber: word(CODE_NUMBER),
        field: rejectionField(word(CODE_NUMBER)),
        ...(word(TERMS) !== 0 && { leg: word(TERMS) }),
      };
    case EventKind.trade:
      return {
        kind: "trade",
        market,
        tradeId: number(ID),
        price: word(PRICE),
        quantity: number(QUANTITY),
        takerSide: sideName(word(TERMS) & 0xff),
        makerOrderId: number(MAKER_ORDER_ID),
        takerOrderId: number(TAKER_ORDER_ID),
        makerAccount: word(ACCOUNT),
        takerAccount: word(TAKER_ACCOUNT),
        makerRemaining: number(MAKER_REMAINING),
        takerRemaining: number(TAKER_REMAINING),
      };
    case EventKind.done:
      return {
        kind: "done",
        market,
        account: word(ACCOUNT),
        orderId: number(ID),
        side: sideName(word(TERMS) & 0xff),
        price: word(PRICE),
        reason: doneReasonName((word(TERMS) >>> 8) & 0xff),
        remaining: number(REMAINING),
      };
    case EventKind.reduced:
      return {
        kind: "reduced",
        market,
        account: word(ACCOUNT),
        orderId: number(ID),
        side: sideName(word(TERMS) & 0xff),
        price: word(PRICE),
        quantity: number(QUANTITY),
        remaining: number(REMAINING),
      };
    case EventKind.levelChanged:
      return {
        kind: "level_changed",
        market,
        side: sideName(word(TERMS) & 0xff),
        price: word(PRICE),
        quantity: number(QUANTITY),
        orders: word(ORDERS),
      };
    case EventKind.amended:
      return {
        kind: "amended",
        market,
        account: word(ACCOUNT),
        orderId: number(ID),
        side: sideName(word(TERMS) & 0xff),
        price: word(PRICE),
        quantity: number(QUANTITY),
        remaining: number(REMAINING),
      };
    case EventKind.prevented: {
      const mode = modeName((word(TERMS) >>> 8) & 0xff);
      return {
        kind: "prevented",
        market,
        mode,
        price: word(PRICE),
        quantity: number(QUANTITY),
        takerSide: sideName(word(TERMS) & 0xff),
        makerOrderId: number(MAKER_ORDER_ID),
        takerOrderId: number(TAKER_ORDER_ID),
        makerAccount: word(ACCOUNT),
        takerAccount: word(TAKER_ACCOUNT),
        makerRemaining: number(MAKER_REMAINING),
        takerRemaining: number(TAKER_REMAINING),
        transfers: mode === "transfer" && word(ACCOUNT) !== word(TAKER_ACCOUNT),
      };
    }
    case EventKind.phaseChanged:
      return { kind: "phase_changed", market, phase: phaseName(word(PHASE)) };
    case EventKind.indicative:
      return {
        kind: "indicative",
        market,
        price: word(PRICE),
        quantity: number(QUANTITY),
        surplus: number(SURPLUS),
      };
    case EventKind.ordersCancelled:
      return { kind: "orders_cancelled", market, account: word(ACCOUNT), count: number(COUNT) };
    case EventKind.cancelAllAfterSet:
      return { kind: "cancel_all_after_set", account: word(ACCOUNT), at: number(AT) };
    case EventKind.markPriceSet:
      return { kind: "mark_price_set", market, price: word(PRICE) };
    case EventKind.marketChanged:
      return { kind: "market_changed", market };
    case EventKind.referencePriceSet:
      return { kind: "reference_price_set", market, price: word(PRICE) };
    case EventKind.timeAdvanced:
      return { kind: "time_advanced", time: number(TIME) };
    case EventKind.allocationSet:
      return {
        kind: "allocation_set",
        market,
        allocation: allocationName(word(ALLOCATION)),
        minimumShare: number(MINIMUM_SHARE),
        fifoPercent: word(FIFO_PERCENT),
        ...stepsFirst(number(TOP_ORDER_MAXIMUM), word(LEAD_ACCOUNT), word(LEAD_PERCENT)),
      };
    case EventKind.listAccepted:
      return {
        kind: "list_accepted",
        market,
        account: word(ACCOUNT),
        listId: number(ID),
        contingency: nameOf(Contingency, word(TERMS) & 0xff, "contingency"),
        sizing: nameOf(Sizing, (word(TERMS) >>> 8) & 0xff, "sizing"),
        legs: word(TERMS) >>> 16,
      };
    case EventKind.pending:
      return { kind: "pending", ...readOrder(views, offset) };
    case EventKind.activated:
      return { kind: "activated", ...readOrder(views, offset) };
    case EventKind.repegged:
      return {
        kind: "repegged",
        market,
        account: word(ACCOUNT),
        orderId: number(ID),
        side: sideName(word(TERMS) & 0xff),
        price: word(PRICE),
        remaining: number(REMAINING),
      };
    case EventKind.priceIncrementsSet: {
      const bands = word(BAND_COUNT);
      expectRoomFor(bands, views, offset);
      return {
        kind: "price_increments_set",
        market,
        bands: readBands(views, (offset >> 3) + BANDS, bands),
      };
    }
    default:
      throw new RangeError(`expected an engine event of kind 1 to 18 or 20 to 25, was ${kind}`);
  }
};

const readOrder = (views: RecordViews, offset: number): Omit<Accepted, "kind"> => {
  const word = (index: number): number => views.i32[(offset >> 2) + index] ?? 0;
  const number = (index: number): number => views.f64[(offset >> 3) + index] ?? 0;
  const conditions =
    recordLength(views, offset) > CONDITIONS * 8
      ? readConditions(views, (offset >> 3) + CONDITIONS)
      : undefined;
  return {
    market: recordSecond(views, offset),
    account: word(ACCOUNT),
    orderId: number(ID),
    side: sideName(word(TERMS) & 0xff),
    type: orderTypeName((word(TERMS) >>> 8) & 0xff),
    timeInForce: timeInForceName((word(TERMS) >>> 16) & 0xff),
    price: word(PRICE),
    quantity: number(QUANTITY),
    quoteQuantity: number(QUOTE_QUANTITY),
    ...(conditions && { conditions }),
  };
};

/** How many bands there are is said twice. A number that is made up could ask for more memory than there is. */
const expectRoomFor = (bands: number, views: RecordViews, offset: number): void => {
  const length = recordLength(views, offset);
  const room = length / 8 - BANDS;
  if (bands === room && offset + length <= views.bytes.byteLength) return;
  throw new RangeError(`expected a record of as many bands as it says, ${bands}, was of ${room}`);
};

const modeName = (mode: number): SelfTradeName => {
  const name = nameOf(SelfTrade, mode, "mode");
  if (name === "none") throw new RangeError("expected the mode of a prevented trade, was none");
  return name;
};
