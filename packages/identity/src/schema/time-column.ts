import { type RawBuilder, sql } from "kysely";

/** Milliseconds since 1970 as a `timestamptz`, for writing and comparing. */
export const timestampOf = (milliseconds: number): RawBuilder<Date> =>
  sql<Date>`to_timestamp(${milliseconds}::float8 / 1000)`;

/**
 * A `timestamptz` column as milliseconds since 1970, for reading. A `float8` is a number with every driver, whatever a host has set for
 * reading dates.
 *
 * @example
 * db.selectFrom("session").select(millisecondsOf("session.expires_at").as("expiresAt"));
 */
export const millisecondsOf = (column: string): RawBuilder<number> =>
  sql<number>`round(extract(epoch from ${sql.ref(column)}) * 1000)::float8`;

/** Whether a `timestamptz` column is after a point in time: an expiry that is after now hasn't come. */
export const isAfter = (column: string, milliseconds: number): RawBuilder<boolean> =>
  sql<boolean>`${sql.ref(column)} > ${timestampOf(milliseconds)}`;
