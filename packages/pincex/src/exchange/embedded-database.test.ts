import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openEmbeddedDatabase, openOrRebuildEmbeddedDatabase } from "./embedded-database.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pincex-sql-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("the embedded database", () => {
  test("answers large numbers as text, tells errors by their code, and keeps what was written", async () => {
    const directory = join(folder, "sql");
    const database = await openEmbeddedDatabase(directory);
    await database.exec("create table figure (id int8 primary key, amount numeric(78, 0))");
    await database.query("insert into figure values ($1, $2)", [
      1,
      "170141183460469231731687303715884105727",
    ]);

    const { rows } = await database.query("select id, amount from figure");
    expect(rows).toEqual([{ id: "1", amount: "170141183460469231731687303715884105727" }]);

    await expect(
      database.query("insert into figure values ($1, $2)", [1, "2"]),
    ).rejects.toMatchObject({
      code: "23505",
    });
    await database.close();
    await expect(database.query("select 1")).rejects.toThrow("has stopped");

    const again = await openEmbeddedDatabase(directory);
    expect((await again.query("select id from figure")).rows).toEqual([{ id: "1" }]);
    await again.close();
  });

  test("is made anew where its folder is damaged", async () => {
    const directory = join(folder, "sql");
    const migrate = (database: { exec(sql: string): Promise<unknown> }) =>
      database.exec("create table if not exists figure (id int8)");
    const first = await openOrRebuildEmbeddedDatabase(directory, migrate);
    expect(first.rebuilt).toBe(false);
    await first.database.close();

    for (const file of ["PG_VERSION", "global/pg_control"]) {
      writeFileSync(join(directory, file), "not what was here");
    }
    const second = await openOrRebuildEmbeddedDatabase(directory, migrate);
    expect(second.rebuilt).toBe(true);
    expect((await second.database.query("select id from figure")).rows).toEqual([]);
    await second.database.close();
  });
});
