import { rm } from "node:fs/promises";
import { Worker } from "node:worker_threads";

/** An answer of PGlite. `int8` and `numeric` come as text, as `pg` gives them. */
export interface QueryAnswer<Row> {
  readonly rows: Row[];
  readonly affectedRows?: number;
}

/** A PGlite in a thread of its own, as much of it as SQL needs. */
export interface EmbeddedDatabase {
  query<Row>(sql: string, parameters?: unknown[]): Promise<QueryAnswer<Row>>;
  /** Several statements without parameters. */
  exec(sql: string): Promise<unknown>;
  close(): Promise<void>;
}

interface Waiting {
  resolve(answer: QueryAnswer<never>): void;
  reject(error: Error): void;
}

interface Answer {
  readonly ready?: true;
  readonly id: number;
  readonly result?: QueryAnswer<never>;
  readonly error?: { readonly message: string };
}

/** Opens the database in `directory`, whose parent must exist. A folder that PGlite cannot open is refused by an error. */
export const openEmbeddedDatabase = (directory: string): Promise<EmbeddedDatabase> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./embedded-database-worker.js", import.meta.url), {
      workerData: { directory },
      // Not the loaders and conditions of this process: the worker is plain JavaScript on published packages.
      execArgv: [],
    });
    const waiting = new Map<number, Waiting>();
    let lastId = 0;
    let gone: Error | undefined;

    const ask = (kind: "query" | "exec" | "close", sql = "", parameters: unknown[] = []) =>
      new Promise<QueryAnswer<never>>((answered, refused) => {
        if (gone !== undefined) {
          refused(gone);
          return;
        }
        lastId += 1;
        waiting.set(lastId, { resolve: answered, reject: refused });
        worker.postMessage({ id: lastId, kind, sql, parameters });
      });
    const lose = (error: Error): void => {
      gone = error;
      reject(error);
      for (const each of waiting.values()) each.reject(error);
      waiting.clear();
    };

    worker.on("message", ({ ready, id, result, error }: Answer) => {
      if (ready) {
        resolve({
          query: (sql, parameters) => ask("query", sql, parameters),
          exec: (sql) => ask("exec", sql),
          close: async () => {
            await ask("close");
            await worker.terminate();
          },
        });
        return;
      }
      const asker = waiting.get(id);
      waiting.delete(id);
      if (error === undefined) asker?.resolve(result ?? { rows: [] });
      else asker?.reject(Object.assign(new Error(error.message), error));
    });
    worker.on("error", lose);
    worker.on("exit", () => lose(new Error("the embedded database has stopped")));
  });

/**
 * Opens the database, and makes it anew if it is damaged: it is a copy, and the venue fills it again from the journal.
 *
 * @param prepare what must succeed before the database counts as whole, such as its migration.
 */
export const openOrRebuildEmbeddedDatabase = async <Prepared>(
  directory: string,
  prepare: (database: EmbeddedDatabase) => Promise<Prepared>,
): Promise<{ database: EmbeddedDatabase; prepared: Prepared; rebuilt: boolean }> => {
  const open = async (rebuilt: boolean) => {
    const database = await openEmbeddedDatabase(directory);
    try {
      return { database, prepared: await prepare(database), rebuilt };
    } catch (error) {
      await database.close();
      throw error;
    }
  };
  try {
    return await open(false);
  } catch {
    await rm(directory, { recursive: true, force: true });
    return await open(true);
  }
};
