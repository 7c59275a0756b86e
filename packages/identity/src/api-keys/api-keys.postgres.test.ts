import { describe, expect, test } from "vitest";
import { confirmed } from "../step-up/testing/step-up-suite.ts";
import { onPostgres } from "../testing/identity-databases.ts";
import { fiftyTimes } from "../testing/test-identity.ts";
import { apiKeyVerifier } from "./api-key-verifier.ts";
import { apiKeyCreation, createApiKey } from "./create-api-key.ts";
import { revokeApiKey } from "./revoke-api-key.ts";
import { apiKeyRotation, rotateApiKey } from "./rotate-api-key.ts";
import { describeApiKeys, hmacOf, withApiKeys } from "./testing/api-key-suite.ts";

await onPostgres((fresh) => {
  describeApiKeys("PostgreSQL", fresh);

  describe("fifty times at once", () => {
    test("a user gets thirty keys and no more, another one after one was revoked", async () => {
      const { identity, session, tryCreate } = await withApiKeys(fresh);
      const made = await fiftyTimes(async (n) => {
        const wish = { label: `bot ${n}`, permissions: ["read"] } as const;
        const elevation = await confirmed(identity, session, apiKeyCreation(wish));
        return createApiKey(identity, { session, elevation, wish });
      });
      const keys = made.filter((key) => key.ok);
      expect(keys).toHaveLength(30);
      const wish = { label: "one more", permissions: ["read"] } as const;
      expect(await tryCreate(wish)).toMatchObject({ code: "api_keys_too_many" });
      await revokeApiKey(identity, { user: session.user, apiKey: keys[0]?.apiKey ?? "" });
      expect((await tryCreate(wish)).ok).toBe(true);
    });

    test("a key is replaced by one key", async () => {
      const { identity, session, create } = await withApiKeys(fresh);
      const replacement = { replaced: (await create()).apiKey };
      const replaced = await fiftyTimes(async () => {
        const elevation = await confirmed(identity, session, apiKeyRotation(replacement));
        return rotateApiKey(identity, { session, elevation, replacement });
      });
      expect(replaced.filter(({ ok }) => ok)).toHaveLength(1);
    });

    test("a key is read once for all requests that come while it is read", async () => {
      const { identity, create } = await withApiKeys(fresh);
      const { apiKey, secret } = await create();
      let opened = 0;
      const personalData: typeof identity.personalData = {
        ...identity.personalData,
        open(...args) {
          opened++;
          return identity.personalData.open(...args);
        },
      };
      const verifier = apiKeyVerifier({ ...identity, personalData });
      const verified = await fiftyTimes(() =>
        verifier.verify({ apiKey, payload: "x", signature: hmacOf(secret, "x") }),
      );
      expect(verified.every(({ ok }) => ok)).toBe(true);
      expect(opened).toBe(1);
    });
  });
});
