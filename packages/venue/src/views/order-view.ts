import {
  type Conditions,
  Contingency,
  type ContingencyName,
  DoneReason,
  type DoneReasonName,
  doneReasonName,
  OrderType,
  type OrderTypeName,
  orderTypeName,
  Side,
  type SideName,
  sideName,
  TimeInForce,
  type TimeInForceName,
  timeInForceName,
} from "@pincex/engine";
import type { FieldWriter } from "../record/field-writer.ts";
import type { FieldReader } from "../record/fields.ts";

/**
 * What became of an order: `open` until it is done; then `filled`, `cancelled` by its owner, or `expired`, because an
 * order that may not rest found nothing (more) to trade with.
 */
export type OrderStatus = "open" | "filled" | "cancelled" | "expired";

/**
 * Where an open order is; of one that is done, where it was at last: `resting` in the book, shown or not; `waiting` for its
 * trigger, its price, its auction, or for enough to trade with; `pending` until its list calls for it.
 */
export type OrderState = "resting" | "waiting" | "pending";

/** An order as its owner sees it. Prices in ticks, quantities in lots, notionals in ticks × lots. */
export interface OrderView {
  readonly orderId: number;
  /** "" where the owner gave it none. */
  readonly clientOrderId: string;
  readonly account: number;
  readonly market: number;
  readonly side: SideName;
  readonly type: OrderTypeName;
  readonly timeInForce: TimeInForceName;
  /** As it is now, where it was amended or goes by other prices; 0 for a market order without a worst acceptable price. */
  readonly price: number;
  /** As placed or amended, less what was taken off; 0 for an order by quote quantity. */
  readonly quantity: number;
  readonly quoteQuantity: number;
  readonly executedQuantity: number;
  /** What its fills add up to; over `executedQuantity` it is the average price. */
  readonly executedNotional: number;
  /** Lots that it lost because it met an order of its own owner. */
  readonly preventedQuantity: number;
  /** The list that it was placed with, by its first order's id; 0 for none. */
  readonly listId: number;
  /** How the orders of that list depend on one another; absent where it has none. */
  readonly contingency?: ContingencyName;
  /** The owner's own name for that list; absent where it has none. */
  readonly clientListId?: string;
  /** As they were accepted; absent where it has none. */
  readonly conditions?: Conditions;
  readonly status: OrderStatus;
  readonly state: OrderState;
  /** Why it is done; "" while it is open. */
  readonly reason: DoneReasonName | "";
  /** Milliseconds since 1970-01-01 UTC. */
  readonly placedAt: number;
  readonly updatedAt: number;
  /** When it came, or came back, from waiting or pending into the book or to trade; 0 as long as it never has. */
  readonly workingAt: number;
  /** Sequence number of the last command that changed it. */
  readonly sequence: number;
}

/** An order as the views keep it. */
export type OrderRow = { -readonly [Key in keyof OrderView]: OrderView[Key] };

export const statusOf = (reason: DoneReasonName, executedQuantity: number): OrderStatus => {
  if (reason === "filled" || reason === "cancelled") return reason;
  if (reason === "budget_spent" && executedQuantity > 0) return "filled";
  return "expired";
};

export const writeOrderRow = (writer: FieldWriter, order: OrderRow): void => {
  writer.row(order.orderId, order.clientOrderId, order.account, order.market, packedCodes(order));
  writer.row(order.price, order.quantity, order.quoteQuantity);
  writer.row(order.executedQuantity, order.executedNotional, order.preventedQuantity);
  writer.row(order.listId, contingencyCode(order), order.clientListId ?? "");
  writer.row(order.placedAt, order.updatedAt, order.workingAt, order.sequence);
  writer.bytes(
    order.conditions === undefined ? NOTHING : encoder.encode(JSON.stringify(order.conditions)),
  );
};

export const readOrderRow = (reader: FieldReader): OrderRow => ({
  orderId: reader.number(),
  clientOrderId: reader.text(),
  account: reader.number(),
  market: reader.number(),
  ...unpackedCodes(reader.number()),
  price: reader.number(),
  quantity: reader.number(),
  quoteQuantity: reader.number(),
  executedQuantity: reader.number(),
  executedNotional: reader.number(),
  preventedQuantity: reader.number(),
  listId: reader.number(),
  ...contingencyOf(reader.number()),
  ...listNameOf(reader.text()),
  placedAt: reader.number(),
  updatedAt: reader.number(),
  workingAt: reader.number(),
  sequence: reader.number(),
  ...readConditions(reader.bytes()),
});

const NOTHING = new Uint8Array();
const encoder = new TextEncoder();
const decoder = new TextDecoder();

const readConditions = (bytes: Uint8Array): { conditions?: Conditions } =>
  bytes.length === 0 ? {} : { conditions: JSON.parse(decoder.decode(bytes)) as Conditions };

/** 0 for none: the engine's codes, counted from 1. */
const contingencyCode = ({ contingency }: OrderRow): number =>
  contingency === undefined ? 0 : Contingency[contingency] + 1;

const contingencyOf = (code: number): { contingency?: ContingencyName } => {
  const names = Object.keys(Contingency) as ContingencyName[];
  const contingency = names.find((name) => Contingency[name] + 1 === code);
  return contingency === undefined ? {} : { contingency };
};

const listNameOf = (clientListId: string): { clientListId?: string } =>
  clientListId === "" ? {} : { clientListId };

type Codes = Pick<OrderRow, "side" | "type" | "timeInForce" | "status" | "state" | "reason">;

const STATUSES: readonly OrderStatus[] = ["open", "filled", "cancelled", "expired"];
const STATES: readonly OrderState[] = ["resting", "waiting", "pending"];

/** What has few values, as one number of five decimal digits and the reason before them. */
const packedCodes = ({ side, type, timeInForce, status, state, reason }: Codes): number => {
  const reasonCode = reason === "" ? 0 : DoneReason[reason];
  const digits = [
    STATES.indexOf(state),
    STATUSES.indexOf(status),
    TimeInForce[timeInForce],
    OrderType[type],
    Side[side],
  ];
  return digits.reduce((packed, digit) => packed * 10 + digit, reasonCode);
};

const unpackedCodes = (packed: number): Codes => {
  const digit = (place: number): number => Math.floor(packed / 10 ** place) % 10;
  const reasonCode = Math.floor(packed / 100_000);
  return {
    side: sideName(digit(0)),
    type: orderTypeName(digit(1)),
    timeInForce: timeInForceName(digit(2)),
    status: STATUSES[digit(3)] ?? "open",
    state: STATES[digit(4)] ?? "resting",
    reason: reasonCode === 0 ? "" : doneReasonName(reasonCode),
  };
};
