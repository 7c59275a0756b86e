import type { Conditions } from "@pincex/engine";
import { millisecondsOf, numberArray, type SchemaOption, schemaName } from "@pincex/ledger/sql";
import { type Kysely, type RawBuilder, sql } from "kysely";
import type { OrderView } from "../views/order-view.ts";
import type { WithdrawalView } from "../views/withdrawal-view.ts";

/** Which rows to read: at most `limit` (500 unless told), the newest first. New rows don't move the pages after `before`. */
export interface HistoryRange extends SchemaOption {
  readonly market?: number;
  /** Only rows with an id below it: the last one of the page before. */
  readonly before?: number;
  readonly limit?: number;
}

/** An order as SQL has it: as the views show it, without where it is in the book and how its list is made up. */
export type SqlOrder = Omit<OrderView, "state" | "workingAt" | "contingency" | "clientListId">;

/** A trade as SQL has it. Prices in ticks, quantities in lots, fees in smallest units. */
export interface SqlTrade {
  readonly tradeId: number;
  readonly market: number;
  readonly sequence: number;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly at: number;
  readonly price: number;
  readonly quantity: number;
  readonly takerSide: "buy" | "sell";
  readonly makerOrder: number;
  readonly takerOrder: number;
  readonly makerAccount: number;
  readonly takerAccount: number;
  readonly makerFee: bigint;
  readonly makerFeeAsset: number;
  readonly takerFee: bigint;
  readonly takerFeeAsset: number;
  /** The number of the ledger's entry. */
  readonly entry: number;
  /** The number of the entry that took it back; 0 for none. */
  readonly bustedBy: number;
}

export type SqlWithdrawal = WithdrawalView;

/** An account's orders, open and done, the newest first. */
export const readPlacedOrders = <Database>(
  db: Kysely<Database>,
  account: number,
  range: HistoryRange = {},
): Promise<SqlOrder[]> =>
  placedOrders(db, range, sql`account = ${account}::int4 ${inRange(range, "order_id")}`);

/** Those of some orders that there are. */
export const readOrdersById = <Database>(
  db: Kysely<Database>,
  orderIds: readonly number[],
  options: SchemaOption = {},
): Promise<SqlOrder[]> => {
  const ids = sql`${numberArray(orderIds)}::text`;
  const range = { ...options, limit: orderIds.length };
  return placedOrders(db, range, sql`order_id = any(${ids}::int8[])`);
};

/** The ids of orders above one, in order. */
export const readOrderIds = async <Database>(
  db: Kysely<Database>,
  { after, limit, ...options }: SchemaOption & { readonly after: number; readonly limit: number },
): Promise<number[]> => {
  const { rows } = await sql<{ id: string }>`
    select order_id::text as id from ${tableOf(options, "placed_order")}
    where order_id > ${after}::int8 order by order_id limit ${limit}::int8`.execute(
    db.withoutPlugins(),
  );
  return rows.map(({ id }) => Number(id));
};

const placedOrders = async <Database>(
  db: Kysely<Database>,
  range: HistoryRange,
  condition: RawBuilder<unknown>,
): Promise<SqlOrder[]> => {
  const { rows } = await sql<OrderColumns>`
    select order_id::text as "orderId", account, market, coalesce(client_order_id, '') as "clientOrderId",
      side, type, time_in_force as "timeInForce", price::text, quantity::text,
      quote_quantity::text as "quoteQuantity", executed_quantity::text as "executedQuantity",
      executed_notional::text as "executedNotional", prevented_quantity::text as "preventedQuantity",
      coalesce(list_id, 0)::text as "listId", conditions::text, status, coalesce(reason, '') as reason,
      ${millisecondsOf(sql`placed_at`)} as "placedAt", ${millisecondsOf(sql`updated_at`)} as "updatedAt",
      sequence::text
    from ${tableOf(range, "placed_order")}
    where ${condition}
    order by order_id desc ${limitOf(range)}`.execute(db.withoutPlugins());
  return rows.map(({ conditions, ...row }) => ({
    ...(withNumbers(row, ORDER_NUMBERS) as unknown as SqlOrder),
    ...(conditions === null ? {} : { conditions: JSON.parse(conditions) as Conditions }),
  }));
};

