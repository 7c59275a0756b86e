import { MIGRATIONS } from "./migrations.ts";
import { type SchemaOption, schemaName } from "./schema-name.ts";

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
export const migrationSql = ({ after = 0, ...options }: MigrationSqlOptions = {}): string => {
  const schema = schemaName(options);
  const steps = MIGRATIONS.filter(({ version }) => version > after);
  if (steps.length === 0) return "";
  const table = `${schema}.ledger_migration`;
  const statements = [
    `create table if not exists ${table} (version int4 primary key, name text not null)`,
    ...steps.flatMap(({ version, name, statements: of }) => [
      ...of(schema),
      `insert into ${table} (version, name) values (${version}, '${name}')`,
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
