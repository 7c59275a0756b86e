import { applySteps, stepsSql } from "@pincex/ledger/sql";
import type { Kysely } from "kysely";
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
export const migrateJournal = <Database>(
  db: Kysely<Database>,
  options: JournalSchemaOption = {},
): Promise<readonly number[]> =>
  db
    .withoutPlugins()
    .transaction()
    .execute((transaction) =>
      applySteps(transaction, journalSchema(options), "journal", JOURNAL_MIGRATIONS),
    );

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
}: JournalSchemaOption & { readonly after?: number } = {}): string =>
  stepsSql(journalSchema(options), "journal", JOURNAL_MIGRATIONS, after);
