// Runs PGlite in a thread of its own: a big batch takes it tens of milliseconds, and matching must not wait for that.
// Plain JavaScript, because Node loads a worker by its file: the same one from `src` and from `dist`, with no loader.
import { parentPort, workerData } from "node:worker_threads";
import { PGlite } from "@electric-sql/pglite";

const asText = (value) => value;

const database = await PGlite.create(workerData.directory, {
  // int8 and numeric as text, as `pg` gives them: PGlite would choose number or bigint by the size of each value.
  parsers: { 20: asText, 1700: asText },
});
parentPort.postMessage({ ready: true });

parentPort.on("message", async ({ id, kind, sql, parameters }) => {
  try {
    if (kind === "close") {
      await database.close();
      parentPort.postMessage({ id, result: { rows: [] } });
      parentPort.close();
      return;
    }
    const { rows, affectedRows } =
      kind === "exec"
        ? { rows: (await database.exec(sql)).at(-1)?.rows ?? [] }
        : await database.query(sql, parameters);
    parentPort.postMessage({ id, result: { rows, affectedRows } });
  } catch (error) {
    const { message, code, detail, constraint } = error;
    parentPort.postMessage({ id, error: { message, code, detail, constraint } });
  }
});
