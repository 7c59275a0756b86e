import { afterAll, beforeAll, describe } from "vitest";
import {
  createDatabase,
  missingServer,
  type TestDatabase,
} from "../packages/ledger/src/sql/testing/postgres-server.ts";
import { describeSnippets } from "./testing/snippets.ts";

describe.skipIf((await missingServer()) !== undefined)("on PostgreSQL", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase();
    process.env["DATABASE_URL"] = database.connectionString;
  });
  afterAll(async () => {
    delete process.env["DATABASE_URL"];
    await database?.drop();
  });

  describeSnippets("postgres");
});
