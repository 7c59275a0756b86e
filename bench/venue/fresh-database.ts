import { connect } from "node:net";
import pg from "pg";

const SERVER = process.env["PINCEX_BENCH_DATABASE_URL"] ?? "postgres://postgres@127.0.0.1:5432";

export interface FreshDatabase {
  readonly name: string;
  /** `undefined`: the embedded database. */
  readonly url: string | undefined;
  empty(): Promise<void>;
  drop(): Promise<void>;
}

/** A database of its own on the PostgreSQL server, or the embedded one where no server answers. */
export const freshDatabase = async (): Promise<FreshDatabase> => {
  if (!(await serverAnswers())) {
    const nothing = async (): Promise<void> => {};
    return {
      name: "PGlite (no PostgreSQL answers)",
      url: undefined,
      empty: nothing,
      drop: nothing,
    };
  }
  const database = `pincex_bench_${process.pid}`;
  const admin = new pg.Client({ connectionString: `${SERVER}/postgres` });
  await admin.connect();
  await admin.query(`create database ${database}`);
  const url = `${SERVER}/${database}`;
  return {
    name: "PostgreSQL",
    url,
    empty: async () => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query("drop schema if exists pincex, pincex_identity cascade");
      await client.end();
    },
    drop: async () => {
      await admin.query(`drop database ${database}`);
      await admin.end();
    },
  };
};

const serverAnswers = (): Promise<boolean> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(SERVER);
    const socket = connect(Number(port || 5432), hostname);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