/** The trades of an account, on either side, or of everybody, the newest first. */
export const readTrades = async <Database>(
  db: Kysely<Database>,
  account: number | undefined,
  range: HistoryRange = {},
): Promise<SqlTrade[]> => {
  const table = tableOf(range, "trade");
  const columns = sql`trade_id::text as "tradeId", market, sequence::text, ${millisecondsOf(sql`at`)} as at,
    price::text, quantity::text, taker_side as "takerSide", maker_order::text as "makerOrder",
    taker_order::text as "takerOrder", maker_account as "makerAccount",
    taker_account as "takerAccount", maker_fee::text as "makerFee",
    maker_fee_asset as "makerFeeAsset", taker_fee::text as "takerFee",
    taker_fee_asset as "takerFeeAsset", entry::text, coalesce(busted_by, 0)::text as "bustedBy"`;
  const page = (condition: RawBuilder<unknown>): RawBuilder<unknown> => sql`
    (select trade_id as id, ${columns} from ${table}
      where ${condition} ${inRange(range, "trade_id")}
      order by trade_id desc ${limitOf(range)})`;
  // Either side has its index. A trade of an account with itself is in both.
  const pages =
    account === undefined
      ? page(sql`true`)
      : sql`${page(sql`maker_account = ${account}::int4`)} union
          ${page(sql`taker_account = ${account}::int4`)}`;
  const { rows } = await sql<TradeColumns>`
    select * from (${pages}) as found order by id desc ${limitOf(range)}`.execute(
    db.withoutPlugins(),
  );
  return rows.map(({ id: _, ...row }) => ({
    ...(withNumbers(row, TRADE_NUMBERS) as unknown as SqlTrade),
    makerFee: BigInt(row.makerFee),
    takerFee: BigInt(row.takerFee),
  }));
};

/** The withdrawals of an account, or of everybody, the newest first. */
export const readWithdrawals = async <Database>(
  db: Kysely<Database>,
  account: number | undefined,
  { market: _, ...range }: HistoryRange = {},
): Promise<SqlWithdrawal[]> => {
  const { rows } = await sql<WithdrawalColumns>`
    select withdrawal::text, account, asset, amount::text, fee::text, reference, status, outcome,
      ${millisecondsOf(sql`held_at`)} as "heldAt", ${millisecondsOf(sql`updated_at`)} as "updatedAt"
    from ${tableOf(range, "withdrawal")} as w
    where ${account === undefined ? sql`true` : sql`account = ${account}::int4`}
      ${inRange(range, "withdrawal")}
    order by w.withdrawal desc ${limitOf(range)}`.execute(db.withoutPlugins());
  return rows.map((row) => ({
    ...(withNumbers(row, ["withdrawal", "heldAt", "updatedAt"]) as unknown as SqlWithdrawal),
    amount: BigInt(row.amount),
    fee: BigInt(row.fee),
  }));
};

type OrderColumns = Record<string, unknown> & { readonly conditions: string | null };
type TradeColumns = Record<string, unknown> & {
  readonly makerFee: string;
  readonly takerFee: string;
};
type WithdrawalColumns = Record<string, unknown> & {
  readonly amount: string;
  readonly fee: string;
};

const ORDER_NUMBERS = [
  ...["orderId", "price", "quantity", "quoteQuantity", "executedQuantity", "executedNotional"],
  ...["preventedQuantity", "listId", "placedAt", "updatedAt", "sequence"],
];
const TRADE_NUMBERS = [
  ...["tradeId", "sequence", "at", "price", "quantity", "makerOrder", "takerOrder", "entry"],
  "bustedBy",
];

/** What comes as text, so that no driver makes of it what it likes, and is a safe integer. */
const withNumbers = (
  row: Record<string, unknown>,
  columns: readonly string[],
): Record<string, unknown> => ({
  ...row,
  ...Object.fromEntries(columns.map((column) => [column, Number(row[column])])),
});

const tableOf = (range: HistoryRange, table: string): RawBuilder<unknown> =>
  sql.table(`${schemaName(range)}.${table}`);

const inRange = ({ market, before }: HistoryRange, id: string): RawBuilder<unknown> => sql`
  ${market === undefined ? sql`` : sql`and market = ${market}::int4`}
  ${before === undefined ? sql`` : sql`and ${sql.ref(id)} < ${before}::int8`}`;

const limitOf = ({ limit = 500 }: HistoryRange): RawBuilder<unknown> => sql`limit ${limit}::int8`;
