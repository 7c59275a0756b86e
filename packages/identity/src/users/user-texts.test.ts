import { describe, expect, test } from "vitest";
import { displayName } from "./display-name.ts";
import { emailAddress } from "./email-address.ts";
import { phoneNumber } from "./phone-number.ts";

describe("an e-mail address", () => {
  test.each([
    ["alice@example.com", "alice@example.com"],
    [" Alice.B+tag@Example.COM ", "alice.b+tag@example.com"],
    ["ａｌｉｃｅ＠ｅｘａｍｐｌｅ．ｃｏｍ", "alice@example.com"],
    ["alice@münchen.example", "alice@xn--mnchen-3ya.example"],
    ["alice@xn--mnchen-3ya.example", "alice@xn--mnchen-3ya.example"],
  ])("%s is looked for as %s", (text, key) => {
    expect(emailAddress(text)?.key).toBe(key);
  });

  test.each([
    "",
    "@",
    "alice",
    "alice@",
    "@example.com",
    "alice@localhost",
    "alice@example..com",
    ".alice@example.com",
    "al..ice@example.com",
    "alice@evil.example@example.com",
    // GHSA-7rqj: a second @ that only shows after normalisation.
    "alice@evil.example＠example.com",
    "Alice <alice@example.com>",
    "alice@example.com, bob@example.com",
    "alice@example.com\r\nBcc: bob@example.com",
    `${"a".repeat(65)}@example.com`,
    `a@${"b.".repeat(130)}com`,
    "a".repeat(1_000_000),
  ])("is none: case %#", (text) => {
    expect(emailAddress(text)).toBeUndefined();
  });

  test("with letters that only look like ASCII is no other address's double (GHSA-7rqj)", () => {
    // Cyrillic а in the local part is refused; in the domain it is another domain, and shown as one.
    expect(emailAddress("\u0430lice@example.com")).toBeUndefined();
    expect(emailAddress("alice@ex\u0430mple.com")?.written).toBe("alice@xn--exmple-4nf.com");
    // The Kelvin sign is a k after normalisation, and then the same address.
    expect(emailAddress("\u212Aim@example.com")?.key).toBe("kim@example.com");
  });
});

test.each([
  ["+43 664 1234567", "+436641234567"],
  ["+1 (212) 555-0100", "+12125550100"],
  ["0664 1234567", undefined],
  ["+0664123", undefined],
  ["+123456", undefined],
  ["+1234567890123456", undefined],
])("the phone number %s is %s", (text, number) => {
  expect(phoneNumber(text)).toBe(number);
});

test.each([
  [" Ana María ", "Ana María"],
  ["李小龍", "李小龍"],
  ["", undefined],
  ["a\u202Eb", undefined],
  ["a\nb", undefined],
  ["x".repeat(101), undefined],
])("the name %j is shown as %j", (text, name) => {
  expect(displayName(text)).toBe(name);
});
