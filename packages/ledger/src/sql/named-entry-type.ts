import { type Kysely, sql } from "kysely";
import { ACCOUNT_KINDS } from "../account.ts";
import type { EntryRounding, EntryType } from "../entry-type.ts";
import { assertKind } from "../rounding-rule.ts";

type EntryTypeRow = Readonly<Record<keyof EntryRounding, string>>;

/** Writes a type of entry, unless it is there. Throws a `RangeError` for what it can't be, or is not. */
export const insertEntryType = async <Database>(
  db: Kysely<Database>,
  schema: string,
  { kind, rounding }: EntryType,
): Promise<void> => {
  assertKind(kind);
  const { payer, payee, fee, rebate, dust } = rounding;
  for (const direction of [payer, payee, fee, rebate]) {
    if (direction === "up" || direction === "down") continue;
    throw new RangeError(`expected to round up or down, was ${direction}`);
  }
  if (!ACCOUNT_KINDS.includes(dust)) {
    throw new RangeError(`expected a kind of account for the dust, was ${dust}`);
  }
  const table = sql.table(`${schema}.entry_type`);
  await sql`
    insert into ${table} (kind, payer, payee, fee, rebate, dust)
    values (${kind}::text, ${payer}::text, ${payee}::text, ${fee}::text, ${rebate}::text, ${dust}::text)
    on conflict (kind) do nothing`.execute(db);
  const { rows } = await sql<EntryTypeRow>`
    select payer, payee, fee, rebate, dust from ${table} where kind = ${kind}::text`.execute(db);
  const told = textOf(rounding);
  const known = rows[0] === undefined ? "none" : textOf(rows[0]);
  if (known === told) return;
  throw new RangeError(
    `expected entries of kind ${kind} to round as before, ${known}, was ${told}`,
  );
};

const textOf = ({ payer, payee, fee, rebate, dust }: EntryTypeRow): string =>
  `payer ${payer}, payee ${payee}, fee ${fee}, rebate ${rebate}, dust to ${dust}`;
