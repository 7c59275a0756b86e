import { numberArray, textArray, timeOf } from "@pincex/ledger/sql";
import { type Kysely, sql } from "kysely";
import type { TradeBusted } from "../events/trade-busted.ts";
import type { TradeRow } from "./history-batch.ts";

export const insertTrades = async <Database>(
  db: Kysely<Database>,
  schema: string,
  trades: readonly TradeRow[],
): Promise<void> => {
  if (trades.length === 0) return;
  const numbers = (of: (row: TradeRow) => number | bigint) =>
    sql`${numberArray(trades.map(of))}::text`;
  await sql`
    insert into ${sql.table(`${schema}.trade`)} (trade_id, market, sequence, at, price, quantity,
      taker_side, maker_order, taker_order, maker_account, taker_account, maker_fee,
      maker_fee_asset, taker_fee, taker_fee_asset, entry)
    select trade_id, market, sequence, ${timeOf(sql`at`)}, price, quantity, taker_side,
      maker_order, taker_order, maker_account, taker_account, maker_fee, maker_fee_asset,
      taker_fee, taker_fee_asset, entry
    from unnest(
      ${numbers(({ trade }) => trade.tradeId)}::int8[],
      ${numbers(({ trade }) => trade.market)}::int4[],
      ${numbers(({ sequence }) => sequence)}::int8[],
      ${numbers(({ at }) => at)}::int8[],
      ${numbers(({ trade }) => trade.price)}::int8[],
      ${numbers(({ trade }) => trade.quantity)}::int8[],
      ${textArray(trades.map(({ trade }) => trade.takerSide))}::text::text[],
      ${numbers(({ trade }) => trade.makerOrderId)}::int8[],
      ${numbers(({ trade }) => trade.takerOrderId)}::int8[],
      ${numbers(({ trade }) => trade.makerAccount)}::int4[],
      ${numbers(({ trade }) => trade.takerAccount)}::int4[],
      ${numbers(({ settled }) => settled.makerFee)}::numeric[],
      ${numbers(({ settled }) => settled.makerFeeAsset)}::int4[],
      ${numbers(({ settled }) => settled.takerFee)}::numeric[],
      ${numbers(({ settled }) => settled.takerFeeAsset)}::int4[],
      ${numbers(({ settled }) => settled.entry)}::int8[]
    ) as traded (trade_id, market, sequence, at, price, quantity, taker_side, maker_order,
      taker_order, maker_account, taker_account, maker_fee, maker_fee_asset, taker_fee,
      taker_fee_asset, entry)`.execute(db);
};

/** A trade that was taken back stays, and names the entry that did it. */
export const markBusted = async <Database>(
  db: Kysely<Database>,
  schema: string,
  busts: readonly TradeBusted[],
): Promise<void> => {
  for (const { tradeId, entry } of busts) {
    await sql`
      update ${sql.table(`${schema}.trade`)} set busted_by = ${entry}::int8
      where trade_id = ${tradeId}::int8`.execute(db);
  }
};
