import { mkdir } from "node:fs/promises";
import { Worker } from "node:worker_threads";

/** An answer of PGlite. `int8` and `numeric` come as text, as `pg` gives them. */
interface QueryAnswer<Row> {
  readonly rows: Row[];
  readonly affectedRows?: number;
}

/** A PGlite in a thread of its own, as much of it as SQL needs. */
export interface EmbeddedDatabase {
  query<Row>(sql: string, parameters?: unknown[]): Promise<QueryAnswer<Row>>;
  /** Safe to call again. */
  close(): Promise<void>;
}

interface Waiting {
  resolve(answer: QueryAnswer<never>): void;
  reject(error: Error): void;
}

interface Answer {
  readonly id: number;
  readonly result?: QueryAnswer<never>;
  readonly error?: { readonly message: string };
}

/**
 * Opens the database in `directory`, whose parent must exist, and makes a new one where there is none. It answers at once:
 * queries wait until PGlite is up, a second or two for a new one, and are rejected if the folder is none that it can open.
 */
export const openEmbeddedDatabase = async (directory: string): Promise<EmbeddedDatabase> => {
  // PGlite would make it, and its files, for everybody to read.
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const worker = new Worker(new URL("./embedded-database-worker.js", import.meta.url), {
    workerData: { directory },
    // Not the loaders and conditions of this process: the worker is plain JavaScript on published packages.
    execArgv: [],
  });
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let gone: Error | undefined;

  const ask = (kind: "query" | "close", sql = "", parameters: unknown[] = []) =>
    new Promise<QueryAnswer<never>>((resolve, reject) => {
      if (gone !== undefined) {
        reject(gone);
        return;
      }
      lastId += 1;
      waiting.set(lastId, { resolve, reject });
      worker.postMessage({ id: lastId, kind, sql, parameters });
    });
  const lose = (error: Error): void => {
    gone ??= error;
    for (const each of waiting.values()) each.reject(gone);
    waiting.clear();
  };

  worker.on("message", ({ id, result, error }: Answer) => {
    const asker = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asker?.resolve(result ?? { rows: [] });
    else asker?.reject(Object.assign(new Error(error.message), error));
  });
  worker.on("error", lose);
  worker.on("exit", () => lose(new Error("the embedded database has stopped")));
  return {
    query: (sql, parameters) => ask("query", sql, parameters),
    close: async () => {
      if (gone === undefined) await ask("close");
      await worker.terminate();
    },
  };
};
