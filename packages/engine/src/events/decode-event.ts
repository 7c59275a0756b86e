import { doneReasonName } from "../done-reason.ts";
import { orderTypeName } from "../order-type.ts";
import { type RecordViews, recordKind, recordSecond } from "../record.ts";
import { rejectionCode, rejectionField } from "../rejection.ts";
import { sideName } from "../side.ts";
import { timeInForceName } from "../time-in-force.ts";
import type { EngineEvent } from "./event.ts";
import {
  ACCOUNT,
  CODE_NUMBER,
  EventKind,
  ID,
  MAKER_ORDER_ID,
  MAKER_REMAINING,
  ORDERS,
  PRICE,
  QUANTITY,
  QUOTE_QUANTITY,
  REMAINING,
  TAKER_ACCOUNT,
  TAKER_ORDER_ID,
  TAKER_REMAINING,
  TERMS,
} from "./event-layout.ts";

/** Reads the event at `offset`. Throws `RangeError` for a kind that isn't the engine's. */
export const decodeEvent = (views: RecordViews, offset: number): EngineEvent => {
  const word = (index: number): number => views.i32[(offset >> 2) + index] ?? 0;
  const number = (index: number): number => views.f64[(offset >> 3) + index] ?? 0;
  const market = recordSecond(views, offset);
  const kind = recordKind(views, offset);
  switch (kind) {
    case EventKind.marketAdded:
      return { kind: "market_added", market };
    case EventKind.accepted:
      return {
        kind: "accepted",
        market,
        account: word(ACCOUNT),
        orderId: number(ID),
        side: sideName(word(TERMS) & 0xff),
        type: orderTypeName((word(TERMS) >>> 8) & 0xff),
        timeInForce: timeInForceName((word(TERMS) >>> 16) & 0xff),
        price: word(PRICE),
        quantity: number(QUANTITY),
        quoteQuantity: number(QUOTE_QUANTITY),
      };
    case EventKind.rejected:
      return {
        kind: "rejected",
        market,
        account: word(ACCOUNT),
        orderId: number(ID),
        code: rejectionCode(word(CODE_NUMBER)),
        codeNumber: word(CODE_NUMBER),
        field: rejectionField(word(CODE_NUMBER)),
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
    default:
      throw new RangeError(`expected an engine event of kind 1 to 7, was ${kind}`);
  }
};
