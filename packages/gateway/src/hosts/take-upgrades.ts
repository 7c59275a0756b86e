import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Gateway } from "../gateway.ts";

/** What of a server of `node:http` or `node:https` is used here. */
export interface UpgradingServer {
  on(
    event: "upgrade",
    listener: (request: IncomingMessage, socket: Duplex, head: Buffer) => void,
  ): unknown;
  listenerCount(event: "upgrade"): number;
}

/**
 * Gives a server's WebSocket upgrades to the gateway. Those of other paths are left to the host's own listeners, and ended where
 * there are none.
 *
 * @example
 * const server = createServer(toNodeListener(gateway));
 * takeUpgrades(server, gateway);
 */
export const takeUpgrades = (
  server: UpgradingServer,
  gateway: Pick<Gateway, "handleUpgrade">,
): void => {
  server.on("upgrade", (request, socket, head) => {
    if (gateway.handleUpgrade(request, socket, head)) return;
    if (server.listenerCount("upgrade") === 1) socket.destroy();
  });
};
