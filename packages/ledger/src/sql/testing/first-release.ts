import { type Kysely, sql } from "kysely";
import { MIGRATIONS } from "../migrations.ts";

/** A schema as the first release made it, with nothing in it. */
export const createFirstRelease = async (db: Kysely<unknown>, schema: string): Promise<void> => {
  const statements = [
    `create schema ${schema}`,
    `create table ${schema}.ledger_migration (version int4 primary key, name text not null)`,
    ...(MIGRATIONS[0]?.statements(schema) ?? []),
    `insert into ${schema}.ledger_migration values (1, 'the books')`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
};
