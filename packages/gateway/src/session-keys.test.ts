import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Principal } from "./authenticator.ts";
import { firstAuthenticator, keyAuthenticator } from "./key-authenticator.ts";
import { SessionKeys } from "./session-keys.ts";

const ada: Principal = { account: 7, name: "ada", permissions: ["read", "trade"] };
const { publicKey, privateKey } = generateKeyPairSync("ed25519");
const pemOf = (key: KeyObject) => key.export({ type: "spki", format: "pem" }).toString();
const signed = (payload: string) => sign(null, Buffer.from(payload), privateKey).toString("base64");

const START = 1_795_000_000_000;
const setUp = (options = {}) => {
  let now = START;
  const keys = new SessionKeys({ clock: () => now, ...options });
  const open = (session = "s", until = START + 300_000) => {
    const opened = keys.open({ session, principal: ada, publicKey: pemOf(publicKey), until });
    if (!opened.ok) throw new Error(opened.code);
    return opened.apiKey;
  };
  const ask = (apiKey: string, signature = signed("payload")) =>
    keys.authenticate({ apiKey, payload: "payload", signature });
  const wait = (milliseconds: number) => {
    now += milliseconds;
  };
  return { keys, open, ask, wait };
};

describe("a key of somebody who is signed in", () => {
  test("signs in their name until it ends", async () => {
    const { open, ask, wait } = setUp();
    const apiKey = open();
    expect(await ask(apiKey)).toEqual({ ok: true, principal: ada });
    expect(await ask(apiKey, signed("other"))).toEqual({ ok: false, code: "signature_invalid" });
    wait(299_999);
    expect(await ask(apiKey)).toMatchObject({ ok: true });
    wait(1);
    expect(await ask(apiKey)).toEqual({ ok: false, code: "api_key_unknown" });
  });

  test("a connection lasts as long as its session has a key, be it a newer one", async () => {
    const { keys, open, wait } = setUp();
    const apiKey = open("s", START + 1_000);
    expect(await keys.isLive(apiKey)).toBe(true);
    wait(1_000);
    expect(await keys.isLive(apiKey)).toBe(false);
    open("s");
    expect(await keys.isLive(apiKey)).toBe(true);
    keys.end("s");
    expect(await keys.isLive(apiKey)).toBe(false);
    expect(await keys.isLive("nobody's")).toBe(false);
  });

  test("ends with its session, and no other session's does", async () => {
    const { keys, open, ask } = setUp();
    const [one, another, elsewhere] = [open("s"), open("s"), open("t")];
    expect(keys.sessions).toEqual(["s", "t"]);
    keys.end("s");
    keys.end("nobody's");
    expect(keys.sessions).toEqual(["t"]);
    expect(await ask(one)).toMatchObject({ ok: false });
    expect(await ask(another)).toMatchObject({ ok: false });
    expect(await ask(elsewhere)).toMatchObject({ ok: true });
  });

  test("the oldest of a session ends where another one would be too many", async () => {
    const { open, ask } = setUp({ most: 16 });
    const keys = Array.from({ length: 17 }, () => open());
    expect(await ask(keys[0] ?? "")).toMatchObject({ ok: false });
    expect(await ask(keys[1] ?? "")).toMatchObject({ ok: true });
    expect(await ask(keys[16] ?? "")).toMatchObject({ ok: true });
  });

  test("there are only so many, of which those that have ended make room", () => {
    const { keys, open, wait } = setUp({ most: 2 });
    open("a", START + 1_000);
    open("b");
    const third = { session: "c", principal: ada, publicKey: pemOf(publicKey) };
    const until = START + 300_000;
    expect(keys.open({ ...third, until })).toMatchObject({ code: "session_keys_too_many" });
    wait(1_000);
    expect(keys.open({ ...third, until })).toMatchObject({ ok: true });
  });

  test.each([
    ["no key", "hello"],
    ["a private one", "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----"],
    ["a curve of NIST", pemOf(generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey)],
  ])("%s is refused", (_, unusable) => {
    const { keys } = setUp();
    const request = { session: "s", principal: ada, publicKey: unusable, until: START + 1 };
    expect(keys.open(request)).toMatchObject({ code: "public_key_unusable", field: "publicKey" });
  });

  test("one that has ended before it begins is refused", () => {
    const { keys } = setUp();
    const request = { session: "s", principal: ada, publicKey: pemOf(publicKey), until: START };
    expect(keys.open(request)).toMatchObject({ code: "session_key_already_ended" });
  });
});

test("one authenticator after another, and whoever knows the key has the last word", async () => {
  const { keys, open } = setUp();
  const other = generateKeyPairSync("ed25519").publicKey;
  const apiKey = open();
  const payload = "payload";
  const ask = (...order: Parameters<typeof firstAuthenticator>) =>
    firstAuthenticator(...order).authenticate({ apiKey, payload, signature: signed(payload) });
  const elsewhere = keyAuthenticator([{ apiKey: "bot", secret: "s", account: 1, name: "bot" }]);
  const sameName = keyAuthenticator([{ apiKey, publicKey: pemOf(other), account: 1, name: "eve" }]);
  expect(await ask(elsewhere, keys)).toEqual({ ok: true, principal: ada });
  expect(await ask(sameName, keys)).toEqual({ ok: false, code: "signature_invalid" });
  expect(await ask(elsewhere)).toEqual({ ok: false, code: "api_key_unknown" });
});
