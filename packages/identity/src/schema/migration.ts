/** One step of the schema. Steps are only ever added: what a database has applied never changes. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  /** The statements, in order; all tables are named with their schema. */
  readonly statements: (schema: string) => readonly string[];
}
