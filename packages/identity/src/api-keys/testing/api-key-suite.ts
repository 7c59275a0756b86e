import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { describe, expect, test } from "vitest";
import { setSecurityHold } from "../../security-holds/security-hold.ts";
import { confirmed } from "../../step-up/testing/step-up-suite.ts";
import type { FreshDatabase } from "../../testing/identity-databases.ts";
import { testIdentity } from "../../testing/test-identity.ts";
import { apiKeyAuthenticator } from "../api-key-authenticator.ts";
import type { ApiKeyWish } from "../api-key-terms.ts";
import { apiKeyVerifier } from "../api-key-verifier.ts";
import { apiKeyCreation, createApiKey } from "../create-api-key.ts";
import { listApiKeys } from "../list-api-keys.ts";
import { provisionApiKey } from "../provision-api-key.ts";
import { revokeAllApiKeys, revokeApiKey } from "../revoke-api-key.ts";
import { type ApiKeyReplacement, apiKeyRotation, rotateApiKey } from "../rotate-api-key.ts";

const DAY = 86_400_000;
const PAYLOAD = "symbol=BTCUSDT&timestamp=1";
const BOT: ApiKeyWish = { label: "bot", permissions: ["read", "trade"] };

export const hmacOf = (secret: string | undefined, payload = PAYLOAD): string =>
  createHmac("sha256", secret ?? "")
    .update(payload)
    .digest("hex");

/** A user who makes keys. */
export const withApiKeys = async (fresh: FreshDatabase) => {
  const identity = await testIdentity(await fresh());
  const session = { id: "ses_1", user: await identity.user("usr_alice") };
  const tryCreate = async (wish: ApiKeyWish, by = session) => {
    const elevation = await confirmed(identity, by, apiKeyCreation(wish));
    return createApiKey(identity, { session: by, elevation, wish });
  };
  const create = async (wish: ApiKeyWish = BOT, by = session) => {
    const made = await tryCreate(wish, by);
    if (!made.ok) throw new Error(made.code);
    return made;
  };
  const rotate = async (replacement: ApiKeyReplacement, overlap?: number) => {
    const elevation = await confirmed(identity, session, apiKeyRotation(replacement));
    const more = overlap === undefined ? {} : { overlap };
    return rotateApiKey(identity, { session, elevation, replacement, ...more });
  };
  return { identity, session, tryCreate, create, rotate };
};

