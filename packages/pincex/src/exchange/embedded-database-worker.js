// Runs PGlite in a thread of its own: a big batch takes it tens of milliseconds, and matching must not wait for that.
// Plain JavaScript, because Node loads a worker by its file: the same one from `src` and from `dist`, with no loader.
import { parentPort, workerData } from "node:worker_threads";
import { PGlite } from "@electric-sql/pglite";
import { makeDatabase } from "./empty-database.js";

const asText = (value) => value;

await makeDatabase(workerData.directory);
const database = await PGlite.create(workerData.directory, {
  // int8 and numeric as text, as `pg` gives them: PGlite would choose number or bigint by the size of each value.
  parsers: { 20: asText, 1700: asText },
});

const answer = async ({ id, kind, sql, parameters }) => {
  try {
    if (kind === "close") {
      await database.close();
      return { id };
    }
    const { rows, affectedRows } = await database.query(sql, parameters);
    return { id, result: { rows, affectedRows } };
  } catch (error) {
    const { message, code, detail, constraint } = error;
    return { id, error: { message, code, detail, constraint } };
  }
};

// What was sent before PGlite was up has waited in the port.
parentPort.on("message", async (question) => {
  parentPort.postMessage(await answer(question));
});
