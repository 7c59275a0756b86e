import { postgresDialect } from "@pincex/ledger/sql";
import { afterAll, test } from "vitest";
import {
  createDatabase,
  missingServer,
  type TestDatabase,
} from "../../../../scripts/postgres-server.ts";
import { describeLedgerProjection } from "../testing/projection-suite.ts";

const missing = await missingServer();

if (missing === undefined) {
  let database: TestDatabase | undefined;
  afterAll(async () => {
    await database?.drop();
  });
  describeLedgerProjection("PostgreSQL", async () => {
    database = await createDatabase();
    return postgresDialect(database.pool);
  });
} else {
  test.skip(`a venue's books in PostgreSQL: skipped, ${missing}`, () => {});
}
