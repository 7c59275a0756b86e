import { MIGRATIONS } from "./migrations.ts";
import { type SchemaOption, schemaName } from "./schema-name.ts";
import { stepsSql } from "./schema-steps.ts";

export interface MigrationSqlOptions extends SchemaOption {
  /** The version that the database has; 0, or none, for a new one. Later steps are printed. */
  readonly after?: number;
}

/**
 * The schema as SQL, for a host with a migration tool of its own: what `migrate` would run, and the rows by which `migrate` knows that it
 * has been run. Empty if there is nothing after that version.
 *
 * Run it in one transaction. It doesn't create the PostgreSQL schema.
 *
 * @example
 * writeFileSync("migrations/0007_ledger.sql", migrationSql({ schema: "books" }));
 */
export const migrationSql = ({ after = 0, ...options }: MigrationSqlOptions = {}): string =>
  stepsSql(schemaName(options), "ledger", MIGRATIONS, after);
