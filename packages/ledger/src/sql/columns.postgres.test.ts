import { PGlite } from "@electric-sql/pglite";
import * as fc from "fast-check";
import { Kysely, type PostgresPool, type PostgresPoolClient, type RawBuilder, sql } from "kysely";
import { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BYTE_COLUMNS, type Columns, columnsOf, TEXT_COLUMNS } from "./columns.ts";
import { pgliteDialect, postgresDialect } from "./index.ts";
import { createDatabase, missingServer, type TestDatabase } from "./testing/postgres-server.ts";

const missing = await missingServer();

const LAST_TIME = 8_640_000_000_000_000;
const LARGEST = 10n ** 78n - 1n;

const optional = <Value>(of: fc.Arbitrary<Value>) => fc.option(of, { nil: undefined, freq: 10 });

/** Around the places where a way of writing ends and another one begins. */
const amount = fc.oneof(
  fc.bigInt({ min: -LARGEST, max: LARGEST }),
  fc
    .tuple(fc.integer({ min: 0, max: 77 }), fc.bigInt({ min: -20_000n, max: 20_000n }))
    .map(([exponent, more]) => 10n ** BigInt(exponent) + more)
    .filter((value) => value <= LARGEST),
  fc
    .tuple(fc.integer({ min: 0, max: 255 }), fc.bigInt({ min: -2n, max: 2n }), fc.boolean())
    .map(
      ([exponent, more, isNegative]) => (2n ** BigInt(exponent) + more) * (isNegative ? -1n : 1n),
    ),
);

const time = fc.oneof(
  fc.integer({ min: 0, max: LAST_TIME }),
  fc.constantFrom(0, 946_684_799_999, 946_684_800_000, 9_007_199_254_741, LAST_TIME),
);

const text = fc.oneof(
  fc.string({ unit: "binary" }).map((value) => value.replaceAll("\0", "")),
  fc.constantFrom("", "null", "NULL", '{"a",b}', "\\", "ä€🪙"),
);

const row = fc.record({
  int4: optional(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
  int8: optional(fc.maxSafeInteger()),
  numeric: optional(amount),
  text: optional(text),
  boolean: optional(fc.boolean()),
  bytea: fc.uint8Array({ maxLength: 40 }),
  time: optional(time),
});
type Row = typeof row extends fc.Arbitrary<infer Value> ? Value : never;

const rowsOf = (columns: Columns, rows: readonly Row[]): RawBuilder<Record<string, string>> => {
  const of = <Value>(value: (row: Row) => Value): Value[] => rows.map(value);
  return sql`
    select int4::text, int8::text, numeric::text, text, boolean::text, encode(bytea, 'hex') as bytea,
      ((extract(epoch from time) * 1000)::int8)::text as time
    from (
      select unnest(${columns.int4(of((one) => one.int4))}) as int4,
        unnest(${columns.int8(of((one) => one.int8))}) as int8,
        unnest(${columns.numeric(of((one) => one.numeric))}) as numeric,
        unnest(${columns.text(of((one) => one.text))}) as text,
        unnest(${columns.boolean(of((one) => one.boolean))}) as boolean,
        unnest(${columns.bytea(of((one) => one.bytea))}) as bytea,
        unnest(${columns.time(of((one) => one.time))}) as time
    ) as told`;
};

const toldOf = ({ bytea, text: value, ...rest }: Row): Record<string, string | null> => ({
  ...Object.fromEntries(
    Object.entries(rest).map(([name, one]) => [name, one === undefined ? null : String(one)]),
  ),
  text: value ?? null,
  bytea: Buffer.from(bytea).toString("hex"),
});

/** As drivers do that take bytes for a `bytea`, whatever the parameter's type is. */
class SpellingPool implements PostgresPool {
  readonly #pool: Pool;

  constructor(database: TestDatabase) {
    this.#pool = database.connect();
  }

  async connect(): Promise<PostgresPoolClient> {
    const client = await this.#pool.connect();
    const query = (text: string, values: readonly unknown[]): unknown =>
      client.query(
        text,
        values.map((one) =>
          one instanceof Uint8Array ? `\\x${Buffer.from(one).toString("hex")}` : one,
        ),
      );
    return { query, release: () => client.release() } as PostgresPoolClient;
  }

  /** The database ends it. */
  async end(): Promise<void> {}
}

if (missing === undefined) {
  describe("columns of rows", () => {
    let database: TestDatabase;
    let db: Kysely<unknown>;
    beforeAll(async () => {
      database = await createDatabase();
      db = new Kysely<unknown>({ dialect: postgresDialect(database.connect()) });
    });
    afterAll(async () => {
      await database?.drop();
    });

    test.each([
      ["bytes", BYTE_COLUMNS],
      ["text", TEXT_COLUMNS],
    ])("property: arrive in PostgreSQL as they were, as %s", async (_, columns) => {
      await fc.assert(
        fc.asyncProperty(fc.array(row, { maxLength: 20 }), async (rows) => {
          const told = await rowsOf(columns, rows).execute(db);
          expect(told.rows).toEqual(rows.map(toldOf));
        }),
        { numRuns: 200 },
      );
    });

    test("are sent as bytes by a driver that does, and as text by one that doesn't", async () => {
      expect(await columnsOf(db)).toBe(BYTE_COLUMNS);
      const spelling = new Kysely<unknown>({
        dialect: postgresDialect(new SpellingPool(database)),
      });
      expect(await columnsOf(spelling)).toBe(TEXT_COLUMNS);
      await spelling.destroy();
    });

    test.each([
      ["bytes", BYTE_COLUMNS],
      ["text", TEXT_COLUMNS],
    ])("find rows by their index, however many they are, as %s", async (name, columns) => {
      const table = sql.id(`found_by_${name}`);
      await sql`create table ${table} (id int8 primary key)`.execute(db);
      await sql`insert into ${table} select generate_series(1, 20000)`.execute(db);
      await sql`analyze ${table}`.execute(db);
      const ids = columns.int8(Array.from({ length: 5_000 }, (_, index) => 1 + 3 * index));
      const { rows } = await sql<{ "QUERY PLAN": string }>`
        explain select * from ${table} as t join (select unnest(${ids}) as id) as told
          on t.id = told.id`.execute(db);
      const plan = rows.map((one) => one["QUERY PLAN"]).join("\n");
      expect(plan).toContain(`using found_by_${name}_pkey`);
      expect(plan).not.toContain("Seq Scan");
    });

    test("arrive in PGlite as they were, either way", async () => {
      const pglite = new Kysely<unknown>({ dialect: pgliteDialect(await PGlite.create()) });
      const rows = fc.sample(row, { numRuns: 100, seed: 1 });
      for (const columns of [TEXT_COLUMNS, await columnsOf(pglite)]) {
        const told = await rowsOf(columns, rows).execute(pglite);
        expect(told.rows).toEqual(rows.map(toldOf));
      }
      await pglite.destroy();
    });

    test("are asked for again where nobody answered", async () => {
      const pool = new Pool({ connectionString: "postgres://postgres@127.0.0.1:1/postgres" });
      const gone = new Kysely<unknown>({ dialect: postgresDialect(pool) });
      await expect(columnsOf(gone)).rejects.toThrow("ECONNREFUSED");
      await gone.destroy();
    });
  });
} else {
  test.skip(`columns of rows: skipped, ${missing}`, () => {});
}
