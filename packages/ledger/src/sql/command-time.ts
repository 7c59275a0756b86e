import { type RawBuilder, sql } from "kysely";

/**
 * A command's time as SQL has it, from a column or parameter of milliseconds. By hours and the rest, because an interval is
 * multiplied as a double, which has no room for the microseconds of a time after 2255.
 */
export const timeOf = (milliseconds: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`(timestamptz 'epoch' + (${milliseconds} / 3600000) * interval '1 hour'
    + (${milliseconds} % 3600000) * interval '1 millisecond')`;

/** The same as a parameter. */
export const timeAt = (at: number): RawBuilder<unknown> => timeOf(sql`${at}::int8`);

/** The milliseconds of a time, as text. */
export const millisecondsOf = (time: RawBuilder<unknown>): RawBuilder<string> =>
  sql`(extract(epoch from ${time}) * 1000)::int8::text`;
