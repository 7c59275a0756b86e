import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, test } from "vitest";
import { killAndExpectAll } from "../testing/killed-serve.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pincex-kill-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("kill -9 of pincex serve while orders stream in", () => {
  test("every acknowledged order is there afterwards, balances add up, SQL equals the core", {
    timeout: 240_000,
  }, async () => {
    await killAndExpectAll({ dataDir: folder });
  });
});
