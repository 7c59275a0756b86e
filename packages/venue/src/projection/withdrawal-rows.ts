import { timeOf } from "@pincex/ledger/sql";
import { type Kysely, type RawBuilder, sql } from "kysely";
import type { HistoryBatch } from "./history-batch.ts";

/** Withdrawals are few: one statement for each. */
export const writeWithdrawals = async <Database>(
  db: Kysely<Database>,
  schema: string,
  { withdrawalsHeld, withdrawalsEnded }: HistoryBatch,
): Promise<void> => {
  const table = sql.table(`${schema}.withdrawal`);
  for (const { event, at } of withdrawalsHeld) {
    const { withdrawal, account, asset, amount, fee, reference } = event;
    await sql`
      insert into ${table} (withdrawal, account, asset, amount, fee, reference, status, outcome,
        held_at, updated_at)
      values (${withdrawal}::int8, ${account}::int4, ${asset}::int4, ${String(amount)}::text::numeric,
        ${String(fee)}::text::numeric, ${reference}::text, 'held', '', ${time(at)}, ${time(at)})`.execute(
      db,
    );
  }
  for (const { event, at } of withdrawalsEnded) {
    const { withdrawal, outcome, reference } = event;
    await sql`
      update ${table} set status = ${outcome}::text, outcome = ${reference}::text,
        updated_at = ${time(at)}
      where withdrawal = ${withdrawal}::int8`.execute(db);
  }
};

const time = (at: number): RawBuilder<unknown> => timeOf(sql`${at}::int8`);
