import { type Kysely, type RawBuilder, sql } from "kysely";
import { millisecondsOf, timeAt } from "./command-time.ts";
import type { SqlHold, StoredHold } from "./store-rows.ts";

type HoldRow = Pick<SqlHold, "kind" | "state"> &
  Readonly<Record<"id" | "account" | "opened" | "captured" | "released", string>> & {
    readonly expires_at: string | null;
    readonly checksum: string | null;
  };

/** The statement, for whoever wants to see its plan. */
export const holdsQuery = (schema: string, condition: RawBuilder<unknown>): RawBuilder<HoldRow> =>
  sql<HoldRow>`
    select h.id::text, h.account::text, h.kind, h.opened::text, h.captured::text,
      h.released::text, h.state, ${millisecondsOf(sql`h.expires_at`)} as expires_at,
      h.checksum::text
    from ${sql.table(`${schema}.hold`)} as h where ${condition}`;

/** The holds that a condition on `h` is true of. */
export const selectHolds = async <Database>(
  db: Kysely<Database>,
  schema: string,
  condition: RawBuilder<unknown>,
): Promise<SqlHold[]> => (await selectStoredHolds(db, schema, condition)).map(({ hold }) => hold);

export const selectStoredHolds = async <Database>(
  db: Kysely<Database>,
  schema: string,
  condition: RawBuilder<unknown>,
): Promise<StoredHold[]> => {
  const { rows } = await holdsQuery(schema, condition).execute(db);
  return rows.map((row) => ({
    hold: holdOf(row),
    checksum: row.checksum === null ? undefined : Number(row.checksum),
  }));
};

const holdOf = (row: HoldRow): SqlHold => ({
  id: Number(row.id),
  account: Number(row.account),
  kind: row.kind,
  opened: BigInt(row.opened),
  captured: BigInt(row.captured),
  released: BigInt(row.released),
  state: row.state,
  expiresAt: Number(row.expires_at ?? 0),
});

/** Ids of holds that are due at a time, by (time they were due, id). */
export const dueQuery = (schema: string, at: number, most: number): RawBuilder<{ id: string }> =>
  sql<{ id: string }>`
    select h.id::text from ${sql.table(`${schema}.hold`)} as h
    where h.state = 'open' and h.expires_at is not null and h.expires_at <= ${timeAt(at)}
    order by h.expires_at, h.id limit ${most}::int4`;
