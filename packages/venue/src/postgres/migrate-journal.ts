import { type Kysely, sql, type Transaction } from "kysely";
import { JOURNAL_MIGRATIONS } from "./journal-migrations.ts";
import { type JournalSchemaOption, journalSchema } from "./journal-schema.ts";

/**
 * Brings a database to the newest schema of the journal, in one transaction, and answers the versions that were applied now:
 * none if it is there already.
 *
 * Safe to run from several processes at once: they take turns on an advisory lock. Creates the PostgreSQL schema if it
 * isn't there; if it is, no right to create one is needed. Throws a `RangeError` for a database that a newer release has
 * migrated.
 *
 * @example
 * await migrateJournal(db);
 */
export const migrateJournal = async <Database>(
  db: Kysely<Database>,
  options: JournalSchemaOption = {},
): Promise<readonly number[]> => {
  const schema = journalSchema(options);
  return db
    .withoutPlugins()
    .transaction()
    .execute(async (transaction) => {
      await takeTurns(transaction, schema);
      await createSchema(transaction, schema);
      const version = await appliedVersion(transaction, schema);
      const newest = JOURNAL_MIGRATIONS.at(-1)?.version ?? 0;
      if (version > newest) {
        throw new RangeError(`expected a journal's schema up to version ${newest}, was ${version}`);
      }
      const missing = JOURNAL_MIGRATIONS.filter((step) => step.version > version);
      for (const statement of missing.flatMap((step) => statementsOf(step, schema))) {
        await sql.raw(statement).execute(transaction);
      }
      return missing.map((step) => step.version);
    });
};

/**
 * The journal's schema as SQL, for a host with a migration tool of its own: what `migrateJournal` would run after the version
 * that the database has (0, or none, for a new one), and the rows by which it knows. Run it in one transaction. It doesn't
 * create the PostgreSQL schema.
 *
 * @example
 * writeFileSync("migrations/0008_journal.sql", journalMigrationSql());
 */
export const journalMigrationSql = ({
  after = 0,
  ...options
}: JournalSchemaOption & { readonly after?: number } = {}): string => {
  const schema = journalSchema(options);
  const missing = JOURNAL_MIGRATIONS.filter(({ version }) => version > after);
  if (missing.length === 0) return "";
  const statements = [
    migrationTable(schema),
    ...missing.flatMap((step) => statementsOf(step, schema)),
  ];
  return statements.map((statement) => `${statement};\n`).join("\n");
};

const migrationTable = (schema: string): string =>
  `create table if not exists ${schema}.journal_migration (version int4 primary key, name text not null)`;

const statementsOf = (
  { version, name, statements }: (typeof JOURNAL_MIGRATIONS)[number],
  schema: string,
): string[] => [
  ...statements(schema),
  `insert into ${schema}.journal_migration (version, name) values (${version}, '${name}')`,
];

/** Held until the transaction ends. Whoever waited finds everything done. */
const takeTurns = async <Database>(
  transaction: Transaction<Database>,
  schema: string,
): Promise<void> => {
  const name = `pincex/journal ${schema}`;
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
  await sql.raw(migrationTable(schema)).execute(transaction);
  const { rows } = await sql<{ version: number }>`
    select coalesce(max(version), 0)::int4 as version
    from ${sql.table(`${schema}.journal_migration`)}`.execute(transaction);
  return rows[0]?.version ?? 0;
};
