import { type Kysely, sql, type Transaction } from "kysely";
import type { Migration } from "./migration.ts";
import { MIGRATIONS } from "./migrations.ts";
import { type SchemaOption, schemaName } from "./schema-name.ts";

/**
 * Brings a database to the newest schema, in one transaction, and answers the versions that were applied now: none if it is
 * there already.
 *
 * Safe to run from several processes at once: they take turns on an advisory lock. Creates the PostgreSQL schema if it
 * isn't there; if it is, no right to create one is needed. Throws a `RangeError` for a database that a newer release has migrated.
 *
 * @example
 * await migrate(db);
 * await migrate(db, { schema: "people" });
 */
export const migrate = async <Database>(
  db: Kysely<Database>,
  options: SchemaOption = {},
): Promise<readonly number[]> => {
  const schema = schemaName(options);
  return db
    .withoutPlugins()
    .transaction()
    .execute(async (transaction) => {
      await takeTurns(transaction, schema);
      await createSchema(transaction, schema);
      const missing = stepsAfter(await appliedVersion(transaction, schema));
      for (const step of missing) await apply(transaction, schema, step);
      return missing.map(({ version }) => version);
    });
};

/** Held until the transaction ends. Whoever waited finds everything done. */
const takeTurns = async <Database>(
  transaction: Transaction<Database>,
  schema: string,
): Promise<void> => {
  const name = `pincex/identity ${schema}`;
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
  schema: string,
): Promise<number> => {
  const table = sql.table(`${schema}.identity_migration`);
  await sql`create table if not exists ${table} (version int4 primary key, name text not null)`.execute(
    transaction,
  );
  const { rows } = await sql<{ version: number }>`
    select coalesce(max(version), 0)::int4 as version from ${table}`.execute(transaction);
  return rows[0]?.version ?? 0;
};

const stepsAfter = (version: number): readonly Migration[] => {
  const newest = MIGRATIONS.at(-1)?.version ?? 0;
  if (version > newest) {
    throw new RangeError(`expected an identity schema up to version ${newest}, was ${version}`);
  }
  return MIGRATIONS.filter((step) => step.version > version);
};

const apply = async <Database>(
  transaction: Transaction<Database>,
  schema: string,
  { version, name, statements }: Migration,
): Promise<void> => {
  for (const statement of statements(schema)) await sql.raw(statement).execute(transaction);
  await sql`
    insert into ${sql.table(`${schema}.identity_migration`)} (version, name)
    values (${version}::int4, ${name}::text)`.execute(transaction);
};
