import { describe, expect, test } from "vitest";
import { isIn, isTooWide, networkText, parseNetwork } from "./network-list.ts";

describe("a network of an allow-list", () => {
  test.each([
    ["192.0.2.7", "192.0.2.7/32"],
    ["192.0.2.0/24", "192.0.2.0/24"],
    ["::ffff:192.0.2.7", "192.0.2.7/32"],
    ["::ffff:c000:0207", "192.0.2.7/32"],
    ["::ffff:192.0.2.0/120", "192.0.2.0/24"],
    ["2001:DB8:0::/48", "2001:db8::/48"],
    ["2001:db8::1", "2001:db8::1/128"],
  ])("%s is %s", (text, canonical) => {
    const network = parseNetwork(text);
    expect(network && networkText(network)).toBe(canonical);
  });

  test.each([
    "",
    "localhost",
    "127.1",
    "0177.0.0.1",
    "2130706433",
    "192.0.2.256",
    "192.0.2.7/24",
    "192.0.2.0/33",
    "192.0.2.0/024",
    "192.0.2.0/-1",
    "192.0.2.0/24/8",
    "fe80::1%eth0",
    "::ffff:192.0.2.0/24",
    "2001:db8::1/48",
  ])("%j is none", (text) => {
    expect(parseNetwork(text)).toBeUndefined();
  });

  test("has an address however it is written, and no other (CVE-2026-45364)", () => {
    const networks = ["192.0.2.0/24", "2001:db8:1::/64"].map((text) => {
      const network = parseNetwork(text);
      if (network === undefined) throw new Error(text);
      return network;
    });
    const inside = ["192.0.2.255", "::ffff:192.0.2.1", "::FFFF:c000:0201", "2001:db8:1:0:9::1"];
    const outside = [
      "192.0.3.1",
      "::ffff:192.0.3.1",
      "::192.0.2.1",
      "2001:db8:1:1::1",
      "192.0.2",
      "",
    ];
    expect(inside.filter((address) => !isIn(networks, address))).toEqual([]);
    expect(outside.filter((address) => isIn(networks, address))).toEqual([]);
  });

  test("that names half the world is too wide", () => {
    const wide = ["0.0.0.0/0", "128.0.0.0/1", "10.0.0.0/15", "::/0", "::ffff:0:0/96"];
    const narrow = ["10.0.0.0/16", "2001:db8::/32", "192.0.2.7"];
    const tooWide = (text: string) => {
      const network = parseNetwork(text);
      return network === undefined || isTooWide(network);
    };
    expect(wide.filter((text) => !tooWide(text))).toEqual([]);
    expect(narrow.filter(tooWide)).toEqual([]);
  });
});
