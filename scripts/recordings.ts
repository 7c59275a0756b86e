import { existsSync } from "node:fs";
import { join } from "node:path";

const folder = process.env["PINCEX_DATA"] ?? join(import.meta.dirname, "../../shared/data");

const requiredBy = ["PINCEX_REQUIRE_DATA", "PINCEX_REQUIRE_SERVERS"].find(
  (name) => process.env[name] === "1",
);

/**
 * The path of a recording of a real market, which the repository does not hold; undefined where it is absent, and then
 * the test that needs it is skipped. With PINCEX_REQUIRE_DATA=1, or PINCEX_REQUIRE_SERVERS=1, its absence is an error.
 */
export const recording = (path: string): string | undefined => {
  const file = join(folder, path);
  if (existsSync(file)) return file;
  if (requiredBy !== undefined) {
    throw new Error(
      `${requiredBy}=1, and there is no recording ${file}; PINCEX_DATA names the folder`,
    );
  }
  // A title alone would not do: reporters fold skipped tests away.
  process.stderr.write(`SKIPPED: there is no recording ${file} (PINCEX_DATA names the folder)\n`);
  return undefined;
};

/** A test's title that says why it was skipped, if it was. */
export const titled = (title: string, file: string | undefined): string =>
  file === undefined
    ? `${title} – SKIPPED: no recording in ${folder} (PINCEX_DATA names the folder)`
    : title;
