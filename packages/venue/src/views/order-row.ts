import {
  type Conditions,
  Contingency,
  type ContingencyName,
  DoneReason,
  doneReasonName,
  OrderType,
  orderTypeName,
  type RecordViews,
  Side,
  sideName,
  TimeInForce,
  timeInForceName,
} from "@pincex/engine";
import type { OrderRow, OrderState, OrderStatus } from "./order-view.ts";

// An order as a row: twelve doubles, then words and bytes, then its client order id.
export const ORDER_ROW_BYTES = 152;
const DOUBLES = ORDER_ROW_BYTES / 8;
const WORDS = ORDER_ROW_BYTES / 4;
const NAME_START = 112;

const D = {
  orderId: 0,
  price: 1,
  quantity: 2,
  quoteQuantity: 3,
  executedQuantity: 4,
  executedNotional: 5,
  preventedQuantity: 6,
  listId: 7,
  placedAt: 8,
  updatedAt: 9,
  workingAt: 10,
  sequence: 11,
} as const;
const W = { market: 24, codes: 25, more: 26, nameLength: 27 } as const;

const STATUSES: readonly OrderStatus[] = ["open", "filled", "cancelled", "expired"];
const STATES: readonly OrderState[] = ["resting", "waiting", "pending"];
const CONTINGENCIES = Object.keys(Contingency) as ContingencyName[];

/** What few orders have, and what has no length that one could know. */
export interface OrderExtras {
  readonly conditions?: Conditions;
  readonly clientListId?: string;
}

const HAS_EXTRAS = 1;

/** What of an order doesn't fit into its row. */
export const extrasOf = ({ conditions, clientListId }: OrderRow): OrderExtras | undefined => {
  if (conditions === undefined && clientListId === undefined) return undefined;
  return {
    ...(conditions === undefined ? {} : { conditions }),
    ...(clientListId === undefined ? {} : { clientListId }),
  };
};

/** Writes all of an order but its account and its extras. */
export const writeOrderAt = (views: RecordViews, row: number, order: OrderRow): void => {
  const { f64, i32, bytes } = views;
  const double = row * DOUBLES;
  f64[double + D.orderId] = order.orderId;
  f64[double + D.price] = order.price;
  f64[double + D.quantity] = order.quantity;
  f64[double + D.quoteQuantity] = order.quoteQuantity;
  f64[double + D.executedQuantity] = order.executedQuantity;
  f64[double + D.executedNotional] = order.executedNotional;
  f64[double + D.preventedQuantity] = order.preventedQuantity;
  f64[double + D.listId] = order.listId;
  f64[double + D.placedAt] = order.placedAt;
  f64[double + D.updatedAt] = order.updatedAt;
  f64[double + D.workingAt] = order.workingAt;
  f64[double + D.sequence] = order.sequence;
  const word = row * WORDS;
  i32[word + W.market] = order.market;
  i32[word + W.codes] = codesOf(order);
  i32[word + W.more] = moreOf(order);
  const name = order.clientOrderId;
  i32[word + W.nameLength] = name.length;
  const start = row * ORDER_ROW_BYTES + NAME_START;
  // What of a name before is left behind this one would be other bytes for the same order.
  bytes.fill(0, start, (row + 1) * ORDER_ROW_BYTES);
  for (let index = 0; index < name.length; index++) bytes[start + index] = name.charCodeAt(index);
};

/** The order in a row. */
export const readOrderAt = (
  views: RecordViews,
  row: number,
  account: number,
  extras: OrderExtras | undefined,
): OrderRow => {
  const double = (index: number): number => views.f64[row * DOUBLES + index] ?? 0;
  const word = (index: number): number => views.i32[row * WORDS + index] ?? 0;
  const codes = word(W.codes);
  const reason = codes & 0xff;
  const contingency = CONTINGENCIES.find((name) => Contingency[name] + 1 === word(W.more) >> 8);
  return {
    orderId: double(D.orderId),
    clientOrderId: nameAt(views, row),
    account,
    market: word(W.market),
    side: sideName((codes >> 8) & 1),
    type: orderTypeName((codes >> 9) & 0xf),
    timeInForce: timeInForceName((codes >> 13) & 0xf),
    price: double(D.price),
    quantity: double(D.quantity),
    quoteQuantity: double(D.quoteQuantity),
    executedQuantity: double(D.executedQuantity),
    executedNotional: double(D.executedNotional),
    preventedQuantity: double(D.preventedQuantity),
    listId: double(D.listId),
    ...(contingency === undefined ? {} : { contingency }),
    ...extras,
    status: STATUSES[(codes >> 17) & 0xf] ?? "open",
    state: STATES[(codes >> 21) & 0xf] ?? "resting",
    reason: reason === 0 ? "" : doneReasonName(reason),
    placedAt: double(D.placedAt),
    updatedAt: double(D.updatedAt),
    workingAt: double(D.workingAt),
    sequence: double(D.sequence),
  };
};

export const orderIdAt = ({ f64 }: RecordViews, row: number): number =>
  f64[row * DOUBLES + D.orderId] ?? 0;

export const hasExtrasAt = ({ i32 }: RecordViews, row: number): boolean =>
  ((i32[row * WORDS + W.more] ?? 0) & HAS_EXTRAS) !== 0;

/** Whether the order in a row has that client order id. */
export const isNamedAt = (views: RecordViews, row: number, name: string): boolean =>
  views.i32[row * WORDS + W.nameLength] === name.length && nameAt(views, row) === name;

/** A client order id is of ASCII characters. */
const nameAt = ({ bytes, i32 }: RecordViews, row: number): string => {
  const length = i32[row * WORDS + W.nameLength] ?? 0;
  if (length === 0) return "";
  const start = row * ORDER_ROW_BYTES + NAME_START;
  return String.fromCharCode(...bytes.subarray(start, start + length));
};

/** What has few values, in one word. */
const codesOf = ({ side, type, timeInForce, status, state, reason }: OrderRow): number =>
  (reason === "" ? 0 : DoneReason[reason]) |
  (Side[side] << 8) |
  (OrderType[type] << 9) |
  (TimeInForce[timeInForce] << 13) |
  (STATUSES.indexOf(status) << 17) |
  (STATES.indexOf(state) << 21);

const moreOf = (order: OrderRow): number => {
  const { contingency } = order;
  const code = contingency === undefined ? 0 : Contingency[contingency] + 1;
  return (code << 8) | (extrasOf(order) === undefined ? 0 : HAS_EXTRAS);
};
