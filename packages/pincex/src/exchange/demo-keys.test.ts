import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openDemoKeys } from "./demo-keys.ts";
import { ExchangeNotStarted } from "./exchange-not-started.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pincex-keys-"));
  file = join(folder, "demo-keys.json");
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("the demo keys", () => {
  test("are made once, for the owner's eyes alone, and kept", async () => {
    const made = await openDemoKeys(file, ["alice", "bob"]);
    expect(made.map(({ name }) => name)).toEqual(["alice", "bob"]);
    expect(new Set(made.flatMap(({ apiKey, secret }) => [apiKey, secret])).size).toBe(4);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(made);
    expect(readdirSync(folder)).toEqual(["demo-keys.json"]);

    expect(await openDemoKeys(file, ["alice", "bob"])).toEqual(made);
  });

  test("a key of before there were passwords keeps what it has, and gets one", async () => {
    const old = { name: "alice", apiKey: "a".repeat(64), secret: "b".repeat(64) };
    writeFileSync(file, JSON.stringify([old]));
    const [alice] = await openDemoKeys(file, ["alice"]);
    expect(alice).toMatchObject({ ...old, password: expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect(await openDemoKeys(file, ["alice"])).toEqual([alice]);
  });

  test("a name that is missing gets a key, the others keep theirs", async () => {
    const [alice] = await openDemoKeys(file, ["alice"]);
    const both = await openDemoKeys(file, ["alice", "bob"]);
    expect(both[0]).toEqual(alice);
    expect(both[1]?.name).toBe("bob");
  });

  test("a file that others may read is closed to them again", async () => {
    await openDemoKeys(file, ["alice"]);
    writeFileSync(file, readFileSync(file), { mode: 0o644 });
    await openDemoKeys(file, ["alice"]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test.each([["[{]"], ['{"name":"alice"}'], ['[{"name":"alice","apiKey":1,"secret":"s"}]']])(
    "a file with %s in it is refused, and left as it is",
    async (text) => {
      writeFileSync(file, text);
      await expect(openDemoKeys(file, ["alice"])).rejects.toThrow(ExchangeNotStarted);
      expect(readFileSync(file, "utf8")).toBe(text);
    },
  );
});
