import { PGlite } from "@electric-sql/pglite";
import { pgliteDialect } from "./index.ts";
import { describeProjection } from "./testing/projection-suite.ts";

// A PGlite takes three seconds to start, so this file shares one, and every group of tests a schema of its own.
let shared: Promise<PGlite> | undefined;

describeProjection("PGlite", async () => {
  shared ??= PGlite.create();
  const pglite = await shared;
  const dialect = pgliteDialect(pglite);
  return { dialect: () => dialect, close: async () => {} };
});
