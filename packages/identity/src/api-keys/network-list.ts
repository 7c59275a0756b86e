import ipaddr from "ipaddr.js";

/** A range of addresses. IPv4 that is written as IPv6 (`::ffff:192.0.2.7`) is IPv4. */
export type Network = readonly [address: ipaddr.IPv4 | ipaddr.IPv6, bits: number];

const ALL_BITS = { ipv4: 32, ipv6: 128 } as const;

/** Bits before an IPv4 address that is mapped into IPv6. */
const MAPPED_BITS = 96;

/**
 * An address in its one form; undefined for what is none, such as `127.1` or `fe80::1%eth0`, which mean other things elsewhere.
 * `::192.0.2.7` is none either: the library reads it as IPv4, while to a socket it is IPv6.
 */
const parseAddress = (text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined => {
  const wellFormed = text.includes(":")
    ? ipaddr.IPv6.isValid(text) && !/%|^::\d+\./.test(text)
    : ipaddr.IPv4.isValidFourPartDecimal(text);
  return wellFormed ? ipaddr.process(text) : undefined;
};

/** A network as `192.0.2.0/24`, or one address; undefined for what is neither, or has bits set behind its prefix. */
export const parseNetwork = (text: string): Network | undefined => {
  const [address = "", prefix, ...rest] = text.split("/");
  const parsed = parseAddress(address);
  if (parsed === undefined || rest.length > 0) return undefined;
  const all = ALL_BITS[parsed.kind()];
  if (prefix === undefined) return [parsed, all];
  if (!/^(0|[1-9]\d{0,2})$/.test(prefix)) return undefined;
  const isMapped = address.includes(":") && parsed.kind() === "ipv4";
  const bits = Number(prefix) - (isMapped ? MAPPED_BITS : 0);
  return bits >= 0 && bits <= all && isNetworkAddress(parsed, bits) ? [parsed, bits] : undefined;
};

const isNetworkAddress = (address: ipaddr.IPv4 | ipaddr.IPv6, bits: number): boolean =>
  address.toByteArray().every((byte, index) => {
    const kept = Math.min(Math.max(bits - index * 8, 0), 8);
    return (byte & (0xff >> kept)) === 0;
  });

/** A network as text, the same for every way to write it. */
export const networkText = ([address, bits]: Network): string => `${address.toString()}/${bits}`;

/** The least bits that a network fixes, so that a list still names somebody: an IPv4 /16, an IPv6 /32. */
const LEAST_BITS = { ipv4: 16, ipv6: 32 } as const;

export const isTooWide = ([address, bits]: Network): boolean => bits < LEAST_BITS[address.kind()];

/** Whether an address lies in one of the networks. What is no address lies in none. */
export const isIn = (networks: readonly Network[], text: string): boolean => {
  const address = parseAddress(text);
  if (address === undefined) return false;
  return networks.some(
    ([network, bits]) => network.kind() === address.kind() && address.match(network, bits),
  );
};
