import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

// By its own name, so that it is found from `src` and from `dist` alike.
const manifest = createRequire(import.meta.url).resolve("pincex/package.json");

/** Where `npm run build:page` puts the page. */
export const pageDirectory = join(dirname(manifest), "dist", "page");

/** The version of this package, such as "0.1.0". */
export const packageVersion = (): string =>
  (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
