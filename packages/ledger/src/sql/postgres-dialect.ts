import { type Dialect, PostgresDialect, type PostgresPool } from "kysely";

/**
 * Kysely on a PostgreSQL of version 15 or later, through a pool of the `pg` package.
 *
 * Destroying the Kysely ends the pool.
 *
 * @example
 * const db = new Kysely<unknown>({ dialect: postgresDialect(new Pool({ connectionString })) });
 */
export const postgresDialect = (pool: PostgresPool): Dialect => new PostgresDialect({ pool });
