import type { ColumnType, RawBuilder } from "kysely";

/**
 * A point in time: milliseconds since 1970 in code, `timestamptz` in SQL. Drivers and their hosts disagree about how a `timestamptz` is read, so
 * it is written by `timestampOf` and read by `millisecondsOf`, never by itself.
 */
export type Timestamp = ColumnType<Date, RawBuilder<Date>, RawBuilder<Date>>;
