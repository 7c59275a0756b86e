import { Pool } from "pg";

const CONNECT_TIMEOUT_MS = 5_000;
/** Beyond any batch. Without it, to close a connection to a server that stands still would take for ever. */
const QUERY_TIMEOUT_MS = 60_000;

/** Connections to the PostgreSQL at `databaseUrl`, for as long as an exchange runs. */
export const serverPool = (databaseUrl: string, name = "pincex"): Pool => {
  const pool = new Pool({
    connectionString: databaseUrl,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    application_name: name,
  });
  // An idle connection that the server closes is replaced at the next query; unheard, it would end the process.
  pool.on("error", () => undefined);
  return pool;
};
