import type { FieldWriter } from "../record/field-writer.ts";
import type { FieldReader } from "../record/fields.ts";
import { type FillView, readFill, writeFill } from "./fill-view.ts";
import { type OrderRow, readOrderRow, writeOrderRow } from "./order-view.ts";
import { RecentList } from "./recent-list.ts";
import { readWithdrawal, type WithdrawalView, writeWithdrawal } from "./withdrawal-view.ts";

/** How many orders that are done can be read back, per account. */
export const CLOSED_ORDERS_RETAINED = 1_000;

/** How many fills can be read back, per account. */
export const FILLS_RETAINED = 1_000;

/** How many withdrawals that have ended can be read back, per account. */
export const WITHDRAWALS_RETAINED = 1_000;

/** What an account has of an asset, as the views keep it. */
export interface BalanceRow {
  readonly account: number;
  readonly asset: number;
  readonly ledgerAccount: number;
  balance: bigint;
  held: bigint;
  withdrawing: bigint;
}

/** An account's orders, fills and balances. */
export class AccountActivity {
  readonly open: Map<number, OrderRow> = new Map();
  readonly closed: RecentList<OrderRow> = new RecentList(CLOSED_ORDERS_RETAINED);
  readonly fills: RecentList<FillView> = new RecentList(FILLS_RETAINED);
  readonly withdrawals: Map<number, WithdrawalView> = new Map();
  readonly endedWithdrawals: RecentList<WithdrawalView> = new RecentList(WITHDRAWALS_RETAINED);
  /** In the order in which the account first had them. */
  readonly balances: BalanceRow[] = [];
  readonly #openByName: Map<string, OrderRow> = new Map();

  place(order: OrderRow): void {
    this.open.set(order.orderId, order);
    if (order.clientOrderId !== "") this.#openByName.set(order.clientOrderId, order);
  }

  close(order: OrderRow): void {
    this.open.delete(order.orderId);
    this.closed.add(order);
    if (order.clientOrderId !== "") this.#openByName.delete(order.clientOrderId);
  }

  byId(orderId: number): OrderRow | undefined {
    return this.open.get(orderId) ?? this.closed.findLast((order) => order.orderId === orderId);
  }

  /** The open order of that name, else the one that was done last. */
  byName(clientOrderId: string): OrderRow | undefined {
    return (
      this.#openByName.get(clientOrderId) ??
      this.closed.findLast((order) => order.clientOrderId === clientOrderId)
    );
  }

  /** Open and done, by ascending id. */
  all(): OrderRow[] {
    const orders = [...this.closed.all(), ...this.open.values()];
    return orders.sort((one, other) => one.orderId - other.orderId);
  }

  write(writer: FieldWriter): void {
    writer.list(this.open.values(), (order) => writeOrderRow(writer, order));
    writer.list(this.closed.all(), (order) => writeOrderRow(writer, order));
    writer.list(this.fills.all(), (fill) => writeFill(writer, fill));
    writer.list(this.withdrawals.values(), (held) => writeWithdrawal(writer, held));
    writer.list(this.endedWithdrawals.all(), (ended) => writeWithdrawal(writer, ended));
    writer.list(this.balances, ({ asset, ledgerAccount, balance, held, withdrawing }) =>
      writer.row(asset, ledgerAccount, balance, held, withdrawing),
    );
  }

  static read(reader: FieldReader, account: number): AccountActivity {
    const activity = new AccountActivity();
    reader.list(() => activity.place(readOrderRow(reader)));
    reader.list(() => activity.closed.add(readOrderRow(reader)));
    reader.list(() => activity.fills.add(readFill(reader)));
    reader.list(() => {
      const held = readWithdrawal(reader);
      activity.withdrawals.set(held.withdrawal, held);
    });
    reader.list(() => activity.endedWithdrawals.add(readWithdrawal(reader)));
    reader.list(() =>
      activity.balances.push({
        account,
        asset: reader.number(),
        ledgerAccount: reader.number(),
        balance: reader.amount(),
        held: reader.amount(),
        withdrawing: reader.amount(),
      }),
    );
    return activity;
  }
}
