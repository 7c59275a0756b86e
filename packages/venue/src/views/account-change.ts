import type { BalanceCause } from "./balance-cause.ts";
import type { BalanceView } from "./balance-view.ts";
import type { FillView } from "./fill-view.ts";
import type { OrderView } from "./order-view.ts";
import type { WithdrawalView } from "./withdrawal-view.ts";

/** What happened to an order that is told without a fill. */
export type OrderCause =
  | "placed"
  | "activated"
  | "triggered"
  | "repegged"
  | "amended"
  | "reduced"
  | "prevented"
  | "done";

/**
 * What happened to an account, in order. An order is told when it is accepted, with each fill as it stands after it, when
 * it is changed, triggered or activated, and when it is done; the fill that fills an order tells that it is done. A fill is told
 * again when its trade is taken back. A balance is told once a command, after the rest,
 * with all that changed it.
 */
export type AccountChange =
  | { readonly kind: "order"; readonly cause: OrderCause; readonly order: OrderView }
  | { readonly kind: "fill"; readonly fill: FillView; readonly order: OrderView }
  | { readonly kind: "bust"; readonly fill: FillView }
  | { readonly kind: "withdrawal"; readonly withdrawal: WithdrawalView }
  | {
      readonly kind: "balance";
      readonly balance: BalanceView;
      readonly causes: readonly BalanceCause[];
    };

/**
 * Hears of changes once all views of the batch are current, with the sequence number of the command that made each. It must
 * not throw.
 */
export type AccountListener = (account: number, change: AccountChange, sequence: number) => void;
