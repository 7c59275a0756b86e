import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openEmbeddedDatabase } from "./embedded-database.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pincex-sql-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("the embedded database", () => {
  test("answers large numbers as text, tells errors by their code, and keeps what was written", {
    timeout: 120_000,
  }, async () => {
    const directory = join(folder, "sql");
    const amount = "170141183460469231731687303715884105727";
    const database = await openEmbeddedDatabase(directory);
    await database.query("create table figure (id int8 primary key, amount numeric(78, 0))");
    await database.query("insert into figure values ($1, $2)", [1, amount]);
    expect(statSync(directory).mode & 0o777).toBe(0o700);

    const { rows } = await database.query("select id, amount from figure");
    expect(rows).toEqual([{ id: "1", amount }]);
    const second = database.query("insert into figure values ($1, $2)", [1, "2"]);
    await expect(second).rejects.toMatchObject({ code: "23505" });

    await database.close();
    await database.close();
    await expect(database.query("select 1")).rejects.toThrow("has stopped");

    const again = await openEmbeddedDatabase(directory);
    expect((await again.query("select id from figure")).rows).toEqual([{ id: "1" }]);
    await again.close();
  });

  test("is made anew where making it was stopped, and not where something else is", {
    timeout: 120_000,
  }, async () => {
    const directory = join(folder, "stopped");
    mkdirSync(`${directory}.partial`);
    writeFileSync(join(`${directory}.partial`, "PG_VERSION"), "1");
    const database = await openEmbeddedDatabase(directory);
    expect((await database.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
    await database.close();
    expect(existsSync(`${directory}.partial`)).toBe(false);

    const letters = join(folder, "letters");
    mkdirSync(letters);
    writeFileSync(join(letters, "to-a-friend"), "");
    const refused = await openEmbeddedDatabase(letters);
    await expect(refused.query("select 1")).rejects.toThrow("ENOTEMPTY");
    await refused.close();
    expect(readdirSync(letters)).toEqual(["to-a-friend"]);
  });
});
