import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { principalKey } from "../principal.ts";
import { OidcSignOn, type SignOnAttempt } from "./oidc-sign-on.ts";
import { openTestProvider, type TestProvider } from "./testing/oidc-provider.ts";

let provider: TestProvider;
let signOn: OidcSignOn;
beforeAll(async () => {
  provider = await openTestProvider();
  signOn = new OidcSignOn({
    provider: await provider.discover(),
    redirectUri: provider.redirectUri,
  });
});
afterAll(() => provider.close());

/** Somebody who signs on, up to the address that they come back with. */
const comeBack = async (
  user = "ada",
  options = {},
  browser = provider.browser(),
): Promise<{ attempt: SignOnAttempt; address: string }> => {
  const { url, attempt } = await signOn.begin(options);
  return { attempt, address: await browser.signOn(url, user) };
};

describe("signing on by a real provider of OpenID Connect", () => {
  test("says who it is, by whose word and since when", async () => {
    const before = Math.floor(Date.now() / 1_000) * 1_000;
    const { attempt, address } = await comeBack("ada", { fresh: true });
    const result = await signOn.finish(attempt, address);
    expect(result).toMatchObject({ ok: true, principal: { user: "ada", issuer: provider.issuer } });
    if (!result.ok) return;
    expect(result.principal.authenticatedAt).toBeGreaterThanOrEqual(before);
    expect(result.principal.authenticatedAt).toBeLessThanOrEqual(Date.now());
  });

  test("a code is good once (GHSA-7w99)", async () => {
    const { attempt, address } = await comeBack();
    expect(await signOn.finish(attempt, address)).toMatchObject({ ok: true });
    expect(await signOn.finish(attempt, address)).toMatchObject({ code: "answer_not_genuine" });
  });

  test("an answer for somebody else's attempt is refused", async () => {
    const [mine, theirs] = [await comeBack("ada"), await comeBack("eve")];
    const crossed = await signOn.finish(mine.attempt, theirs.address);
    expect(crossed).toMatchObject({ ok: false, code: "answer_not_genuine" });
  });

  test.each(["state", "nonce", "codeVerifier"] as const)("another %s is refused", async (part) => {
    const { attempt, address } = await comeBack();
    const other = await signOn.begin();
    const forged = { ...attempt, [part]: other.attempt[part] };
    expect(await signOn.finish(forged, address)).toMatchObject({ code: "answer_not_genuine" });
  });

  test("an answer that another issuer claims to have given is refused", async () => {
    const { attempt, address } = await comeBack();
    const mixed = new URL(address);
    mixed.searchParams.set("iss", "https://elsewhere.example");
    expect(await signOn.finish(attempt, mixed.href)).toMatchObject({ code: "answer_not_genuine" });
  });

  test.each([
    ["with a changed signature", (token: string) => flipLast(token)],
    ["that is signed by nobody", (token: string) => unsigned(token)],
  ])("a token %s is refused, although it came from the provider's address", async (_, change) => {
    const tampered = new OidcSignOn({
      provider: await provider.discover(async (url, options) => {
        const response = await fetch(url, options as RequestInit);
        if (!String(url).endsWith("/token")) return response;
        const body = (await response.json()) as { id_token: string };
        return Response.json({ ...body, id_token: change(body.id_token) });
      }),
      redirectUri: provider.redirectUri,
    });
    const { url, attempt } = await tampered.begin();
    const address = await provider.browser().signOn(url, "ada");
    expect(await tampered.finish(attempt, address)).toMatchObject({ code: "answer_not_genuine" });
  });

  test("whoever says no at the provider is nobody here", async () => {
    const { url, attempt } = await signOn.begin();
    const address = await provider.browser().abort(url);
    expect(await signOn.finish(attempt, address)).toMatchObject({ code: "provider_refused" });
  });

  test("an attempt is good for ten minutes", async () => {
    const { attempt, address } = await comeBack();
    const late = new OidcSignOn({
      provider: await provider.discover(),
      redirectUri: provider.redirectUri,
      clock: () => Date.now() + 10 * 60_000 + 1_000,
    });
    expect(await late.finish(attempt, address)).toMatchObject({ code: "attempt_expired" });
  });

  test("a step-up asks again although the browser is signed on, and an older proof is refused", async () => {
    const browser = provider.browser();
    const first = await comeBack("ada", {}, browser);
    const known = await signOn.finish(first.attempt, first.address);
    const again = await comeBack("ada", { fresh: true }, browser);
    const fresh = await signOn.finish(again.attempt, again.address);
    expect([known.ok, fresh.ok]).toEqual([true, true]);

    // As a provider would answer that ignores what it was asked: the proof is of before.
    const ignored = await comeBack("ada", {}, browser);
    const later = { ...ignored.attempt, fresh: true, startedAt: Date.now() + 60_000 };
    expect(await signOn.finish(later, ignored.address)).toMatchObject({ code: "proof_too_old" });
  });

  test("a weaker kind of proof than was asked for is refused", async () => {
    const { attempt, address } = await comeBack("ada", { assurance: "phr" });
    expect(await signOn.finish(attempt, address)).toMatchObject({ code: "assurance_too_low" });
  });

  test("where the browser came back to is not where it is sent next", async () => {
    const { attempt, address } = await comeBack();
    const elsewhere = new URL(address);
    elsewhere.host = "evil.example";
    // Only the query counts, so the answer is that of the registered address.
    expect(await signOn.finish(attempt, elsewhere.href)).toMatchObject({ ok: true });
  });

  test("a provider that can't be reached is an error and nobody's refusal", async () => {
    const { url, attempt } = await signOn.begin();
    const address = await provider.browser().signOn(url, "ada");
    const gone = new OidcSignOn({
      provider: await provider.discover(async (at, options) => {
        if (String(at).endsWith("/token")) throw new TypeError("fetch failed");
        return fetch(at, options as RequestInit);
      }),
      redirectUri: provider.redirectUri,
    });
    await expect(gone.finish(attempt, address)).rejects.toThrow("fetch failed");
  });

  test("a scope without openid is a mistake of the host", async () => {
    const discovered = await provider.discover();
    expect(
      () => new OidcSignOn({ provider: discovered, redirectUri: "https://a.b", scope: "email" }),
    ).toThrow(RangeError);
  });
});

test("the same user id of two providers is two people (GHSA-g38m)", () => {
  const [one, other] = ["https://one.example", "https://other.example"];
  expect(principalKey({ issuer: one, user: "42" })).not.toBe(
    principalKey({ issuer: other, user: "42" }),
  );
  // Nor can one be written so that it reads like the other.
  expect(principalKey({ issuer: "a", user: 'b","c' })).not.toBe(
    principalKey({ issuer: 'a","b', user: "c" }),
  );
});

const flipLast = (token: string): string => {
  const [header, claims, signature = ""] = token.split(".");
  const at = signature.length >> 1;
  const flipped = signature[at] === "A" ? "B" : "A";
  return [header, claims, signature.slice(0, at) + flipped + signature.slice(at + 1)].join(".");
};

const unsigned = (token: string): string => {
  const header = Buffer.from(JSON.stringify({ alg: "none" })).toString("base64url");
  return [header, token.split(".")[1], ""].join(".");
};
