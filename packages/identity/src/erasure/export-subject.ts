import { createHash } from "node:crypto";
import { sql } from "kysely";
import type { IdentityContext } from "../identity-context.ts";
import { millisecondsOf } from "../schema/time-column.ts";
import { SUBJECT_TABLES, type SubjectTable } from "./subject-tables.ts";

/**
 * All that this package knows of a user, as lines of JSON: first what the export is, then a line for each row, at the end how many there were and the
 * SHA-256 of all lines before. Times are in ISO 8601. Secrets and hashes are not in it, nor what other packages know: a case at
 * compliance must never be told to the one it is about.
 *
 * @example
 * for await (const line of exportSubject(context, user)) file.write(line);
 */
export async function* exportSubject(
  context: IdentityContext,
  user: string,
): AsyncGenerator<string> {
  const digest = createHash("sha256");
  const put = (value: unknown): string => {
    const text = `${JSON.stringify(value)}\n`;
    digest.update(text);
    return text;
  };
  const tables = SUBJECT_TABLES.map(({ table, plain, times, sealed }) => ({
    table,
    columns: [...plain, ...times, ...Object.keys(sealed)],
  }));
  const at = new Date(context.clock()).toISOString();
  yield put({ format: "pincex-identity-export", version: 1, user, at, tables });
  let rows = 0;
  for (const table of SUBJECT_TABLES) {
    for (const row of await readRows(context, table, user)) {
      yield put({ table: table.table, ...(await openRow(context, table, user, row)) });
      rows++;
    }
  }
  yield `${JSON.stringify({ end: true, rows, sha256: digest.digest("hex") })}\n`;
}

type Row = Readonly<Record<string, unknown>>;

const readRows = async (
  { db }: IdentityContext,
  { table, subject, plain, times, sealed }: SubjectTable,
  user: string,
): Promise<readonly Row[]> => {
  const order = times[0] ?? subject;
  return (
    db
      // All tables have the columns that their own description names; the type of one stands for all.
      .selectFrom(table as "identity_user")
      .select([...plain, ...Object.keys(sealed)].map((column) => sql.ref(column).as(column)))
      .select(times.map((column) => millisecondsOf(column).as(column)))
      .where(sql.ref(subject), "=", user)
      .orderBy(sql.ref(order))
      .execute()
  );
};

const openRow = async (
  { db, personalData }: IdentityContext,
  { plain, times, sealed }: SubjectTable,
  user: string,
  row: Row,
): Promise<Row> => {
  const opened: Record<string, unknown> = {};
  for (const column of plain) opened[column] = row[column];
  for (const column of times) opened[column] = timeText(row[column]);
  for (const [column, field] of Object.entries(sealed)) {
    const value = row[column];
    const isThere = value instanceof Uint8Array;
    const text = isThere && (await personalData.open(db, { subject: user, field }, value));
    opened[column] = typeof text === "string" ? text : null;
  }
  return opened;
};

const timeText = (milliseconds: unknown): string | null =>
  typeof milliseconds === "number" ? new Date(milliseconds).toISOString() : null;
