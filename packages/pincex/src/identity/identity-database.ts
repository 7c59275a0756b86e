import { type IdentityDatabase, migrate } from "@pincex/identity";
import { pgliteDialect, postgresDialect } from "@pincex/ledger/sql";
import { Kysely } from "kysely";
import { databaseUnusable } from "../exchange/database-unusable.ts";
import { openEmbeddedDatabase } from "../exchange/embedded-database.ts";
import { serverPool } from "../exchange/server-pool.ts";

const SCHEMA = "pincex_identity";

/**
 * The database of users and sessions, migrated: on the PostgreSQL at `databaseUrl` or, without one, on a PGlite of its own in
 * `directory`. Unlike the copy of the books nothing can fill it again.
 */
export const openIdentityDatabase = async ({
  directory,
  databaseUrl,
}: {
  readonly directory: string;
  readonly databaseUrl: string | undefined;
}): Promise<IdentityDatabase> => {
  const dialect =
    databaseUrl === undefined
      ? pgliteDialect(await openEmbeddedDatabase(directory))
      : postgresDialect(serverPool(databaseUrl, "pincex identity"));
  // The tables are the package's own, in the schema that is named here.
  const db = new Kysely<never>({ dialect })
    .withoutPlugins()
    .withSchema(SCHEMA) as unknown as IdentityDatabase;
  try {
    await migrate(db, { schema: SCHEMA });
    return db;
  } catch (error) {
    await db.destroy();
    throw databaseUrl === undefined ? error : databaseUnusable(databaseUrl, error);
  }
};
