import { numberArray, textArray, timeOf } from "@pincex/ledger/sql";
import { type Kysely, sql } from "kysely";
import type { PublicTrade } from "../public-trade.ts";

export const insertTrades = async <Database>(
  db: Kysely<Database>,
  schema: string,
  trades: readonly PublicTrade[],
): Promise<void> => {
  const numbers = (of: (trade: PublicTrade) => number) => sql`${numberArray(trades.map(of))}::text`;
  await sql`
    insert into ${sql.table(`${schema}.public_trade`)} (market, trade_id, at, price, quantity, taker_side)
    select market, trade_id, ${timeOf(sql`at`)}, price, quantity, taker_side
    from unnest(
      ${numbers(({ market }) => market)}::int4[],
      ${numbers(({ tradeId }) => tradeId)}::int8[],
      ${numbers(({ at }) => at)}::int8[],
      ${numbers(({ price }) => price)}::int8[],
      ${numbers(({ quantity }) => quantity)}::int8[],
      ${textArray(trades.map(({ takerSide }) => takerSide))}::text::text[]
    ) as traded (market, trade_id, at, price, quantity, taker_side)`.execute(db);
};

/** Marks a trade as taken back, and answers its time; undefined if it is not there any more. */
export const markBusted = async <Database>(
  db: Kysely<Database>,
  schema: string,
  { market, tradeId }: { readonly market: number; readonly tradeId: number },
): Promise<number | undefined> => {
  const { rows } = await sql<{ at: string }>`
    update ${sql.table(`${schema}.public_trade`)} set busted = true
    where market = ${market}::int4 and trade_id = ${tradeId}::int8
    returning (extract(epoch from at) * 1000)::int8::text as at`.execute(db);
  return rows[0] === undefined ? undefined : Number(rows[0].at);
};
