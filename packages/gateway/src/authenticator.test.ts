import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { hmacAuthenticator } from "./authenticator.ts";

const key = { apiKey: "k", secret: "s", account: 7, name: "ada" };
const authenticator = hmacAuthenticator([key]);
const sign = (payload: string, secret = "s") =>
  createHmac("sha256", secret).update(payload).digest("hex");

describe("the HMAC authenticator", () => {
  test("knows whose signature it is, in hexadecimal of either case", async () => {
    const signature = sign("payload");
    const principal = { account: 7, name: "ada", permissions: ["read", "trade"] };
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

  test("has each key once", () => {
    expect(() => hmacAuthenticator([key, key])).toThrow(RangeError);
  });
});
