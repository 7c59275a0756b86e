// What the archive uses of DuckDB, in types of our own: the package is an optional peer, and declarations that named its
// types could not be read where it isn't installed.

export interface DuckDatabase {
  connect(): Promise<DuckConnection>;
  closeSync(): void;
}

export interface DuckConnection {
  run(sql: string): Promise<unknown>;
  runAndReadAll(sql: string): Promise<DuckRows>;
  createAppender(table: string): Promise<DuckAppender>;
  closeSync(): void;
}

/** All rows of an answer, with values as JSON has them: numbers of 64 bits and more are strings. */
interface DuckRows {
  getRowObjectsJson(): Readonly<Record<string, unknown>>[];
}

/** Puts rows into a table, a value after the other in the order of its columns. */
interface DuckAppender {
  appendInteger(value: number): void;
  appendBigInt(value: bigint): void;
  appendVarchar(value: string): void;
  appendBoolean(value: boolean): void;
  endRow(): void;
  flushSync(): void;
  closeSync(): void;
}

/** A database in memory. Throws where the peer `@duckdb/node-api` isn't installed. */
export const openDuckDatabase = async (): Promise<DuckDatabase> => {
  const { DuckDBInstance } = await duckdb();
  return DuckDBInstance.create(":memory:");
};

const duckdb = async (): Promise<typeof import("@duckdb/node-api")> => {
  try {
    return await import("@duckdb/node-api");
  } catch (error) {
    throw new Error("expected the peer @duckdb/node-api to be installed", { cause: error });
  }
};
