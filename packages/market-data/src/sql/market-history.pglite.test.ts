import { PGlite } from "@electric-sql/pglite";
import { pgliteDialect } from "@pincex/ledger/sql";
import { describeMarketHistory } from "./testing/history-suite.ts";

describeMarketHistory("PGlite", async () => pgliteDialect(await PGlite.create()), [10]);