/** What API keys promise on every database. */
export const describeApiKeys = (name: string, fresh: FreshDatabase): void => {
  describe(`an API key on ${name}`, () => {
    test("with a secret signs by HMAC, and its secret is kept nowhere in clear", async () => {
      const { identity, create } = await withApiKeys(fresh);
      const { apiKey, secret } = await create();
      expect(apiKey).toMatch(/^pxk_[0-9a-z]{26}$/);
      expect(secret).toMatch(/^pxks_[A-Za-z0-9_-]{43}$/);
      const verifier = apiKeyVerifier(identity);
      const signed = { apiKey, payload: PAYLOAD, signature: hmacOf(secret) };
      const holder = { apiKey, user: "usr_alice", permissions: ["read", "trade"] };
      expect(await verifier.verify(signed)).toEqual({ ok: true, holder });
      const upper = { ...signed, signature: signed.signature.toUpperCase() };
      expect((await verifier.verify(upper)).ok).toBe(true);
      const row = await identity.db.selectFrom("identity_api_key").selectAll().executeTakeFirst();
      expect(Buffer.from(row?.secret ?? []).includes(secret ?? "")).toBe(false);
      const told = await identity.db.selectFrom("identity_outbox").select("kind").execute();
      expect(told).toEqual([{ kind: "api_key_created" }]);
    });

    test("with a public key signs by Ed25519 or RSA, and nothing secret is known here", async () => {
      const { identity, create } = await withApiKeys(fresh);
      const verifier = apiKeyVerifier(identity);
      const pairs = [
        generateKeyPairSync("ed25519"),
        generateKeyPairSync("rsa", { modulusLength: 2_048 }),
      ];
      for (const { privateKey, publicKey } of pairs) {
        const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
        const { apiKey, secret } = await create({ ...BOT, publicKey: pem });
        expect(secret).toBeUndefined();
        const digest = privateKey.asymmetricKeyType === "rsa" ? "sha256" : null;
        const signature = sign(digest, Buffer.from(PAYLOAD), privateKey).toString("base64");
        const signed = { apiKey, payload: PAYLOAD, signature };
        expect((await verifier.verify(signed)).ok).toBe(true);
        const changed = { ...signed, payload: `${PAYLOAD}0` };
        expect(await verifier.verify(changed)).toMatchObject({ code: "signature_invalid" });
      }
    });

    test.each<[string, Partial<ApiKeyWish>, string]>([
      ["no label", { label: "" }, "label_malformed"],
      ["a label with a line end", { label: "a\nb" }, "label_malformed"],
      ["no permission", { permissions: [] }, "permissions_malformed"],
      ["a permission twice", { permissions: ["read", "read"] }, "permissions_malformed"],
      ["an unknown permission", { permissions: ["root" as "read"] }, "permissions_malformed"],
      ["withdrawals from anywhere", { permissions: ["withdraw"] }, "networks_needed"],
      ["a malformed network", { networks: ["192.0.2"] }, "network_malformed"],
      ["all the world", { networks: ["0.0.0.0/0"] }, "network_too_wide"],
      ["too many networks", { networks: Array(31).fill("192.0.2.7") }, "networks_too_many"],
      ["no public key", { publicKey: "ssh-ed25519 AAAA" }, "public_key_malformed"],
      ["an end that is over", { expiresAt: 1 }, "expiry_in_the_past"],
      ["91 days from anywhere", { expiresAt: 1_795_600_000_000 + 91 * DAY }, "expiry_too_late"],
    ])("is not made with %s", async (_, part, code) => {
      const { identity, tryCreate } = await withApiKeys(fresh);
      expect(await tryCreate({ ...BOT, ...part })).toMatchObject({ ok: false, code });
      expect(await identity.db.selectFrom("identity_api_key").select("id").execute()).toEqual([]);
    });

    test("is not made with a private key, or one of another kind or size", async () => {
      const { tryCreate } = await withApiKeys(fresh);
      const ed = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" });
      const asked = await tryCreate({ ...BOT, publicKey: ed.toString() });
      expect(asked).toMatchObject({ code: "public_key_private" });
      for (const { publicKey } of [
        generateKeyPairSync("ec", { namedCurve: "P-256" }),
        generateKeyPairSync("rsa", { modulusLength: 1_024 }),
      ]) {
        const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
        const refused = await tryCreate({ ...BOT, publicKey: pem });
        expect(refused).toMatchObject({ code: "public_key_kind" });
      }
    });

    test("is made only as it was confirmed, by whom it was confirmed (CVE-2025-61928)", async () => {
      const { identity, session } = await withApiKeys(fresh);
      await identity.user("usr_mallory");
      const elevation = await confirmed(identity, session, apiKeyCreation(BOT));
      const attempts = [
        {
          session,
          wish: {
            ...BOT,
            permissions: ["read", "trade", "withdraw"] as const,
            networks: ["192.0.2.7"],
          },
        },
        { session, wish: { ...BOT, networks: ["192.0.2.7"] } },
        { session: { id: "ses_1", user: "usr_mallory" }, wish: BOT },
        { session: { id: "ses_2", user: "usr_alice" }, wish: BOT },
      ];
      for (const attempt of attempts) {
        const refused = await createApiKey(identity, { ...attempt, elevation });
        expect(refused.ok).toBe(false);
      }
      expect((await createApiKey(identity, { session, elevation, wish: BOT })).ok).toBe(true);
      const again = await createApiKey(identity, { session, elevation, wish: BOT });
      expect(again).toMatchObject({ code: "elevation_used" });
    });

    test("with a list of networks is used from there alone, and never where nobody says from where", async () => {
      const { identity, create } = await withApiKeys(fresh);
      const wish = { ...BOT, networks: ["192.0.2.0/24", "2001:db8::/64", "::ffff:192.0.2.0/120"] };
      const { apiKey, secret, expiresAt } = await create(wish);
      expect(expiresAt).toBeUndefined();
      const verifier = apiKeyVerifier(identity);
      const from = (address?: string) =>
        verifier.verify({ apiKey, payload: PAYLOAD, signature: hmacOf(secret), address });
      for (const address of ["192.0.2.7", "::ffff:192.0.2.7", "2001:db8::9"]) {
        expect((await from(address)).ok).toBe(true);
      }
      for (const address of ["192.0.3.7", "2001:db8:1::9", "192.0.2.7, 192.0.3.7", "", undefined]) {
        expect(await from(address)).toMatchObject({ code: "address_not_allowed" });
      }
      const [listed] = await listApiKeys(identity, "usr_alice");
      expect(listed?.networks).toEqual(["192.0.2.0/24", "2001:db8::/64"]);
    });

    test("says nothing of itself to whoever has no signature", async () => {
      const { identity, create } = await withApiKeys(fresh);
      const { apiKey } = await create({
        ...BOT,
        networks: ["192.0.2.7"],
        expiresAt: identity.time.now + 1,
      });
      identity.time.advance(1);
      const verifier = apiKeyVerifier(identity);
      for (const signature of ["", "00".repeat(32), "x", "é".repeat(64), "0".repeat(63)]) {
        const verified = await verifier.verify({ apiKey, payload: PAYLOAD, signature });
        expect(verified).toMatchObject({ code: "signature_invalid" });
      }
    });

    test("malformed ids and signatures are refused, never thrown (GHSA-xmf8)", async () => {
      const { identity } = await withApiKeys(fresh);
      const verifier = apiKeyVerifier(identity);
      for (const apiKey of ["", "pxk_", "\0", "pxk_' or true --", "__proto__", "x".repeat(9_999)]) {
        const verified = await verifier.verify({ apiKey, payload: PAYLOAD, signature: "00" });
        expect(verified).toMatchObject({ ok: false, code: "api_key_unknown" });
      }
    });

    test("without networks ends after ninety days, to the millisecond", async () => {
      const { identity, create } = await withApiKeys(fresh);
      const { apiKey, secret, expiresAt } = await create();
      expect(expiresAt).toBe(identity.time.now + 90 * DAY);
      const verifier = apiKeyVerifier(identity);
      const verify = () => verifier.verify({ apiKey, payload: PAYLOAD, signature: hmacOf(secret) });
      identity.time.now = (expiresAt ?? 0) - 1;
      expect((await verify()).ok).toBe(true);
      identity.time.advance(1);
      expect(await verify()).toMatchObject({ code: "api_key_expired" });
      expect(await listApiKeys(identity, "usr_alice")).toEqual([]);
    });

    test("that was revoked is refused here at once, and in another process within five seconds", async () => {
      const { identity, create } = await withApiKeys(fresh);
      const { apiKey, secret } = await create();
      const [here, there] = [apiKeyVerifier(identity), apiKeyVerifier(identity)];
      const signed = { apiKey, payload: PAYLOAD, signature: hmacOf(secret) };
      await Promise.all([here.verify(signed), there.verify(signed)]);
      expect(await revokeApiKey(identity, { user: "usr_alice", apiKey })).toEqual({ ok: true });
      here.forget(apiKey);
      expect(await here.verify(signed)).toMatchObject({ code: "api_key_unknown" });
      identity.time.advance(5_000);
      expect(await there.verify(signed)).toMatchObject({ code: "api_key_unknown" });
    });

    test("is revoked by its owner alone (GHSA-4vcf), and all at once by the kill switch", async () => {
      const { identity, create } = await withApiKeys(fresh);
      await identity.user("usr_mallory");
      const [one] = [await create(), await create({ ...BOT, label: "other" })];
      const theft = await revokeApiKey(identity, { user: "usr_mallory", apiKey: one.apiKey });
      expect(theft).toMatchObject({ code: "api_key_unknown" });
      expect(await revokeAllApiKeys(identity, "usr_mallory")).toBe(0);
      expect(await listApiKeys(identity, "usr_alice")).toHaveLength(2);
      expect(await revokeAllApiKeys(identity, "usr_alice")).toBe(2);
      expect(await listApiKeys(identity, "usr_alice")).toEqual([]);
    });

    test.each(["frozen", "erased"] as const)(
      "does nothing for a user who is %s (GHSA-2vg6)",
      async (status) => {
        const { identity, create } = await withApiKeys(fresh);
        const { apiKey, secret } = await create();
        const verifier = apiKeyVerifier(identity);
        const signed = { apiKey, payload: PAYLOAD, signature: hmacOf(secret) };
        expect((await verifier.verify(signed)).ok).toBe(true);
        await identity.db.updateTable("identity_user").set({ status }).execute();
        identity.time.advance(5_000);
        expect(await verifier.verify(signed)).toMatchObject({ code: "api_key_unknown" });
      },
    );

    test("is no key any more once its user's data key is destroyed", async () => {
      const { identity, create } = await withApiKeys(fresh);
      const { apiKey, secret } = await create();
      await identity.db
        .transaction()
        .execute((tx) => identity.personalData.destroy(tx, "usr_alice"));
      const verifier = apiKeyVerifier(identity);
      const verified = await verifier.verify({
        apiKey,
        payload: PAYLOAD,
        signature: hmacOf(secret),
      });
      expect(verified).toMatchObject({ code: "api_key_unknown" });
    });

    test("nobody gets in by an outage (GHSA-8fpg)", async () => {
      const { identity, create } = await withApiKeys(fresh);
      const { apiKey, secret } = await create();
      const personalData = {
        ...identity.personalData,
        open: () => Promise.reject(new Error("the key service is down")),
      };
      const verifier = apiKeyVerifier({ ...identity, personalData });
      const signed = { apiKey, payload: PAYLOAD, signature: hmacOf(secret) };
      await expect(verifier.verify(signed)).rejects.toThrow("is down");
      await expect(verifier.verify(signed)).rejects.toThrow("is down");
    });

    test("is replaced without a gap: both work during the overlap, then the new one alone", async () => {
      const { identity, create, rotate } = await withApiKeys(fresh);
      const old = await create();
      identity.time.advance(10 * DAY);
      const next = await rotate({ replaced: old.apiKey }, 60_000);
      if (!next.ok) throw new Error(next.code);
      expect(next.expiresAt).toBe(identity.time.now + 90 * DAY);
      const verifier = apiKeyVerifier(identity, { freshness: 0 });
      const verify = async ({ apiKey, secret }: { apiKey: string; secret?: string }) =>
        (await verifier.verify({ apiKey, payload: PAYLOAD, signature: hmacOf(secret) })).ok;
      expect([await verify(old), await verify(next)]).toEqual([true, true]);
      expect(await rotate({ replaced: old.apiKey })).toMatchObject({ code: "api_key_replaced" });
      identity.time.advance(60_000);
      expect([await verify(old), await verify(next)]).toEqual([false, true]);
      const listed = await listApiKeys(identity, "usr_alice");
      expect(listed).toMatchObject([
        { apiKey: next.apiKey, label: "bot", permissions: ["read", "trade"] },
      ]);
    });

    test("is not replaced by another kind, nor by a stranger, nor with too long an overlap", async () => {
      const { identity, create, rotate } = await withApiKeys(fresh);
      const other = { id: "ses_9", user: await identity.user("usr_bob") };
      const bobs = await create(BOT, other);
      expect(await rotate({ replaced: bobs.apiKey })).toMatchObject({ code: "api_key_unknown" });
      const { apiKey } = await create();
      const publicKey = generateKeyPairSync("ed25519").publicKey;
      const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
      const differs = await rotate({ replaced: apiKey, publicKey: pem });
      expect(differs).toMatchObject({ code: "api_key_kind_differs" });
      for (const overlap of [-1, 7 * DAY + 1, 0.5, Number.NaN]) {
        const refused = await rotate({ replaced: apiKey }, overlap);
        expect(refused).toMatchObject({ code: "overlap_too_long" });
      }
    });

    test("tells when it was last used, now and then", async () => {
      const { identity, create } = await withApiKeys(fresh);
      const [used, unused] = [await create(), await create({ ...BOT, label: "idle" })];
      const [one, other] = [apiKeyVerifier(identity), apiKeyVerifier(identity)];
      const signed = { apiKey: used.apiKey, payload: PAYLOAD, signature: hmacOf(used.secret) };
      await one.verify(signed);
      await one.verify({ ...signed, apiKey: unused.apiKey });
      identity.time.advance(1_234);
      await other.verify(signed);
      const last = async (apiKey: string) =>
        (await listApiKeys(identity, "usr_alice")).find((key) => key.apiKey === apiKey)?.lastUsedAt;
      expect(await last(used.apiKey)).toBeUndefined();
      await other.writeLastUsed();
      await one.writeLastUsed();
      await one.writeLastUsed();
      expect(await last(used.apiKey)).toBe(identity.time.now);
      expect(await last(unused.apiKey)).toBeUndefined();
    });

    test("is not hindered by a security hold", async () => {
      const { identity, session, tryCreate } = await withApiKeys(fresh);
      await identity.db
        .transaction()
        .execute((tx) => setSecurityHold(identity, tx, session.user, "password_changed"));
      expect((await tryCreate(BOT)).ok).toBe(true);
    });

    test("is what a gateway asks for: its holder, by the account that the host names", async () => {
      const { identity, create } = await withApiKeys(fresh);
      const wish = { ...BOT, permissions: ["read", "withdraw"], networks: ["192.0.2.7"] } as const;
      const { apiKey, secret } = await create(wish);
      const verifier = apiKeyVerifier(identity);
      const accounts = new Map([["usr_alice", { account: 7, name: "alice" }]]);
      const authenticator = apiKeyAuthenticator(verifier, async ({ user }) => accounts.get(user));
      const signed = { apiKey, payload: PAYLOAD, signature: hmacOf(secret), address: "192.0.2.7" };
      const principal = { account: 7, name: "alice", permissions: ["read"] };
      expect(await authenticator.authenticate(signed)).toEqual({ ok: true, principal });
      const refused = async (part: Partial<typeof signed>) => {
        const answer = await authenticator.authenticate({ ...signed, ...part });
        return answer.ok ? undefined : answer.code;
      };
      expect(await refused({ signature: "00" })).toBe("signature_invalid");
      expect(await refused({ address: "192.0.2.8" })).toBe("api_key_unknown");
      accounts.clear();
      expect(await refused({})).toBe("api_key_unknown");
    });

    test("that the host answers for needs no step-up, is the one that was known, and lasts", async () => {
      const { identity } = await withApiKeys(fresh);
      const known = { apiKey: "k".repeat(64), secret: "s".repeat(64) };
      const wanted = { user: "usr_alice", wish: BOT, known };
      expect(await provisionApiKey(identity, wanted)).toMatchObject({ ok: true, ...known });
      identity.time.advance(1_000 * DAY);
      const signed = { apiKey: known.apiKey, payload: PAYLOAD, signature: hmacOf(known.secret) };
      expect((await apiKeyVerifier(identity).verify(signed)).ok).toBe(true);
      for (const short of [{ apiKey: "k" }, { secret: "with a blank in it" }]) {
        const malformed = { ...wanted, known: { ...known, ...short } };
        const refused = { ok: false, code: "known_key_malformed" };
        expect(await provisionApiKey(identity, malformed)).toMatchObject(refused);
      }
      const unlabelled = { user: "usr_alice", wish: { ...BOT, label: "" } };
      expect(await provisionApiKey(identity, unlabelled)).toMatchObject({
        code: "label_malformed",
      });
    });
  });
};
