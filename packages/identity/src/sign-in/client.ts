import { clientNetwork } from "../throttling/client-address.ts";

/** Who sends a request, as far as that can be seen. */
export interface Client {
  /** The IP address, as the host found it: behind proxies, by `clientAddress`. */
  readonly address: string;
  /** The token of a device that signed in before, from its long-lived cookie. It opens nothing: it only tells the owner's device from a stranger's. */
  readonly deviceToken?: string | undefined;
  /** What the client calls itself, as its `User-Agent`. */
  readonly name?: string | undefined;
}

const LONGEST_NAME = 200;

/** A name that can be listed, whatever was sent. */
export const clientName = ({ name = "" }: Client): string =>
  [...name.replace(/\p{C}/gu, "")].slice(0, LONGEST_NAME).join("") || "unknown";

export const networkOf = ({ address }: Client): string => clientNetwork(address);
