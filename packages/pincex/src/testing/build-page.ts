import { readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "vite";
import { pageDirectory } from "../package-files.ts";

const sources = resolve(import.meta.dirname, "../../page");

/** Before the tests in a browser, and once for all of them: builds the page, unless what is built is newer than its sources. */
export const setup = async (): Promise<void> => {
  if (newestIn(sources) < builtAt()) return;
  await build({ configFile: join(sources, "vite.config.ts"), logLevel: "warn" });
};

const newestIn = (folder: string): number =>
  Math.max(
    ...readdirSync(folder, { recursive: true, withFileTypes: true }).map(
      ({ parentPath, name }) => statSync(join(parentPath, name)).mtimeMs,
    ),
  );

/** When both of its pages were written; never, where one is missing. */
const builtAt = (): number =>
  Math.min(
    ...["index.html", "account.html"].map(
      (page) => statSync(join(pageDirectory, page), { throwIfNoEntry: false })?.mtimeMs ?? 0,
    ),
  );
