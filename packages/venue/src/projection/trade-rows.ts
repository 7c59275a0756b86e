import type { Columns } from "@pincex/ledger/sql";
import { type Kysely, type RawBuilder, sql } from "kysely";
import type { TradeBusted } from "../events/trade-busted.ts";
import type { TradeRow } from "./history-batch.ts";

/** The statement that writes trades; there is at least one. */
export const tradesInsertion = (
  schema: string,
  columns: Columns,
  trades: readonly TradeRow[],
): RawBuilder<unknown> => {
  const of = <Value>(value: (row: TradeRow) => Value): Value[] => trades.map(value);
  return sql`
    insert into ${sql.table(`${schema}.trade`)} (trade_id, market, sequence, at, price, quantity,
      taker_side, maker_order, taker_order, maker_account, taker_account, maker_fee,
      maker_fee_asset, taker_fee, taker_fee_asset, entry)
    select unnest(${columns.int8(of(({ trade }) => trade.tradeId))}),
      unnest(${columns.int4(of(({ trade }) => trade.market))}),
      unnest(${columns.int8(of(({ sequence }) => sequence))}),
      unnest(${columns.time(of(({ at }) => at))}),
      unnest(${columns.int8(of(({ trade }) => trade.price))}),
      unnest(${columns.int8(of(({ trade }) => trade.quantity))}),
      unnest(${columns.text(of(({ trade }) => trade.takerSide))}),
      unnest(${columns.int8(of(({ trade }) => trade.makerOrderId))}),
      unnest(${columns.int8(of(({ trade }) => trade.takerOrderId))}),
      unnest(${columns.int4(of(({ trade }) => trade.makerAccount))}),
      unnest(${columns.int4(of(({ trade }) => trade.takerAccount))}),
      unnest(${columns.numeric(of(({ settled }) => settled.makerFee))}),
      unnest(${columns.int4(of(({ settled }) => settled.makerFeeAsset))}),
      unnest(${columns.numeric(of(({ settled }) => settled.takerFee))}),
      unnest(${columns.int4(of(({ settled }) => settled.takerFeeAsset))}),
      unnest(${columns.int8(of(({ settled }) => settled.entry))})`;
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
