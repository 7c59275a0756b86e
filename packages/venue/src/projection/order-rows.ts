import { numberArray, optionalNumberArray, textArray, timeOf } from "@pincex/ledger/sql";
import { type Kysely, type RawBuilder, sql } from "kysely";
import { statusOf } from "../views/order-view.ts";
import type { OrderChange, OrderTerms } from "./order-change.ts";

interface Placed extends OrderChange {
  readonly terms: OrderTerms;
}

const isPlaced = (change: OrderChange): change is Placed => change.terms !== undefined;

/** Writes what a batch makes of orders, and answers how many of those that were there before it has changed. */
export const writeOrders = async <Database>(
  db: Kysely<Database>,
  schema: string,
  changes: Iterable<OrderChange>,
): Promise<number> => {
  const all = [...changes];
  const placed = all.filter(isPlaced);
  // Everybody who writes takes the rows in one order, so that nobody waits in a circle.
  const changed = all
    .filter(({ terms }) => terms === undefined)
    .sort((one, other) => one.orderId - other.orderId);
  if (placed.length > 0) await insertOrders(db, schema, placed);
  return changed.length === 0 ? 0 : await updateOrders(db, schema, changed);
};

const insertOrders = async <Database>(
  db: Kysely<Database>,
  schema: string,
  placed: readonly Placed[],
): Promise<void> => {
  const numbers = (of: (order: Placed) => number) => sql`${numberArray(placed.map(of))}::text`;
  const texts = (of: (order: Placed) => string) => sql`${textArray(placed.map(of))}::text`;
  await sql`
    insert into ${sql.table(`${schema}.placed_order`)} (order_id, account, market, client_order_id,
      side, type, time_in_force, price, quantity, quote_quantity, executed_quantity,
      executed_notional, prevented_quantity, list_id, conditions, status, reason, placed_at,
      updated_at, sequence)
    select order_id, account, market, nullif(client_order_id, ''), side, type, time_in_force, price,
      quantity, quote_quantity, executed_quantity, executed_notional, prevented_quantity,
      nullif(list_id, 0), nullif(conditions, '')::jsonb, status, nullif(reason, ''),
      ${timeOf(sql`placed_at`)}, ${timeOf(sql`updated_at`)}, sequence
    from unnest(
      ${numbers(({ orderId }) => orderId)}::int8[],
      ${numbers(({ terms }) => terms.account)}::int4[],
      ${numbers(({ terms }) => terms.market)}::int4[],
      ${texts(({ terms }) => terms.clientOrderId)}::text[],
      ${texts(({ terms }) => terms.side)}::text[],
      ${texts(({ terms }) => terms.type)}::text[],
      ${texts(({ terms }) => terms.timeInForce)}::text[],
      ${numbers(({ price = 0 }) => price)}::int8[],
      ${numbers(({ quantity = 0 }) => quantity)}::int8[],
      ${numbers(({ quoteQuantity = 0 }) => quoteQuantity)}::int8[],
      ${numbers(({ executedQuantity }) => executedQuantity)}::int8[],
      ${numbers(({ executedNotional }) => executedNotional)}::int8[],
      ${numbers(({ preventedQuantity }) => preventedQuantity)}::int8[],
      ${numbers(({ terms }) => terms.listId)}::int8[],
      ${texts(({ terms }) => (terms.conditions ? JSON.stringify(terms.conditions) : ""))}::text[],
      ${texts(statusNow)}::text[],
      ${texts(({ reason = "" }) => reason)}::text[],
      ${numbers(({ terms }) => terms.placedAt)}::int8[],
      ${numbers(({ updatedAt }) => updatedAt)}::int8[],
      ${numbers(({ sequence }) => sequence)}::int8[]
    ) as placed (order_id, account, market, client_order_id, side, type, time_in_force, price,
      quantity, quote_quantity, executed_quantity, executed_notional, prevented_quantity, list_id,
      conditions, status, reason, placed_at, updated_at, sequence)`.execute(db);
};

const statusNow = ({ reason, executedQuantity }: OrderChange): string =>
  reason === undefined ? "open" : statusOf(reason, executedQuantity);

const updateOrders = async <Database>(
  db: Kysely<Database>,
  schema: string,
  changed: readonly OrderChange[],
): Promise<number> => {
  const numbers = (of: (order: OrderChange) => number) =>
    sql`${numberArray(changed.map(of))}::text`;
  const optional = (of: (order: OrderChange) => number | undefined): RawBuilder<unknown> =>
    sql`${optionalNumberArray(changed.map(of))}::text`;
  const texts = (of: (order: OrderChange) => string) => sql`${textArray(changed.map(of))}::text`;
  const { rows } = await sql<{ updated: number }>`
    with updated as (
      update ${sql.table(`${schema}.placed_order`)} as o set
        price = coalesce(change.price, o.price),
        quantity = coalesce(change.quantity, o.quantity - change.less_quantity),
        quote_quantity = coalesce(change.quote_quantity, o.quote_quantity),
        executed_quantity = o.executed_quantity + change.executed_quantity,
        executed_notional = o.executed_notional + change.executed_notional,
        prevented_quantity = o.prevented_quantity + change.prevented_quantity,
        status = case
          when change.if_executed <> '' and o.executed_quantity + change.executed_quantity > 0
            then change.if_executed
          else change.status end,
        reason = nullif(change.reason, ''),
        updated_at = ${timeOf(sql`change.updated_at`)},
        sequence = change.sequence
      from unnest(
        ${numbers(({ orderId }) => orderId)}::int8[],
        ${optional(({ price }) => price)}::int8[],
        ${optional(({ quantity }) => quantity)}::int8[],
        ${optional(({ quoteQuantity }) => quoteQuantity)}::int8[],
        ${numbers(({ lessQuantity }) => lessQuantity)}::int8[],
        ${numbers(({ executedQuantity }) => executedQuantity)}::int8[],
        ${numbers(({ executedNotional }) => executedNotional)}::int8[],
        ${numbers(({ preventedQuantity }) => preventedQuantity)}::int8[],
        ${texts(statusNow)}::text[],
        ${texts(statusIfExecuted)}::text[],
        ${texts(({ reason = "" }) => reason)}::text[],
        ${numbers(({ updatedAt }) => updatedAt)}::int8[],
        ${numbers(({ sequence }) => sequence)}::int8[]
      ) as change (order_id, price, quantity, quote_quantity, less_quantity, executed_quantity,
        executed_notional, prevented_quantity, status, if_executed, reason, updated_at, sequence)
      where o.order_id = change.order_id
      returning 1
    )
    select count(*)::int4 as updated from updated`.execute(db);
  return rows[0]?.updated ?? 0;
};

/** An order that ends may have traded before the batch, which may make another thing of it. */
const statusIfExecuted = ({ reason }: OrderChange): string =>
  reason === undefined ? "" : statusOf(reason, 1);
