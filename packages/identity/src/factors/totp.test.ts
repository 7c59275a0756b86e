import { ScureBase32Plugin } from "otplib";
import { describe, expect, test } from "vitest";
import { DEFAULT_ACCOUNT_SETTINGS } from "../account-settings.ts";
import { seededBytes } from "../testing/test-identity.ts";
import { freshTotpSecret, totpStep, totpUri } from "./totp.ts";

/** The secret of both RFCs' vectors. */
const SECRET = new ScureBase32Plugin().encode(Buffer.from("12345678901234567890"), {
  padding: false,
});

describe("the vectors of RFC 4226, appendix D", () => {
  test.each(
    "755224 287082 359152 969429 338314 254676 287922 162583 399871 520489"
      .split(" ")
      .map((code, counter) => [counter, code] as const),
  )("counter %d is %s", (counter, code) => {
    expect(totpStep(SECRET, code, counter * 30_000, [0, 0])).toBe(counter);
  });
});

describe("the vectors of RFC 6238, appendix B, SHA-1", () => {
  test.each([
    [59, "94287082", 0x1],
    [1_111_111_109, "07081804", 0x23523ec],
    [1_111_111_111, "14050471", 0x23523ed],
    [1_234_567_890, "89005924", 0x273ef07],
    [2_000_000_000, "69279037", 0x3f940aa],
    [20_000_000_000, "65353130", 0x27bc86aa],
  ])("at %d seconds: %s", (seconds, eightDigits, step) => {
    // Of eight digits the last six are the code of six: both are the same number, cut at another place.
    expect(totpStep(SECRET, eightDigits.slice(2), seconds * 1_000, [0, 0])).toBe(step);
  });
});

describe("a code", () => {
  const NOW = 1_111_111_111_000; // one second into its step
  const step = 0x23523ed;

  test("of the step before is taken within the tolerance, one from further back or ahead is not", () => {
    expect(totpStep(SECRET, "081804", NOW, [30, 5])).toBe(step - 1);
    expect(totpStep(SECRET, "081804", NOW, [0, 0])).toBeUndefined();
    expect(totpStep(SECRET, "081804", NOW + 31_000, [30, 5])).toBeUndefined();
    expect(totpStep(SECRET, "050471", NOW - 3_000, [30, 5])).toBe(step);
    expect(totpStep(SECRET, "050471", NOW - 10_000, [30, 5])).toBeUndefined();
  });

  test.each(["", "05047", "0504710", "abcdef", "٠٥٠٤٧١", "-50471", "0x5047", "05 04 71x"])(
    "that is malformed is wrong and throws nothing: %j",
    (code) => {
      expect(totpStep(SECRET, code, NOW, [30, 5])).toBeUndefined();
    },
  );

  test("may have spaces, as authenticators show it", () => {
    expect(totpStep(SECRET, "050 471", NOW, [30, 5])).toBe(step);
  });
});

test("a secret has 160 bits and its address is what authenticators read", () => {
  const secret = freshTotpSecret(seededBytes("totp"));
  expect(new ScureBase32Plugin().decode(secret)).toHaveLength(20);
  const uri = new URL(totpUri(DEFAULT_ACCOUNT_SETTINGS.totp, "alice@example.com", secret));
  expect([uri.protocol, uri.host]).toEqual(["otpauth:", "totp"]);
  expect(decodeURIComponent(uri.pathname)).toBe("/Pincex:alice@example.com");
  expect(uri.searchParams.get("secret")).toBe(secret);
  expect(uri.searchParams.get("issuer")).toBe("Pincex");
});
