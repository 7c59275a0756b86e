import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from "kysely";

/** What is used of a PGlite. Its own types ask a consumer for DOM and Emscripten types, so they stay out of ours. */
export interface PgliteDatabase {
  query<Row>(
    sql: string,
    parameters?: unknown[],
  ): Promise<{ rows: Row[]; affectedRows?: number | undefined }>;
  close(): Promise<void>;
}

/**
 * Kysely on PGlite, which is one session: whoever asks for a connection waits until the one before has given it back, also
 * from another Kysely on the same PGlite.
 *
 * Destroying the Kysely closes the PGlite.
 *
 * @example
 * const db = new Kysely<unknown>({ dialect: pgliteDialect(await PGlite.create()) });
 */
export const pgliteDialect = (database: PgliteDatabase): Dialect => ({
  createAdapter: () => new PostgresAdapter(),
  createDriver: () => new PgliteDriver(database),
  createIntrospector: (db) => new PostgresIntrospector(db),
  createQueryCompiler: () => new PostgresQueryCompiler(),
});

/** Callers one after the other, in the order in which they asked. */
class Turns {
  #last: Promise<void> = Promise.resolve();

  /** Resolves when it's the caller's turn, with what ends it. */
  async take(): Promise<() => void> {
    const before = this.#last;
    let end = (): void => {};
    this.#last = new Promise((resolve) => {
      end = resolve;
    });
    await before;
    return end;
  }
}

/** By database and not by driver: two drivers on one session would run in each other's transactions. */
const turnsByDatabase = new WeakMap<PgliteDatabase, Turns>();

const turnsOf = (database: PgliteDatabase): Turns => {
  const known = turnsByDatabase.get(database);
  if (known !== undefined) return known;
  const turns = new Turns();
  turnsByDatabase.set(database, turns);
  return turns;
};

class PgliteDriver implements Driver {
  readonly #database: PgliteDatabase;
  readonly #connection: DatabaseConnection;
  readonly #turns: Turns;
  #endTurn: () => void = () => {};

  constructor(database: PgliteDatabase) {
    this.#database = database;
    this.#connection = new PgliteConnection(database);
    this.#turns = turnsOf(database);
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    this.#endTurn = await this.#turns.take();
    return this.#connection;
  }

  async releaseConnection(): Promise<void> {
    this.#endTurn();
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("begin"));
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("commit"));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("rollback"));
  }

  async destroy(): Promise<void> {
    await this.#database.close();
  }
}

class PgliteConnection implements DatabaseConnection {
  readonly #database: PgliteDatabase;

  constructor(database: PgliteDatabase) {
    this.#database = database;
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const { rows, affectedRows } = await this.#database.query<Row>(sql, [...parameters]);
    return affectedRows === undefined ? { rows } : { rows, numAffectedRows: BigInt(affectedRows) };
  }

  /** PGlite has no cursor of its own: everything comes as one piece. */
  async *streamQuery<Row>(query: CompiledQuery): AsyncIterableIterator<QueryResult<Row>> {
    yield await this.executeQuery<Row>(query);
  }
}
