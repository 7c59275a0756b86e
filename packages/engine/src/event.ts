import { type DoneReasonName, doneReasonName } from "./done-reason.ts";
import { type OrderTypeName, orderTypeName } from "./order-type.ts";
import { type RecordViews, recordKind, recordSecond } from "./record.ts";
import { type RejectionCode, rejectionCode, rejectionField } from "./rejection.ts";
import { type SideName, sideName } from "./side.ts";
import { type TimeInForceName, timeInForceName } from "./time-in-force.ts";

/** The kinds of event records: 1 to 63 are the engine's. */
export const EventKind = {
  marketAdded: 1,
  accepted: 2,
  rejected: 3,
  trade: 4,
  done: 5,
  levelChanged: 6,
} as const;

/** A market is open for orders. */
export interface MarketAdded {
  readonly kind: "market_added";
  readonly market: number;
}

/** An order is in the market; what it traded follows. */
export interface Accepted {
  readonly kind: "accepted";
  readonly market: number;
  readonly account: number;
  /** From the engine's counter: never reused. */
  readonly orderId: number;
  readonly side: SideName;
  readonly type: OrderTypeName;
  readonly timeInForce: TimeInForceName;
  /** Ticks; 0 for a market order without a worst acceptable price. */
  readonly price: number;
  /** Lots; 0 for an order by quote quantity. */
  readonly quantity: number;
  /** Ticks × lots; 0 for an order by quantity. */
  readonly quoteQuantity: number;
}

/** A command was refused and changed nothing. */
export interface Rejected {
  readonly kind: "rejected";
  readonly market: number;
  readonly account: number;
  /** The order that was to be cancelled; 0 for a placement. */
  readonly orderId: number;
  readonly code: RejectionCode;
  /** The number behind the code; from 1000 on it is the Admission port's. */
  readonly codeNumber: number;
  readonly field: string;
}

/** Two orders traded, at the maker's price. */
export interface Trade {
  readonly kind: "trade";
  readonly market: number;
  /** From the engine's counter: never reused. */
  readonly tradeId: number;
  /** Ticks. */
  readonly price: number;
  /** Lots. */
  readonly quantity: number;
  readonly takerSide: SideName;
  readonly makerOrderId: number;
  readonly takerOrderId: number;
  readonly makerAccount: number;
  readonly takerAccount: number;
  /** Lots left of the maker. */
  readonly makerRemaining: number;
  /** Lots left of the taker; 0 for a taker by quote quantity. */
  readonly takerRemaining: number;
}

/** An order is no more. */
export interface Done {
  readonly kind: "done";
  readonly market: number;
  readonly account: number;
  readonly orderId: number;
  readonly side: SideName;
  /** Ticks, as accepted. */
  readonly price: number;
  readonly reason: DoneReasonName;
  /** Lots that did not trade; 0 for an order by quote quantity. */
  readonly remaining: number;
}

/** A price level is now this; quantity 0: it is gone. */
export interface LevelChanged {
  readonly kind: "level_changed";
  readonly market: number;
  readonly side: SideName;
  /** Ticks. */
  readonly price: number;
  /** Lots of all orders on the level. */
  readonly quantity: number;
  readonly orders: number;
}

/** What the engine says happened. */
export type EngineEvent = MarketAdded | Accepted | Rejected | Trade | Done | LevelChanged;

/** Reads the event at `offset`. Throws `RangeError` for a kind that isn't the engine's. */
export const decodeEvent = (views: RecordViews, offset: number): EngineEvent => {
  const int = (index: number): number => views.i32[(offset >> 2) + index] ?? 0;
  const byte = (index: number): number => views.bytes[offset + index] ?? 0;
  const double = (index: number): number => views.f64[(offset >> 3) + index] ?? 0;
  const market = recordSecond(views, offset);
  const kind = recordKind(views, offset);
  switch (kind) {
    case EventKind.marketAdded:
      return { kind: "market_added", market };
    case EventKind.accepted:
      return {
        kind: "accepted",
        market,
        account: int(2),
        orderId: double(3),
        side: sideName(byte(16)),
        type: orderTypeName(byte(17)),
        timeInForce: timeInForceName(byte(18)),
        price: int(3),
        quantity: double(4),
        quoteQuantity: double(5),
      };
    case EventKind.rejected:
      return {
        kind: "rejected",
        market,
        account: int(2),
        orderId: double(2),
        code: rejectionCode(int(3)),
        codeNumber: int(3),
        field: rejectionField(int(3)),
      };
    case EventKind.trade:
      return {
        kind: "trade",
        market,
        tradeId: double(3),
        price: int(2),
        quantity: double(4),
        takerSide: sideName(int(3)),
        makerOrderId: double(5),
        takerOrderId: double(6),
        makerAccount: int(4),
        takerAccount: int(5),
        makerRemaining: double(7),
        takerRemaining: double(8),
      };
    case EventKind.done:
      return {
        kind: "done",
        market,
        account: int(2),
        orderId: double(3),
        side: sideName(byte(16)),
        price: int(3),
        reason: doneReasonName(byte(17)),
        remaining: double(4),
      };
    case EventKind.levelChanged:
      return {
        kind: "level_changed",
        market,
        side: sideName(int(2)),
        price: int(3),
        quantity: double(3),
        orders: int(4),
      };
    default:
      throw new RangeError(`expected an engine event of kind 1 to 6, was ${kind}`);
  }
};
