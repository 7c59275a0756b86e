import { recordViews } from "@pincex/engine";
import type { FieldWriter } from "../record/field-writer.ts";
import type { FieldReader } from "../record/fields.ts";
import { ClosedOrders, readExtras, writeExtras } from "./closed-orders.ts";
import {
  extrasOf,
  ORDER_ROW_BYTES,
  type OrderExtras,
  orderIdAt,
  readOrderAt,
  writeOrderAt,
} from "./order-row.ts";
import type { OrderRow } from "./order-view.ts";
import { RecentFills } from "./recent-fills.ts";
import { RecentList } from "./recent-list.ts";
import { readWithdrawal, type WithdrawalView, writeWithdrawal } from "./withdrawal-view.ts";

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
  readonly closed: ClosedOrders;
  readonly fills: RecentFills;
  readonly withdrawals: Map<number, WithdrawalView> = new Map();
  readonly endedWithdrawals: RecentList<WithdrawalView> = new RecentList(WITHDRAWALS_RETAINED);
  /** In the order in which the account first had them. */
  readonly balances: BalanceRow[] = [];
  readonly #openByName: Map<string, OrderRow> = new Map();

  constructor(account: number) {
    this.closed = new ClosedOrders(account);
    this.fills = new RecentFills(account);
  }

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
    return this.open.get(orderId) ?? this.closed.byId(orderId);
  }

  /** The open order of that name, else the one that was done last. */
  byName(clientOrderId: string): OrderRow | undefined {
    return this.#openByName.get(clientOrderId) ?? this.closed.byName(clientOrderId);
  }

  /** Open and done, by ascending id. */
  all(): OrderRow[] {
    const orders = [...this.closed.all(), ...this.open.values()];
    return orders.sort((one, other) => one.orderId - other.orderId);
  }

  write(writer: FieldWriter): void {
    this.#writeOpen(writer);
    this.closed.write(writer);
    this.fills.write(writer);
    writer.list(this.withdrawals.values(), (held) => writeWithdrawal(writer, held));
    writer.list(this.endedWithdrawals.all(), (ended) => writeWithdrawal(writer, ended));
    writer.list(this.balances, ({ asset, ledgerAccount, balance, held, withdrawing }) =>
      writer.row(asset, ledgerAccount, balance, held, withdrawing),
    );
  }

  static read(reader: FieldReader, account: number): AccountActivity {
    const activity = new AccountActivity(account);
    activity.#readOpen(reader, account);
    activity.closed.restore(reader);
    activity.fills.restore(reader);
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

  #writeOpen(writer: FieldWriter): void {
    const rows = recordViews(this.open.size * ORDER_ROW_BYTES);
    const extras = new Map<number, OrderExtras>();
    let row = 0;
    for (const order of this.open.values()) {
      writeOrderAt(rows, row, order);
      const its = extrasOf(order);
      if (its !== undefined) extras.set(order.orderId, its);
      row += 1;
    }
    writer.bytes(rows.bytes);
    writeExtras(writer, extras);
  }

  #readOpen(reader: FieldReader, account: number): void {
    const rows = recordViews(reader.bytes());
    const extras = new Map(readExtras(reader));
    for (let row = 0; row * ORDER_ROW_BYTES < rows.bytes.length; row++) {
      this.place(readOrderAt(rows, row, account, extras.get(orderIdAt(rows, row))));
    }
  }
}
