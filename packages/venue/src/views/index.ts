// What the venue and its accounts look like now, in memory.

export type { Account } from "../registries/accounts.ts";
export type { Asset } from "../registries/assets.ts";
export {
  CLOSED_ORDERS_RETAINED,
  FILLS_RETAINED,
  WITHDRAWALS_RETAINED,
} from "./account-activity.ts";
export type { AccountChange, AccountListener, OrderCause } from "./account-change.ts";
export type { BalanceView } from "./balance-view.ts";
export type { FillView } from "./fill-view.ts";
export type { OrderState, OrderStatus, OrderView } from "./order-view.ts";
export { type FillRange, type MarketView, type OrderRange, Views } from "./views.ts";
export type { WithdrawalStatus, WithdrawalView } from "./withdrawal-view.ts";
