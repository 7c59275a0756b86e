import type { Columns } from "@pincex/ledger/sql";
import { type RawBuilder, sql } from "kysely";
import { statusOf } from "../views/order-view.ts";
import type { OrderChange, OrderTerms } from "./order-change.ts";

interface Placed extends OrderChange {
  readonly terms: OrderTerms;
}

const isPlaced = (change: OrderChange): change is Placed => change.terms !== undefined;

/** The statements that write what a batch makes of orders, where there is something to write. */
export interface OrderStatements {
  readonly insertion: RawBuilder<unknown> | undefined;
  /** Answers how many rows it has changed. */
  readonly update: RawBuilder<{ updated: number }> | undefined;
  /** How many rows it should change: those of orders that were there before. */
  readonly known: number;
}

export const orderStatements = (
  schema: string,
  columns: Columns,
  changes: Iterable<OrderChange>,
): OrderStatements => {
  const all = [...changes];
  const placed = all.filter(isPlaced);
  // Everybody who writes takes the rows in one order, so that nobody waits in a circle.
  const changed = all
    .filter(({ terms }) => terms === undefined)
    .sort((one, other) => one.orderId - other.orderId);
  return {
    insertion: placed.length === 0 ? undefined : ordersInsertion(schema, columns, placed),
    update: changed.length === 0 ? undefined : ordersUpdate(schema, columns, changed),
    known: changed.length,
  };
};

const ordersInsertion = (
  schema: string,
  columns: Columns,
  placed: readonly Placed[],
): RawBuilder<unknown> => {
  const of = <Value>(value: (order: Placed) => Value): Value[] => placed.map(value);
  return sql`
    insert into ${sql.table(`${schema}.placed_order`)} (order_id, account, market, client_order_id,
      side, type, time_in_force, price, quantity, quote_quantity, executed_quantity,
      executed_notional, prevented_quantity, list_id, conditions, status, reason, placed_at,
      updated_at, sequence)
    select unnest(${columns.int8(of(({ orderId }) => orderId))}),
      unnest(${columns.int4(of(({ terms }) => terms.account))}),
      unnest(${columns.int4(of(({ terms }) => terms.market))}),
      unnest(${columns.text(of(({ terms }) => terms.clientOrderId || undefined))}),
      unnest(${columns.text(of(({ terms }) => terms.side))}),
      unnest(${columns.text(of(({ terms }) => terms.type))}),
      unnest(${columns.text(of(({ terms }) => terms.timeInForce))}),
      unnest(${columns.int8(of(({ price = 0 }) => price))}),
      unnest(${columns.int8(of(({ quantity = 0 }) => quantity))}),
      unnest(${columns.int8(of(({ quoteQuantity = 0 }) => quoteQuantity))}),
      unnest(${columns.int8(of(({ executedQuantity }) => executedQuantity))}),
      unnest(${columns.int8(of(({ executedNotional }) => executedNotional))}),
      unnest(${columns.int8(of(({ preventedQuantity }) => preventedQuantity))}),
      unnest(${columns.int8(of(({ terms }) => terms.listId || undefined))}),
      unnest(${columns.text(of(({ terms }) => terms.conditions && JSON.stringify(terms.conditions)))})::jsonb,
      unnest(${columns.text(of(statusNow))}),
      unnest(${columns.text(of(({ reason }) => reason || undefined))}),
      unnest(${columns.time(of(({ terms }) => terms.placedAt))}),
      unnest(${columns.time(of(({ updatedAt }) => updatedAt))}),
      unnest(${columns.int8(of(({ sequence }) => sequence))})`;
};

const statusNow = ({ reason, executedQuantity }: OrderChange): string =>
  reason === undefined ? "open" : statusOf(reason, executedQuantity);

const ordersUpdate = (
  schema: string,
  columns: Columns,
  changed: readonly OrderChange[],
): RawBuilder<{ updated: number }> => {
  const of = <Value>(value: (order: OrderChange) => Value): Value[] => changed.map(value);
  return sql<{ updated: number }>`
    with updated as (
      update ${sql.table(`${schema}.placed_order`)} as o set
        price = coalesce(change.price, o.price),
        quantity = coalesce(change.quantity, o.quantity - change.less_quantity),
        quote_quantity = coalesce(change.quote_quantity, o.quote_quantity),
        executed_quantity = o.executed_quantity + change.executed_quantity,
        executed_notional = o.executed_notional + change.executed_notional,
        prevented_quantity = o.prevented_quantity + change.prevented_quantity,
        status = case
          when o.executed_quantity + change.executed_quantity > 0
            then coalesce(change.if_executed, change.status)
          else change.status end,
        reason = change.reason,
        updated_at = change.updated_at,
        sequence = change.sequence
      from (
        select unnest(${columns.int8(of(({ orderId }) => orderId))}) as order_id,
          unnest(${columns.int8(of(({ price }) => price))}) as price,
          unnest(${columns.int8(of(({ quantity }) => quantity))}) as quantity,
          unnest(${columns.int8(of(({ quoteQuantity }) => quoteQuantity))}) as quote_quantity,
          unnest(${columns.int8(of(({ lessQuantity }) => lessQuantity))}) as less_quantity,
          unnest(${columns.int8(of(({ executedQuantity }) => executedQuantity))}) as executed_quantity,
          unnest(${columns.int8(of(({ executedNotional }) => executedNotional))}) as executed_notional,
          unnest(${columns.int8(of(({ preventedQuantity }) => preventedQuantity))}) as prevented_quantity,
          unnest(${columns.text(of(statusNow))}) as status,
          unnest(${columns.text(of(statusIfExecuted))}) as if_executed,
          unnest(${columns.text(of(({ reason }) => reason))}) as reason,
          unnest(${columns.time(of(({ updatedAt }) => updatedAt))}) as updated_at,
          unnest(${columns.int8(of(({ sequence }) => sequence))}) as sequence
      ) as change
      where o.order_id = change.order_id
      returning 1
    )
    select count(*)::int4 as updated from updated`;
};

/** An order that ends may have traded before the batch, which may make another thing of it. */
const statusIfExecuted = ({ reason }: OrderChange): string | undefined =>
  reason && statusOf(reason, 1);
