import { PGlite } from "@electric-sql/pglite";
import { pgliteDialect, postgresDialect } from "@pincex/ledger/sql";
import { Kysely } from "kysely";
import { Pool } from "pg";

const SERVER = process.env["DATABASE_URL"] ?? "postgres://postgres@127.0.0.1:5432/postgres";

/** A database to measure in. The pool is there if it is a server. */
export interface BenchDatabase {
  readonly name: "postgres" | "pglite";
  readonly db: Kysely<unknown>;
  readonly pool?: Pool;
}

/** PostgreSQL first, then PGlite in memory; each is closed before the next one begins. */
export const onEachDatabase = async (
  measure: (database: BenchDatabase) => Promise<void>,
): Promise<void> => {
  const pool = new Pool({ connectionString: SERVER });
  await closing(
    { name: "postgres", pool, db: new Kysely({ dialect: postgresDialect(pool) }) },
    measure,
  );
  const pglite = await PGlite.create();
  await closing({ name: "pglite", db: new Kysely({ dialect: pgliteDialect(pglite) }) }, measure);
};

const closing = async (
  database: BenchDatabase,
  measure: (database: BenchDatabase) => Promise<void>,
): Promise<void> => {
  try {
    await measure(database);
  } finally {
    await database.db.destroy();
  }
};
