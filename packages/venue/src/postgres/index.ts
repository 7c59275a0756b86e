// The journal in PostgreSQL, for venues whose database fails over.

export { DatabaseNotDurable } from "./database-not-durable.ts";
export type { JournalSchemaOption } from "./journal-schema.ts";
export { journalMigrationSql, migrateJournal } from "./migrate-journal.ts";
export {
  openPostgresJournal,
  type PostgresJournalOptions,
  type PostgresJournalReaderOptions,
  readPostgresJournal,
} from "./postgres-journal.ts";
