import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boundBytes, openBytes, sealBytes } from "./sealed-bytes.ts";

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

describe("for any key, nonce, binding and text", () => {
  test("what was sealed opens to what it was", () => {
    fc.assert(
      fc.property(
        bytes(32),
        bytes(12),
        fc.uint8Array(),
        fc.uint8Array({ maxLength: 300 }),
        (key, nonce, bound, plain) => {
          const opened = openBytes(key, bound, sealBytes(key, nonce, bound, plain));
          expect(Buffer.from(opened)).toEqual(Buffer.from(plain));
        },
      ),
    );
  });

  test("a byte that was changed anywhere is refused", () => {
    fc.assert(
      fc.property(
        bytes(32),
        bytes(12),
        fc.uint8Array({ maxLength: 60 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (key, nonce, plain, at, change) => {
          const bound = boundBytes("place");
          const sealed = Uint8Array.from(sealBytes(key, nonce, bound, plain));
          const index = at % sealed.length;
          sealed[index] = (sealed[index] ?? 0) ^ change;
          expect(() => openBytes(key, bound, sealed)).toThrow();
          expect(() => openBytes(key, bound, sealed.subarray(0, index))).toThrow();
        },
      ),
    );
  });

  test("different texts never bind to the same bytes", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.array(fc.string()), (one, other) => {
        const same = Buffer.from(boundBytes(...one)).equals(boundBytes(...other));
        expect(same).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
    );
  });
});
