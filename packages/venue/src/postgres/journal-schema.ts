import { schemaName } from "@pincex/ledger/sql";

/** Where the journal's tables are. */
export interface JournalSchemaOption {
  /**
   * The schema of all tables: a lower-case letter or underscore, then up to 62 letters, digits or underscores.
   * "pincex_journal" unless told, apart from the SQL copy of the books, so that the copy's schema can be dropped.
   */
  readonly schema?: string;
}

/** The schema that is meant. Throws a `RangeError` for a name that would need quoting. */
export const journalSchema = ({ schema = "pincex_journal" }: JournalSchemaOption = {}): string =>
  schemaName({ schema });
