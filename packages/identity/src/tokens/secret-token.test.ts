import { describe, expect, test } from "vitest";
import { mintToken, TOKEN_PREFIXES, type TokenKind, tokenHash } from "./secret-token.ts";

const kinds = Object.keys(TOKEN_PREFIXES) as TokenKind[];
const zeros = (length: number) => new Uint8Array(length);

describe("a token", () => {
  test("is a prefix and 256 bits, and is found by its hash", () => {
    const { token, hash } = mintToken("session", zeros);
    expect(token).toBe(`pxs_${"A".repeat(43)}`);
    expect(tokenHash("session", token)).toEqual(hash);
    expect(hash).toHaveLength(32);
  });

  test("of one kind is none of another", () => {
    expect(new Set(Object.values(TOKEN_PREFIXES)).size).toBe(kinds.length);
    for (const kind of kinds) {
      const { token } = mintToken(kind, zeros);
      expect(kinds.filter((other) => tokenHash(other, token) !== undefined)).toEqual([kind]);
    }
  });

  test.each([
    undefined,
    null,
    42,
    {},
    [],
    "",
    "pxs_",
    "Bearer",
    "pxs_\u0000",
    `pxs_${"A".repeat(42)}`,
    `pxs_${"A".repeat(44)}`,
    `pxs_${"A".repeat(42)}=`,
    `PXS_${"A".repeat(43)}`,
    `pxs_${"A".repeat(43)}\n`,
    "pxs_".repeat(1_000_000),
  ])("that is malformed has no hash and throws nothing (GHSA-xmf8): case %#", (token) => {
    expect(tokenHash("session", token)).toBeUndefined();
  });
});
