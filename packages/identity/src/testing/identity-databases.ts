import { PGlite } from "@electric-sql/pglite";
import { pgliteDialect, postgresDialect } from "@pincex/ledger/sql";
import { Kysely, sql } from "kysely";
import { Pool } from "pg";
import { afterAll, beforeAll, test } from "vitest";
import { type IdentityDatabase, identityDatabase } from "../identity-database.ts";
import { migrate } from "../schema/migrate.ts";
import type { IdentityTables } from "../schema/tables.ts";

const SERVER = "postgres://postgres@127.0.0.1:5432";

/** A migrated schema of its own for each call. */
export type FreshDatabase = () => Promise<IdentityDatabase>;

let schemas = 0;

const freshSchema = async (db: Kysely<IdentityTables>): Promise<IdentityDatabase> => {
  const schema = `identity_${process.pid}_${++schemas}`;
  await migrate(db, { schema });
  return identityDatabase(db, { schema });
};

/** Runs suites on one PGlite, which takes three seconds to start: so `identity.pglite.test.ts` has them all. */
const onPglite = (suite: (fresh: FreshDatabase) => void): void => {
  let shared: Kysely<IdentityTables>;
  beforeAll(async () => {
    shared = new Kysely<IdentityTables>({ dialect: pgliteDialect(await PGlite.create()) });
  }, 120_000);
  afterAll(() => shared?.destroy());
  suite(() => freshSchema(shared));
};

/**
 * The same on one schema that is emptied each time: a tenth of the time that migrating takes, for suites that have many tests and use
 * only the newest database.
 */
export const onEmptiedPglite = (suite: (fresh: FreshDatabase) => void): void => {
  onPglite((fresh) => {
    let kept: Promise<IdentityDatabase> | undefined;
    suite(async () => {
      kept ??= fresh();
      const db = await kept;
      await emptied(db);
      return db;
    });
  });
};

/** As a replica does it: no trigger guards what is append-only. */
const emptied = async (db: IdentityDatabase): Promise<void> => {
  const { rows } = await sql<{ name: string }>`
    select distinct table_schema || '.' || table_name as name from information_schema.tables
    where table_schema like 'identity\\_%' and table_name <> 'identity_migration'`.execute(db);
  const deletes = rows.map(({ name }) => emptying(name)).join(" ");
  await db.connection().execute(async (connection) => {
    await sql`set session_replication_role = replica`.execute(connection);
    await sql.raw(`do $$ begin ${deletes} end $$`).execute(connection);
    await sql`set session_replication_role = default`.execute(connection);
  });
};

/** The head of the audit log is a row that is always there: it goes back to where it began. */
const emptying = (table: string): string =>
  table.endsWith(".identity_audit_head")
    ? `update ${table} set seq = 0, hash = decode(repeat('00', 32), 'hex');`
    : `delete from ${table};`;

/** Runs a suite on a database of its own on the PostgreSQL server, where there is one; where servers are required there must be. */
export const onPostgres = async (suite: (fresh: FreshDatabase) => void): Promise<void> => {
  const admin = new Pool({
    connectionString: `${SERVER}/postgres`,
    max: 1,
    connectionTimeoutMillis: 2_000,
  });
  try {
    await admin.query("select 1");
  } catch (error) {
    await admin.end();
    if (process.env["PINCEX_REQUIRE_SERVERS"] === "1") throw error;
    test.skip(`identity on PostgreSQL: skipped, no server answers at ${SERVER}`, () => {});
    return;
  }
  const name = `pincex_identity_test_${process.pid}`;
  let shared: Promise<Kysely<IdentityTables>> | undefined;
  const open = async (): Promise<Kysely<IdentityTables>> => {
    await admin.query(`drop database if exists ${name} with (force)`);
    await admin.query(`create database ${name}`);
    // Two suites at a time, and a server takes a hundred connections.
    const pool = new Pool({ connectionString: `${SERVER}/${name}`, max: 45 });
    return new Kysely<IdentityTables>({ dialect: postgresDialect(pool) });
  };
  afterAll(async () => {
    await (await shared)?.destroy();
    await admin.query(`drop database if exists ${name} with (force)`);
    await admin.end();
  });
  suite(async () => {
    shared ??= open();
    return freshSchema(await shared);
  });
};
