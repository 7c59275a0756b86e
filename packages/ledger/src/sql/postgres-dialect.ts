import { type Dialect, PostgresDialect, type PostgresPool, type PostgresPoolClient } from "kysely";

/**
 * Kysely on a PostgreSQL of version 15 or later, through a pool of the `pg` package.
 *
 * A connection that breaks fails the statement that runs on it, or the next one, and nothing else. By itself `pg` would also emit
 * an error that ends the process unless the pool and each of its clients has a listener.
 *
 * Destroying the Kysely ends the pool.
 *
 * @example
 * const db = new Kysely<unknown>({ dialect: postgresDialect(new Pool({ connectionString })) });
 */
export const postgresDialect = (pool: PostgresPool): Dialect => {
  listen(pool);
  const connect = async (): Promise<PostgresPoolClient> => {
    const client = await pool.connect();
    listen(client);
    return client;
  };
  return new PostgresDialect({ pool: { connect, end: () => pool.end() } });
};

const listening = new WeakSet<object>();

const listen = (emitter: object): void => {
  if (listening.has(emitter) || !("on" in emitter) || typeof emitter.on !== "function") return;
  listening.add(emitter);
  emitter.on("error", () => {});
};
