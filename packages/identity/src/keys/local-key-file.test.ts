import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { scratchFolder } from "../testing/test-identity.ts";
import { localKeyFile } from "./local-key-file.ts";
import { boundBytes } from "./sealed-bytes.ts";

const folder = scratchFolder();
const KEY = new Uint8Array(32).fill(7);
const CONTEXT = boundBytes("a purpose");
let files = 0;
const freshPath = (): string => join(folder, `keys-${++files}`);

describe("a local key file", () => {
  test("is made once, by one of several processes, for its owner alone", async () => {
    const path = freshPath();
    const several = await Promise.all(Array.from({ length: 8 }, () => localKeyFile(path)));
    const ids = await Promise.all(several.map((keys) => keys.currentKeyId()));
    expect(new Set(ids).size).toBe(1);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).filter((name) => name.includes("new_"))).toEqual([]);
  });

  test("unwraps what it wrapped, for that purpose alone, and nothing that was changed", async () => {
    const keys = await localKeyFile(freshPath());
    const wrapped = await keys.wrap(KEY, CONTEXT);
    expect(Buffer.from(await keys.unwrap(wrapped, CONTEXT))).toEqual(Buffer.from(KEY));
    await expect(keys.unwrap(wrapped, boundBytes("another"))).rejects.toThrow();
    const changed = Uint8Array.from(wrapped.blob);
    changed[20] = (changed[20] ?? 0) ^ 1;
    await expect(keys.unwrap({ ...wrapped, blob: changed }, CONTEXT)).rejects.toThrow();
    await expect(keys.unwrap({ ...wrapped, keyId: "key_?" }, CONTEXT)).rejects.toThrow(RangeError);
  });

  test("after a rotation wraps by the new key and still unwraps by the old, in every process", async () => {
    const path = freshPath();
    const [here, there] = [await localKeyFile(path), await localKeyFile(path)];
    const old = await here.wrap(KEY, CONTEXT);
    const added = await here.rotate();
    const fresh = await there.wrap(KEY, CONTEXT);
    expect(fresh.keyId).toBe(added);
    expect(old.keyId).not.toBe(added);
    for (const wrapped of [old, fresh]) {
      expect(Buffer.from(await here.unwrap(wrapped, CONTEXT))).toEqual(Buffer.from(KEY));
    }
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test("retires an older key for good, and never the current one", async () => {
    const keys = await localKeyFile(freshPath());
    const old = await keys.wrap(KEY, CONTEXT);
    await expect(keys.retire(old.keyId)).rejects.toThrow(RangeError);
    await keys.rotate();
    await keys.retire(old.keyId);
    await expect(keys.unwrap(old, CONTEXT)).rejects.toThrow(RangeError);
    await expect(keys.retire(old.keyId)).rejects.toThrow(RangeError);
  });

  test("that others may read, or that is no key file, is refused without showing what is in it (GHSA-8fpg: nothing goes on after a bad configuration)", async () => {
    const open = freshPath();
    await localKeyFile(open);
    chmodSync(open, 0o640);
    await expect(localKeyFile(open)).rejects.toThrow("chmod 600");
    for (const text of ["", "s3cret", "{}", '{"current":"s3cret","keys":{}}']) {
      const path = freshPath();
      writeFileSync(path, text, { mode: 0o600 });
      const refused = await localKeyFile(path).catch((error: Error) => error);
      expect(refused).toBeInstanceOf(RangeError);
      expect(String(refused)).not.toContain("s3cret");
      expect(readFileSync(path, "utf8")).toBe(text);
    }
  });

  test("is changed by one process at a time", async () => {
    const keys = await localKeyFile(freshPath());
    const rotations = await Promise.allSettled([keys.rotate(), keys.rotate(), keys.rotate()]);
    const done = rotations.filter(({ status }) => status === "fulfilled");
    expect(done.length).toBeGreaterThan(0);
    for (const rotation of rotations) {
      if (rotation.status === "rejected") expect(String(rotation.reason)).toContain(".lock");
    }
  });
});
