import { PGlite } from "@electric-sql/pglite";
import { pgliteDialect } from "./index.ts";
import { describeStore } from "./testing/store-suite.ts";

// A PGlite takes three seconds to start, so this file shares one, and every group of tests a schema of its own.
let shared: Promise<PGlite> | undefined;

describeStore("PGlite", async () => {
  shared ??= PGlite.create();
  const pglite = await shared;
  const dialect = pgliteDialect(pglite);
  return { dialect: () => dialect, close: async () => {} };
});
