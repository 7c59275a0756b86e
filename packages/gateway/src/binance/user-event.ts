import { formatAmount } from "@pincex/ledger";
import type { AccountChange, BalanceView, FillView, OrderView, Views } from "@pincex/venue/views";
import type { MarketDirectory, MarketNumbers } from "../market-numbers.ts";
import {
  binancePrice,
  binanceQuantity,
  binanceStatus,
  binanceTimeInForce,
  commission,
  shownClientOrderId,
} from "./order-message.ts";
import { binanceSymbol } from "./symbol.ts";

interface UserEventInputs {
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
    return [executionReport(numbers, order, "TRADE", fillPart(numbers, change.fill, views))];
  }
  // A by-quote order is done by its last fill, which has said so.
  if (change.order.status === "filled") return [];
  return [executionReport(numbers, change.order, executionType(change.order), NO_FILL(numbers))];
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

const executionType = ({ status }: OrderView): string => {
  if (status === "open") return "NEW";
  return status === "cancelled" ? "CANCELED" : "EXPIRED";
};

const executionReport = (
  numbers: MarketNumbers,
  order: OrderView,
  execution: string,
  fill: object,
): object => ({
  e: "executionReport",
  E: order.updatedAt,
  s: binanceSymbol(numbers.market),
  c: execution === "CANCELED" ? `cancel-${order.orderId}` : shownClientOrderId(order),
  S: order.side.toUpperCase(),
  o: order.type.toUpperCase(),
  f: binanceTimeInForce(order),
  q: binanceQuantity(numbers, order),
  p: binancePrice(numbers, order),
  P: numbers.price(0),
  F: numbers.quantity(0),
  g: -1,
  C: execution === "CANCELED" ? shownClientOrderId(order) : "",
  x: execution,
  X: binanceStatus(order),
  r: "NONE",
  i: order.orderId,
  ...fill,
  z: numbers.quantity(order.executedQuantity),
  T: order.updatedAt,
  I: order.sequence,
  w: order.status === "open",
  M: false,
  O: order.placedAt,
  Z: numbers.notional(order.executedNotional),
  Q: numbers.notional(order.quoteQuantity),
  W: order.placedAt,
  V: "NONE",
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
