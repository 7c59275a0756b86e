import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { sha256 } from "../proofs/entry-seal.ts";
import { nativeSha256 } from "./native-sha256.ts";

test("SHA-256 of Node's own is used here, and is what JavaScript computes anywhere", () => {
  expect(nativeSha256).not.toBe(sha256);
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 300 }),
      fc.integer({ min: 0, max: 20 }),
      (memory, from) => {
        const bytes = memory.subarray(from);
        const hash = nativeSha256(bytes);
        expect(hash).toEqual(sha256(bytes));
        expect(Buffer.from(hash)).toEqual(createHash("sha256").update(bytes).digest());
      },
    ),
  );
});
