import { CompiledQuery, type DatabaseConnection, type Dialect, type Driver } from "kysely";

/** A dialect whose connection fails at one statement, counted from 0 with begin and commit, and is fine for the rollback. */
export const breakingAt = (dialect: Dialect, broken: number): Dialect => {
  let statement = 0;
  return intercepting(dialect, async (run) => {
    if (statement++ === broken) throw new Error("the connection broke");
    return run();
  });
};

/** A dialect that commits and then loses the answer. */
export const losingCommit = (dialect: Dialect): Dialect =>
  intercepting(dialect, async (run, sqlText) => {
    const result = await run();
    if (sqlText === "commit") throw new Error("the answer was lost");
    return result;
  });

/** Runs a statement, or doesn't. */
export type Interceptor = <Result>(run: () => Promise<Result>, sqlText: string) => Promise<Result>;

/** A dialect whose statements, begin and commit among them, are run by somebody else; but for a rollback. */
export const intercepting = (dialect: Dialect, intercept: Interceptor): Dialect => ({
  ...dialect,
  createAdapter: () => dialect.createAdapter(),
  createIntrospector: (db) => dialect.createIntrospector(db),
  createQueryCompiler: () => dialect.createQueryCompiler(),
  createDriver: (): Driver => {
    const driver = dialect.createDriver();
    return {
      init: () => driver.init(),
      acquireConnection: async (): Promise<DatabaseConnection> => {
        const connection = await driver.acquireConnection();
        return {
          executeQuery: (query) => intercept(() => connection.executeQuery(query), query.sql),
          streamQuery: (query, size) => connection.streamQuery(query, size),
          inner: connection,
        } as DatabaseConnection;
      },
      beginTransaction: async (connection) => {
        await connection.executeQuery(CompiledQuery.raw("begin"));
      },
      commitTransaction: async (connection) => {
        await connection.executeQuery(CompiledQuery.raw("commit"));
      },
      rollbackTransaction: async (connection) => {
        await innerOf(connection).executeQuery(CompiledQuery.raw("rollback"));
      },
      releaseConnection: (connection) => driver.releaseConnection(innerOf(connection)),
      destroy: () => driver.destroy(),
    };
  },
});

const innerOf = (connection: DatabaseConnection): DatabaseConnection =>
  (connection as DatabaseConnection & { inner: DatabaseConnection }).inner;
