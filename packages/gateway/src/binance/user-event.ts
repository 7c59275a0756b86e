import { formatAmount } from "@pincex/ledger";
import type {
  AccountChange,
  BalanceView,
  FillView,
  OrderCause,
  OrderView,
  Views,
} from "@pincex/venue/views";
import type { MarketDirectory, MarketNumbers } from "../market-numbers.ts";
import { isOpenList, ordersPlacedWith } from "../order-lists.ts";
import { listStatus } from "./list-message.ts";
import {
  binancePrice,
  binanceQuantity,
  binanceStatus,
  binanceTimeInForce,
  commission,
  listIdOf,
  shownClientOrderId,
  stopPriceOf,
} from "./order-message.ts";
import { binanceType, selfTradeModeOf } from "./order-type.ts";
import { binanceSymbol } from "./symbol.ts";

/** What user events are made from. */
export interface UserEventInputs {
  readonly views: Views;
  readonly markets: MarketDirectory;
}

/** The user stream's events for a batch of changes: a report for each step of an order, then one of all balances. */
export const userEvents = (
  changes: readonly AccountChange[],
  inputs: UserEventInputs,
): object[] => {
  const events: object[] = [];
  const balances = new Map<number, BalanceView>();
  for (const [index, change] of changes.entries()) {
    if (change.kind === "balance") balances.set(change.balance.asset, change.balance);
    else if ("order" in change) events.push(...reportsOf(change, changes.slice(index + 1), inputs));
  }
  events.push(...listEvents(changes, inputs));
  if (balances.size > 0) events.push(accountPosition([...balances.values()], inputs.views));
  return events;
};

type OrderChange = Extract<AccountChange, { readonly order: OrderView }>;

const reportsOf = (
  change: OrderChange,
  later: readonly AccountChange[],
  { views, markets }: UserEventInputs,
): object[] => {
  const numbers = markets.find(change.order.market);
  if (numbers === undefined) return [];
  if (change.kind === "fill") {
    const order = budgetSpentBy(change.order, later) ?? change.order;
    return [executionReport(numbers, order, "TRADE", fillPart(numbers, change.fill, views), views)];
  }
  const { cause, order } = change;
  // A by-quote order is done by its last fill, which has said so; that a pegged order follows a price is no report.
  if (order.status === "filled" || cause === "repegged") return [];
  const execution = EXECUTION_TYPES[cause] ?? doneType(order, views);
  return [executionReport(numbers, order, execution, NO_FILL(numbers), views)];
};

/** A list is told when its first order is placed, and when the last of them is done. */
const listEvents = (
  changes: readonly AccountChange[],
  { views, markets }: UserEventInputs,
): object[] => {
  const lists = new Map<number, OrderView>();
  for (const change of changes) {
    if (!("order" in change) || change.order.listId === 0) continue;
    const { order } = change;
    const begins = change.kind === "order" && change.cause === "placed";
    if (begins || order.status !== "open") lists.set(order.listId, order);
  }
  return [...lists.values()].flatMap((order) => {
    const orders = ordersPlacedWith(order, order.account, views);
    const numbers = markets.find(order.market);
    const begins = order.status === "open";
    if (numbers === undefined || (!begins && isOpenList(orders))) return [];
    return [listStatus(numbers, orders, views)];
  });
};

/**
 * An order by quote quantity ends when its budget is spent, which is told after its last fill. Binance says with that
 * fill that the order is filled: so the fill is reported with what the order becomes next.
 */
const budgetSpentBy = (
  { orderId, status }: OrderView,
  later: readonly AccountChange[],
): OrderView | undefined => {
  if (status !== "open") return undefined;
  const next = later.find(
    (change): change is OrderChange => "order" in change && change.order.orderId === orderId,
  );
  return next?.kind === "order" && next.order.status === "filled" ? next.order : undefined;
};

const EXECUTION_TYPES: Readonly<Partial<Record<OrderCause, string>>> = {
  placed: "NEW",
  activated: "NEW",
  triggered: "NEW",
  amended: "REPLACED",
  reduced: "REPLACED",
  prevented: "TRADE_PREVENTION",
};

const doneType = (order: OrderView, views: Views): string =>
  binanceStatus(order, views) === "CANCELED" ? "CANCELED" : "EXPIRED";

const executionReport = (
  numbers: MarketNumbers,
  order: OrderView,
  execution: string,
  fill: object,
  views: Views,
): object => ({
  e: "executionReport",
  E: order.updatedAt,
  s: binanceSymbol(numbers.market),
  c: execution === "CANCELED" ? `cancel-${order.orderId}` : shownClientOrderId(order),
  S: order.side.toUpperCase(),
  o: binanceType(order),
  f: binanceTimeInForce(order),
  q: binanceQuantity(numbers, order),
  p: binancePrice(numbers, order),
  P: numbers.price(stopPriceOf(order)),
  ...(order.conditions?.trailingBasisPoints && { d: order.conditions.trailingBasisPoints }),
  F: numbers.quantity(order.conditions?.displayQuantity ?? 0),
  g: listIdOf(order),
  C: execution === "CANCELED" ? shownClientOrderId(order) : "",
  x: execution,
  X: binanceStatus(order, views),
  r: "NONE",
  i: order.orderId,
  ...fill,
  z: numbers.quantity(order.executedQuantity),
  T: order.updatedAt,
  I: order.sequence,
  w: order.status === "open" && order.state === "resting",
  M: false,
  O: order.placedAt,
  Z: numbers.notional(order.executedNotional),
  Q: numbers.notional(order.quoteQuantity),
  ...(order.workingAt > 0 && { W: order.workingAt }),
  V: selfTradeModeOf(order),
});

const NO_FILL = (numbers: MarketNumbers): object => ({
  l: numbers.quantity(0),
  L: numbers.price(0),
  n: "0",
  N: null,
  t: -1,
  m: false,
  Y: numbers.notional(0),
});

const fillPart = (numbers: MarketNumbers, fill: FillView, views: Views): object => {
  const { commission: paid, commissionAsset } = commission(fill, views);
  return {
    l: numbers.quantity(fill.quantity),
    L: numbers.price(fill.price),
    n: paid,
    N: commissionAsset,
    t: fill.tradeId,
    m: fill.isMaker,
    Y: numbers.notional(fill.price * fill.quantity),
  };
};

const accountPosition = (balances: readonly BalanceView[], views: Views): object => ({
  e: "outboundAccountPosition",
  E: views.time,
  u: views.time,
  B: balances.flatMap(({ asset, available, held }) => {
    const known = views.asset(asset);
    if (known === undefined) return [];
    const { code, decimals } = known;
    return [{ a: code, f: formatAmount(available, decimals), l: formatAmount(held, decimals) }];
  }),
});
