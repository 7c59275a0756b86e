import { PGlite } from "@electric-sql/pglite";
import { pgliteDialect } from "@pincex/ledger/sql";
import { Kysely } from "kysely";
import { expect, test } from "vitest";
import { migrateJournal } from "./migrate-journal.ts";
import { openPostgresJournal } from "./postgres-journal.ts";

test("PGlite never waits for a disk, so no journal is opened there", async () => {
  const db = new Kysely<unknown>({ dialect: pgliteDialect(await PGlite.create()) });
  await migrateJournal(db);
  await expect(openPostgresJournal({ db })).rejects.toMatchObject({
    name: "DatabaseNotDurable",
    code: "database_not_durable",
  });
  await db.destroy();
});
