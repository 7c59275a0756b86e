import { createHmac } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { hmacSha256 } from "./hmac-sha256.ts";

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.nat(3_000).map((length) => "é€x".repeat(length)),
);

test("for any secret and texts, is what OpenSSL makes of them", () => {
  fc.assert(
    fc.property(text, fc.array(text, { minLength: 1, maxLength: 3 }), (secret, texts) => {
      const hmac = hmacSha256(secret);
      for (const said of texts) {
        expect(hmac(said)).toBe(createHmac("sha256", secret).update(said, "utf8").digest("hex"));
      }
    }),
  );
});
