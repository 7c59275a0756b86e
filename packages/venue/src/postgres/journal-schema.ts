/** Where the journal's tables are. */
export interface JournalSchemaOption {
  /**
   * The schema of all tables: a lower-case letter or underscore, then up to 62 letters, digits or underscores.
   * "pincex_journal" unless told, apart from the SQL copy of the books, so that the copy's schema can be dropped.
   */
  readonly schema?: string;
}

const DEFAULT_SCHEMA = "pincex_journal";

/** The schema that is meant. Throws a `RangeError` for a name that would need quoting. */
export const journalSchema = ({ schema = DEFAULT_SCHEMA }: JournalSchemaOption = {}): string => {
  if (/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) return schema;
  throw new RangeError(
    `expected a schema's name of lower-case letters, digits and _, was ${schema}`,
  );
};
