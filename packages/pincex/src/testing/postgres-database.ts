import { Client } from "pg";

const SERVER = "postgres://postgres@127.0.0.1:5432";

const withServer = async <Answer>(act: (client: Client) => Promise<Answer>): Promise<Answer> => {
  const client = new Client({
    connectionString: `${SERVER}/postgres`,
    connectionTimeoutMillis: 2_000,
  });
  await client.connect();
  try {
    return await act(client);
  } finally {
    await client.end();
  }
};

/** Why there is no server to test on; undefined if there is one. Where servers are required, that is an error. */
export const missingServer = async (): Promise<string | undefined> => {
  try {
    await withServer((client) => client.query("select 1"));
    return undefined;
  } catch (error) {
    if (process.env["PINCEX_REQUIRE_SERVERS"] === "1") throw error;
    return `no PostgreSQL answers at ${SERVER}: ${String(error)}`;
  }
};

/** A new, empty database of this process's own; answers its address. */
export const createDatabase = async (name: string): Promise<string> => {
  await withServer(async (client) => {
    await client.query(`drop database if exists ${name} with (force)`);
    await client.query(`create database ${name}`);
  });
  return `${SERVER}/${name}`;
};

export const dropDatabase = async (name: string): Promise<void> => {
  await withServer((client) => client.query(`drop database ${name} with (force)`));
};
