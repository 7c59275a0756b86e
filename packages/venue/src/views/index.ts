// What the venue and its accounts look like now, in memory.

export type { Account } from "../registries/accounts.ts";
export type { Asset } from "../registries/assets.ts";
export { WITHDRAWALS_RETAINED } from "./account-activity.ts";
export type { AccountChange, AccountListener, OrderCause } from "./account-change.ts";
export type { BalanceCause } from "./balance-cause.ts";
export type { BalanceView } from "./balance-view.ts";
export { CLOSED_ORDERS_RETAINED } from "./closed-orders.ts";
export type { FillView } from "./fill-view.ts";
export type { OrderState, OrderStatus, OrderView } from "./order-view.ts";
export { FILLS_RETAINED, type FillRange } from "./recent-fills.ts";
export { type MarketView, type OrderRange, Views } from "./views.ts";
export type { WithdrawalStatus, WithdrawalView } from "./withdrawal-view.ts";
