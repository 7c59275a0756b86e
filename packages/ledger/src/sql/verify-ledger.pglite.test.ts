import { PGlite } from "@electric-sql/pglite";
import { pgliteDialect } from "./index.ts";
import { describeTampering } from "./testing/tampering-suite.ts";

describeTampering("PGlite", async () => {
  const pglite = await PGlite.create();
  const dialect = pgliteDialect(pglite);
  return { dialect: () => dialect, close: () => pglite.close() };
});
