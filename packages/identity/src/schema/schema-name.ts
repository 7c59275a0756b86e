/** Where the identity tables are. */
export interface SchemaOption {
  /**
   * The schema of all tables: a lower-case letter or underscore, then up to 62 letters, digits or underscores. Every statement
   * names it, so the connection's search path doesn't matter.
   */
  readonly schema?: string;
}

const DEFAULT_SCHEMA = "pincex_identity";

/** The schema that is meant. Throws a `RangeError` for a name that would need quoting. */
export const schemaName = ({ schema = DEFAULT_SCHEMA }: SchemaOption = {}): string => {
  if (/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) return schema;
  throw new RangeError(
    `expected a schema's name of lower-case letters, digits and _, was ${schema}`,
  );
};
