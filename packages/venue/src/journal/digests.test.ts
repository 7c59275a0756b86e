import { hash } from "node:crypto";
import { crc32 as nodeCrc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { crc32 } from "./crc32.ts";
import { portableDigests } from "./digests.ts";

const { sha256 } = portableDigests;

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("CRC-32", () => {
  test("gives the check value of its catalogue", () => {
    expect(crc32(ascii("123456789"))).toBe(0xcbf43926);
  });

  test("equals zlib's on any bytes, in one piece or two", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(300), (bytes, cut) => {
        const whole = crc32(bytes);
        expect(whole).toBe(nodeCrc32(bytes));
        expect(crc32(bytes.subarray(cut), crc32(bytes.subarray(0, cut)))).toBe(whole);
      }),
    );
  });
});

describe("SHA-256", () => {
  test("gives the digests of FIPS 180-4's examples", () => {
    expect(hex(sha256(ascii("abc")))).toBe(
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
    expect(hex(sha256(new Uint8Array()))).toBe(
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    );
  });

  test("equals Node's on any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(hex(sha256(bytes))).toBe(hash("sha256", bytes, "hex"));
      }),
    );
  });
});
