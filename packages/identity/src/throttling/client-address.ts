import ipaddr from "ipaddr.js";

/**
 * An address as one client has it: IPv4 as it is, also where it comes mapped into IPv6; of IPv6 the /64, because whoever has one
 * address has all 2^64. Every way to write an address gives the same text. Throws a `RangeError` for what is none.
 *
 * @example
 * clientNetwork("2001:db8:0:0:1::1"); // => "2001:db8::/64"
 * clientNetwork("::ffff:192.0.2.7"); // => "192.0.2.7"
 */
export const clientNetwork = (address: string): string => {
  const parsed = parse(address);
  if (parsed === undefined) throw new RangeError("expected an IP address");
  if (parsed.kind() === "ipv4") return parsed.toString();
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toNormalizedString().replace(/%.*$/, "")}/64`)}/64`;
};

/**
 * Who sent a request that came through proxies: the last address of `X-Forwarded-For` that isn't one of ours, because everything before
 * it is what a stranger wrote. Without trusted proxies, the peer itself.
 *
 * `trusted` are networks in CIDR notation, as `10.0.0.0/8`.
 */
export const clientAddress = (
  peer: string,
  forwardedFor: string | undefined,
  trusted: readonly string[],
): string => {
  const chain = [...(forwardedFor ?? "").split(",").map((part) => part.trim()), peer];
  let client = peer;
  for (const hop of chain.reverse()) {
    if (parse(hop) === undefined) return client;
    client = hop;
    if (!isWithin(hop, trusted)) return client;
  }
  return client;
};

const isWithin = (address: string, networks: readonly string[]): boolean => {
  const parsed = parse(address);
  return networks.some((network) => {
    const [range, bits] = ipaddr.parseCIDR(network);
    return parsed?.kind() === range.kind() && parsed.match(range, bits);
  });
};

/** `process` unmaps what is mapped. Notations of four decimal parts only: 0177.1 is an address to some and not to others. */
const parse = (address: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined => {
  if (!ipaddr.isValid(address)) return undefined;
  if (!address.includes(":") && !ipaddr.IPv4.isValidFourPartDecimal(address)) return undefined;
  return ipaddr.process(address);
};
