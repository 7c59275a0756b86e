import { PGlite } from "@electric-sql/pglite";
import { pgliteDialect } from "@pincex/ledger/sql";
import { describeLedgerProjection } from "../testing/projection-suite.ts";

describeLedgerProjection("PGlite", async () => pgliteDialect(await PGlite.create()));
