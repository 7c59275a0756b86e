import { Pool } from "pg";

const SERVER = "postgres://postgres@127.0.0.1:5432";

/** A database of this process's own, on the server of the build machine. */
export interface TestDatabase {
  readonly connectionString: string;
  readonly connect: () => Pool;
  readonly drop: () => Promise<void>;
}

/** Why there is no server to test on; undefined if there is one. Where servers are required, that is an error. */
export const missingServer = async (): Promise<string | undefined> => {
  const pool = new Pool({ connectionString: SERVER, connectionTimeoutMillis: 2_000 });
  try {
    await pool.query("select 1");
    return undefined;
  } catch (error) {
    if (process.env["PINCEX_REQUIRE_SERVERS"] === "1") throw error;
    return `no PostgreSQL answers at ${SERVER}: ${String(error)}`;
  } finally {
    await pool.end();
  }
};

export const createDatabase = async (): Promise<TestDatabase> => {
  const name = `pincex_ledger_test_${process.pid}_${Math.random().toString(36).slice(2, 8)}`;
  const admin = new Pool({ connectionString: `${SERVER}/postgres`, max: 1 });
  await admin.query(`drop database if exists ${name} with (force)`);
  await admin.query(`create database ${name}`);
  const pools: Pool[] = [];
  const connectionString = `${SERVER}/${name}`;
  return {
    connectionString,
    connect: () => {
      const pool = new Pool({ connectionString });
      pools.push(pool);
      return pool;
    },
    drop: async () => {
      await Promise.all(pools.map((pool) => pool.end()));
      await dropOnceUnused(admin, name);
      await admin.end();
    },
  };
};

/** The server notices a moment later that a session has ended. Forcing it out would end it with an error. */
const dropOnceUnused = async (admin: Pool, name: string): Promise<void> => {
  for (let attempt = 1; ; attempt++) {
    try {
      await admin.query(`drop database ${name}`);
      return;
    } catch (error) {
      if (attempt === 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
};
