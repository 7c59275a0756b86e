import { sql, type Transaction } from "kysely";
import type { Migration } from "./migration.ts";

/**
 * Brings a schema to the newest of its steps and answers the versions that were applied now. Which have been is kept in the
 * table `<name>_migration`, so that several sets of steps share a schema.
 *
 * Safe to run from several processes at once: they take turns on an advisory lock until their transaction ends. Creates the
 * schema if it isn't there; if it is, no right to create one is needed. Throws a `RangeError` where a newer release has been.
 */
export const applySteps = async <Database>(
  transaction: Transaction<Database>,
  schema: string,
  name: string,
  steps: readonly Migration[],
): Promise<readonly number[]> => {
  await takeTurns(transaction, `pincex/${name} ${schema}`);
  await createSchema(transaction, schema);
  const table = sql.table(`${schema}.${name}_migration`);
  const version = await appliedVersion(transaction, table);
  const newest = steps.at(-1)?.version ?? 0;
  if (version > newest) {
    throw new RangeError(`expected a ${name} schema up to version ${newest}, was ${version}`);
  }
  const applied: number[] = [];
  for (const step of steps.filter((one) => one.version > version)) {
    for (const statement of step.statements(schema)) await sql.raw(statement).execute(transaction);
    await sql`
      insert into ${table} (version, name)
      values (${step.version}::int4, ${step.name}::text)`.execute(transaction);
    applied.push(step.version);
  }
  return applied;
};

/** Held until the transaction ends. Whoever waited finds everything done. */
const takeTurns = async <Database>(
  transaction: Transaction<Database>,
  name: string,
): Promise<void> => {
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}::text, 0))`.execute(transaction);
};

/** `create schema if not exists` asks for the right to create even where nothing is to be created. */
const createSchema = async <Database>(
  transaction: Transaction<Database>,
  schema: string,
): Promise<void> => {
  const { rows } = await sql`
    select 1 from pg_catalog.pg_namespace where nspname = ${schema}::text`.execute(transaction);
  if (rows.length === 0) await sql`create schema ${sql.id(schema)}`.execute(transaction);
};

const appliedVersion = async <Database>(
  transaction: Transaction<Database>,
  table: ReturnType<typeof sql.table>,
): Promise<number> => {
  await sql`create table if not exists ${table} (version int4 primary key, name text not null)`.execute(
    transaction,
  );
  const { rows } = await sql<{ version: number }>`
    select coalesce(max(version), 0)::int4 as version from ${table}`.execute(transaction);
  return rows[0]?.version ?? 0;
};

/**
 * Steps as SQL, for a host with a migration tool of its own: what `applySteps` would run after the version that the database has (0 for
 * a new one), and the rows by which it knows. Empty if there is nothing after that version. It doesn't create the PostgreSQL schema.
 */
export const stepsSql = (
  schema: string,
  name: string,
  steps: readonly Migration[],
  after: number,
): string => {
  const later = steps.filter(({ version }) => version > after);
  if (later.length === 0) return "";
  const table = `${schema}.${name}_migration`;
  const statements = [
    `create table if not exists ${table} (version int4 primary key, name text not null)`,
    ...later.flatMap(({ version, name: step, statements: of }) => [
      ...of(schema),
      `insert into ${table} (version, name) values (${version}, '${step}')`,
    ]),
  ];
  return statements.map((statement) => `${unindented(statement)};\n`).join("\n");
};

/** As it would stand at the left margin. */
const unindented = (statement: string): string => {
  const lines = statement.split("\n");
  const margins = lines.slice(1).flatMap((line) => (line.trim() === "" ? [] : [line.search(/\S/)]));
  const margin = Math.max(0, Math.min(...margins) - 2);
  return lines.map((line, index) => (index === 0 ? line : line.slice(margin))).join("\n");
};
