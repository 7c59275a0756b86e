import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openDataDirectory } from "./data-directory.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pincex-data-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("the data folder", () => {
  test("is made for its owner alone, and left clean", async () => {
    const directory = await openDataDirectory(join(folder, "deep", ".pincex"));
    expect(statSync(directory.path).mode & 0o777).toBe(0o700);
    expect(readdirSync(directory.path)).toEqual([]);
    expect(directory.demoKeys).toBe(join(folder, "deep", ".pincex", "demo-keys.json"));
  });

  test("a file in its place is refused in one sentence", async () => {
    writeFileSync(join(folder, "file"), "");
    await expect(openDataDirectory(join(folder, "file"))).rejects.toMatchObject({
      code: "data_directory_unusable",
      message: `The data folder ${join(folder, "file")} cannot be used: there is a file of that name.`,
    });
    await expect(openDataDirectory(join(folder, "file", "below"))).rejects.toMatchObject({
      message: expect.stringContaining("a part of the path is a file"),
    });
  });
});
