import { createHmac, generateKeyPairSync, type KeyObject, sign as signBy } from "node:crypto";
import { describe, expect, test } from "vitest";
import { keyAuthenticator } from "./key-authenticator.ts";

const owner = { apiKey: "k", account: 7, name: "ada" };
const principal = { account: 7, name: "ada", permissions: ["read", "trade"] };
const pemOf = (key: KeyObject) => key.export({ type: "spki", format: "pem" }).toString();

describe("a key with a secret", () => {
  const key = { ...owner, secret: "s" };
  const authenticator = keyAuthenticator([key]);
  const sign = (payload: string, secret = "s") =>
    createHmac("sha256", secret).update(payload).digest("hex");

  test("knows whose signature it is, in hexadecimal of either case", async () => {
    const signature = sign("payload");
    const ask = (given: string) =>
      authenticator.authenticate({ apiKey: "k", payload: "payload", signature: given });
    expect(await ask(signature)).toEqual({ ok: true, principal });
    expect(await ask(signature.toUpperCase())).toEqual({ ok: true, principal });
  });

  test.each([
    ["another payload", "k", sign("other"), "signature_invalid"],
    ["another secret", "k", sign("payload", "t"), "signature_invalid"],
    ["a signature cut short", "k", sign("payload").slice(0, 62), "signature_invalid"],
    ["no hexadecimal", "k", "z".repeat(64), "signature_invalid"],
    ["nothing", "k", "", "signature_invalid"],
    ["a key that nobody has", "x", sign("payload"), "api_key_unknown"],
  ])("refuses %s", async (_, apiKey, signature, code) => {
    const answer = await authenticator.authenticate({ apiKey, payload: "payload", signature });
    expect(answer).toEqual({ ok: false, code });
  });

  test("is there once", () => {
    expect(() => keyAuthenticator([key, key])).toThrow(RangeError);
  });
});

const rsa = generateKeyPairSync("rsa", { modulusLength: 2_048 });
const ed25519 = generateKeyPairSync("ed25519");

describe.each([
  ["Ed25519", ed25519, null],
  ["RSA", rsa, "sha256"],
])("a public key by %s", (_, pair, digest) => {
  const publicKey = pemOf(pair.publicKey);
  const authenticator = keyAuthenticator([{ ...owner, publicKey, permissions: ["read"] }]);
  const sign = (payload: string) =>
    signBy(digest, Buffer.from(payload), pair.privateKey).toString("base64");
  const ask = (signature: string) =>
    authenticator.authenticate({ apiKey: "k", payload: "päyload", signature });

  test("knows whose signature it is", async () => {
    const readOnly = { ...principal, permissions: ["read"] };
    expect(await ask(sign("päyload"))).toEqual({ ok: true, principal: readOnly });
  });

  const genuine = sign("päyload");
  test.each([
    ["another payload", sign("payload")],
    ["a signature cut short", genuine.slice(0, -4)],
    [
      "one byte more",
      Buffer.concat([Buffer.from(genuine, "base64"), Buffer.of(0)]).toString("base64"),
    ],
    ["base64 of URLs", `-_${genuine.slice(2)}`],
    ["a line break within", `${genuine.slice(0, 8)}\n${genuine.slice(8)}`],
    ["hexadecimal", Buffer.from(genuine, "base64").toString("hex")],
    [
      "the public key as an HMAC's secret",
      createHmac("sha256", publicKey).update("päyload").digest("hex"),
    ],
    ["nothing", ""],
  ])("refuses %s", async (_, signature) => {
    expect(await ask(signature)).toEqual({ ok: false, code: "signature_invalid" });
  });
});

test("a signature by PSS is not one by PKCS #1 v1.5", async () => {
  const { privateKey, publicKey } = rsa;
  const authenticator = keyAuthenticator([{ ...owner, publicKey: pemOf(publicKey) }]);
  const padding = 6; // RSA_PKCS1_PSS_PADDING
  const signature = signBy("sha256", Buffer.from("payload"), { key: privateKey, padding });
  const answer = await authenticator.authenticate({
    apiKey: "k",
    payload: "payload",
    signature: signature.toString("base64"),
  });
  expect(answer).toEqual({ ok: false, code: "signature_invalid" });
});

test.each([
  [
    "RSA of 1,024 bits",
    () => pemOf(generateKeyPairSync("rsa", { modulusLength: 1_024 }).publicKey),
  ],
  ["a curve of NIST", () => pemOf(generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey)],
  ["X25519, which signs nothing", () => pemOf(generateKeyPairSync("x25519").publicKey)],
  [
    "RSA that signs by PSS alone",
    () => pemOf(generateKeyPairSync("rsa-pss", { modulusLength: 2_048 }).publicKey),
  ],
  [
    "the private half",
    () => ed25519.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  ],
  ["no PEM", () => "MCowBQYDK2VwAyEA"],
])("a key is not taken: %s", (_, publicKey) => {
  expect(() => keyAuthenticator([{ ...owner, publicKey: publicKey() }])).toThrow(RangeError);
});
