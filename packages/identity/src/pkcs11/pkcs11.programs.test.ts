import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { boundBytes } from "../keys/sealed-bytes.ts";
import { scratchFolder } from "../testing/test-identity.ts";
import { type Pkcs11KeyManagement, type Pkcs11Module, pkcs11KeyManagement } from "./index.ts";

// A real PKCS#11 library is the judge: SoftHSM, with a token of its own.

const LIBRARY = "/usr/lib/softhsm/libsofthsm2.so";
const PIN = "1234";

const isInstalled = (): boolean => {
  const found = existsSync(LIBRARY) && spawnSync("softhsm2-util", ["--version"]).status === 0;
  if (!found && process.env["PINCEX_REQUIRE_SERVERS"] === "1") throw new Error("no SoftHSM");
  return found;
};

const folder = scratchFolder();

const initToken = (label: string): void => {
  execFileSync("softhsm2-util", [
    "--init-token",
    "--free",
    "--label",
    label,
    "--pin",
    PIN,
    "--so-pin",
    "4321",
  ]);
};

describe.skipIf(!isInstalled())("keys in a hardware module", () => {
  mkdirSync(join(folder, "tokens"));
  const config = join(folder, "softhsm2.conf");
  writeFileSync(config, `directories.tokendir = ${join(folder, "tokens")}\nlog.level = ERROR\n`);
  process.env["SOFTHSM2_CONF"] = config;
  const pkcs11: Pkcs11Module = createRequire(import.meta.url)("pkcs11js");
  const KEY = new Uint8Array(32).map((_, n) => n);
  const CONTEXT = boundBytes("a purpose");
  let keys: Pkcs11KeyManagement | undefined;
  const open = (token: string, pin = PIN): Pkcs11KeyManagement => {
    keys = pkcs11KeyManagement({ pkcs11, library: LIBRARY, token, pin });
    return keys;
  };
  const reopen = (token: string): Pkcs11KeyManagement => {
    keys?.close();
    return open(token);
  };
  afterEach(() => {
    keys?.close();
    keys = undefined;
  });

  test("wrap what they unwrap, for one purpose alone, also after a restart", async () => {
    initToken("purpose");
    const wrapped = await open("purpose").wrap(KEY, CONTEXT);
    expect(Buffer.from(wrapped.blob).includes(Buffer.from(KEY))).toBe(false);
    const again = reopen("purpose");
    expect(await again.currentKeyId()).toBe(wrapped.keyId);
    expect(Buffer.from(await again.unwrap(wrapped, CONTEXT))).toEqual(Buffer.from(KEY));
    await expect(again.unwrap(wrapped, boundBytes("another"))).rejects.toThrow();
    // A refusal leaves the session usable.
    expect(Buffer.from(await again.unwrap(wrapped, CONTEXT))).toEqual(Buffer.from(KEY));
  });

  test("refuse any changed byte, anything cut, and a key that isn't ours", async () => {
    initToken("changed");
    const open1 = open("changed");
    const wrapped = await open1.wrap(KEY, CONTEXT);
    for (let at = 0; at < wrapped.blob.length; at++) {
      const blob = Uint8Array.from(wrapped.blob);
      blob[at] = (blob[at] ?? 0) ^ 1;
      await expect(open1.unwrap({ ...wrapped, blob }, CONTEXT)).rejects.toThrow();
    }
    const cut = { ...wrapped, blob: wrapped.blob.subarray(0, 20) };
    await expect(open1.unwrap(cut, CONTEXT)).rejects.toThrow("cut short");
    for (const keyId of ["", "other/000001", "pincex-identity/000009"]) {
      await expect(open1.unwrap({ ...wrapped, keyId }, CONTEXT)).rejects.toThrow(RangeError);
    }
  });

  test("rotate: a new one wraps, the older ones still unwrap, until they are retired", async () => {
    initToken("rotated");
    const rotating = open("rotated");
    const old = await rotating.wrap(KEY, CONTEXT);
    await expect(rotating.retire(old.keyId)).rejects.toThrow(RangeError);
    const added = await rotating.rotate();
    expect((await rotating.wrap(KEY, CONTEXT)).keyId).toBe(added);
    expect(Buffer.from(await rotating.unwrap(old, CONTEXT))).toEqual(Buffer.from(KEY));
    await rotating.retire(old.keyId);
    await expect(rotating.unwrap(old, CONTEXT)).rejects.toThrow(RangeError);
  });

  test("don't open for an unknown token or a wrong PIN, and then do for the right one (GHSA-8fpg)", async () => {
    initToken("locked");
    expect(() => open("nowhere")).toThrow(RangeError);
    expect(() => open("locked", "9999")).toThrow();
    expect((await open("locked").wrap(KEY, CONTEXT)).keyId).toContain("pincex-identity/");
  });
});
