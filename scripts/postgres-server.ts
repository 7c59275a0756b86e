import { Pool, type PoolConfig } from "pg";

const SERVER = "postgres://postgres@127.0.0.1:5432";
const PATIENCE_MS = 3_000;

/** Why there is no server to test with; undefined where there is one. With PINCEX_REQUIRE_SERVERS=1 that throws instead. */
export const missingServer = async (): Promise<string | undefined> => {
  const pool = poolOf("postgres", { connectionTimeoutMillis: PATIENCE_MS });
  try {
    await pool.query("select 1");
    return undefined;
  } catch (error) {
    if (process.env["PINCEX_REQUIRE_SERVERS"] === "1") throw error;
    return `no PostgreSQL answers at ${SERVER}`;
  } finally {
    await pool.end();
  }
};

/** A database of the test file's own. Its pool is for the test to end, before it drops the database. */
export interface TestDatabase {
  readonly pool: Pool;
  /** For other processes. */
  readonly url: string;
  drop(): Promise<void>;
}

export const createDatabase = async (): Promise<TestDatabase> => {
  const name = `pincex_test_${process.pid}_${Date.now()}`;
  await administer(`create database ${name}`);
  const pool = poolOf(name);
  return {
    pool,
    url: `${SERVER}/${name}`,
    drop: () => administer(`drop database ${name} with (force)`),
  };
};

const poolOf = (database: string, config: PoolConfig = {}): Pool =>
  new Pool({ connectionString: `${SERVER}/${database}`, max: 4, ...config });

const administer = async (statement: string): Promise<void> => {
  const pool = poolOf("postgres");
  try {
    await pool.query(statement);
  } finally {
    await pool.end();
  }
};
