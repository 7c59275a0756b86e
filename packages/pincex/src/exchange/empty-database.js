// Plain JavaScript, as the worker that needs it is.
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { PGlite } from "@electric-sql/pglite";

const { resolve } = createRequire(import.meta.url);

/**
 * An empty database, packed: to unpack one takes two seconds less than to make one. The build puts it into the package; from source,
 * whoever needs it first does. Of another release of PGlite it isn't taken: the name says of which.
 */
const packedFile = async () => {
  const pglite = JSON.parse(
    await readFile(join(dirname(resolve("@electric-sql/pglite")), "../package.json"), "utf8"),
  );
  const folder = join(dirname(resolve("pincex/package.json")), "dist");
  return join(folder, `empty-database-${pglite.version}.tar.gz`);
};

/**
 * Makes an empty database in `directory`, unless there is one. It takes its name when it is whole: who is stopped before that starts anew.
 *
 * @param {string} directory
 */
export const makeDatabase = async (directory) => {
  if (existsSync(join(directory, "PG_VERSION"))) return;
  const partial = `${directory}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { mode: 0o700 });
  const file = await packedFile();
  const packed = existsSync(file)
    ? new Blob([await readFile(file)], { type: "application/gzip" })
    : undefined;
  const database = await PGlite.create({
    dataDir: partial,
    ...(packed === undefined ? {} : { loadDataDir: packed }),
  });
  // A package's folder may be read-only: then each is made anew.
  if (packed === undefined) await keepPacked(file, database).catch(() => undefined);
  await database.close();
  // Fails where something else is in there, which then stays.
  if (existsSync(directory)) await rmdir(directory);
  await rename(partial, directory);
};

/** Packs an empty database for those to come. */
export const packDatabase = async () => {
  const database = await PGlite.create();
  await keepPacked(await packedFile(), database);
  await database.close();
};

const keepPacked = async (file, database) => {
  const packed = await database.dumpDataDir("gzip");
  const partial = `${file}.${process.pid}.partial`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(partial, new Uint8Array(await packed.arrayBuffer()));
    await rename(partial, file);
  } finally {
    await rm(partial, { force: true });
  }
};
