import { afterAll, test } from "vitest";
import { postgresDialect } from "./index.ts";
import { createDatabase, missingServer, type TestDatabase } from "./testing/postgres-server.ts";
import { describeStore } from "./testing/store-suite.ts";

const missing = await missingServer();

if (missing === undefined) {
  let shared: Promise<TestDatabase> | undefined;
  afterAll(async () => {
    await (await shared)?.drop();
  });
  describeStore("PostgreSQL", async () => {
    shared ??= createDatabase();
    const { connect } = await shared;
    return { dialect: () => postgresDialect(connect()), close: async () => {} };
  });
} else {
  test.skip(`the books' copy in PostgreSQL: skipped, ${missing}`, () => {});
}
