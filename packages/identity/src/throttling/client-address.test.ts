import { describe, expect, test } from "vitest";
import { clientAddress, clientNetwork } from "./client-address.ts";

describe("the network of a client", () => {
  test.each([
    ["192.0.2.7", "192.0.2.7"],
    ["::ffff:192.0.2.7", "192.0.2.7"],
    ["::FFFF:c000:207", "192.0.2.7"],
    ["0:0:0:0:0:ffff:c000:0207", "192.0.2.7"],
    ["2001:db8::1", "2001:db8::/64"],
    ["2001:DB8:0:0:ffff:ffff:ffff:ffff", "2001:db8::/64"],
    ["2001:0db8:0000:0000:0000:0000:0000:0002", "2001:db8::/64"],
    ["2001:db8:0:1::1", "2001:db8:0:1::/64"],
    ["fe80::1%eth0", "fe80::/64"],
    ["::1", "::/64"],
  ])(
    "an IPv6 client is its /64 and an alias is no other client (CVE-2026-45364): %s",
    (address, network) => {
      expect(clientNetwork(address)).toBe(network);
    },
  );

  test.each(["", "localhost", "192.0.2", "0300.0.2.7", "3221225991", "192.0.2.7:80", "1::2::3"])(
    "what is no address is none: %s",
    (address) => {
      expect(() => clientNetwork(address)).toThrow(RangeError);
    },
  );
});

describe("the client of a request", () => {
  const trusted = ["10.0.0.0/8", "fd00::/8"];
  test.each([
    ["198.51.100.1", undefined, "198.51.100.1"],
    ["198.51.100.1", "203.0.113.9", "198.51.100.1"],
    ["10.0.0.1", "203.0.113.9", "203.0.113.9"],
    ["10.0.0.1", "1.2.3.4, 203.0.113.9", "203.0.113.9"],
    ["10.0.0.1", "1.2.3.4, 203.0.113.9, 10.0.0.2", "203.0.113.9"],
    ["10.0.0.1", "10.9.9.9, 10.0.0.2", "10.9.9.9"],
    ["10.0.0.1", "1.2.3.4, nonsense, 10.0.0.2", "10.0.0.2"],
    ["10.0.0.1", "", "10.0.0.1"],
    ["::ffff:10.0.0.1", "203.0.113.9", "203.0.113.9"],
    ["fd00::1", "2001:db8::9", "2001:db8::9"],
  ])(
    "is the last hop that isn't ours, whatever a stranger put before it (#10203): %s, %s",
    (peer, forwarded, client) => {
      expect(clientAddress(peer, forwarded, trusted)).toBe(client);
    },
  );

  test("is the peer where no proxy is trusted", () => {
    expect(clientAddress("198.51.100.1", "127.0.0.1", [])).toBe("198.51.100.1");
  });
});
