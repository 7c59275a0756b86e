import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Gateway, toNodeListener } from "@pincex/gateway";
import { toIdentityListener } from "@pincex/identity/http";
import type { ExchangeIdentity } from "../identity/exchange-identity.ts";
import { pageDirectory } from "../package-files.ts";
import { demoSignInListener } from "./demo-sign-in-listener.ts";
import { ExchangeNotStarted, reasonOf, systemCodeOf } from "./exchange-not-started.ts";
import { pageListener } from "./page-listener.ts";
import { udfListener } from "./udf-listener.ts";

/** Requests in flight get this long to be answered when the server closes. */
const GRACE_MS = 2_000;

/** Which demo accounts the page offers to who is at this machine. */
export interface DemoOffer {
  readonly offersDemo: boolean;
  readonly names: readonly string[];
}

/** The one port of an exchange: the gateway's routes and streams, and beside them identity's and the page. */
export class HttpServer {
  readonly #server: Server;

  constructor(gateway: Gateway, identity: ExchangeIdentity, { offersDemo, names }: DemoOffer) {
    const page = udfListener(gateway, pageListener(pageDirectory));
    const demo = offersDemo ? demoSignInListener(identity, names, page) : page;
    const people = toIdentityListener(identity, { fallback: demo });
    this.#server = createServer(toNodeListener(gateway, { fallback: people }));
    this.#server.on("upgrade", (request, socket, head) => {
      if (gateway.handleUpgrade(request, socket, head)) return;
      socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    });
  }

  listen(address: { port: number; host: string }): Promise<{ port: number }> {
    return new Promise((resolve, reject) => {
      const refuse = (error: Error): void => reject(portRefusal(error, address));
      this.#server.once("error", refuse);
      this.#server.listen(address, () => {
        this.#server.off("error", refuse);
        resolve({ port: (this.#server.address() as AddressInfo).port });
      });
    });
  }

  /** Takes no new requests, and ends when those in flight are answered or the grace is over. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeIdleConnections();
    const grace = setTimeout(() => this.#server.closeAllConnections(), GRACE_MS);
    await closed;
    clearTimeout(grace);
  }
}

const portRefusal = (
  error: Error,
  { port, host }: { port: number; host: string },
): ExchangeNotStarted => {
  switch (systemCodeOf(error)) {
    case "EADDRINUSE":
      return new ExchangeNotStarted(
        "port_in_use",
        `Port ${port} is in use by another program: stop that, or choose another with PORT.`,
        error,
      );
    case "EACCES":
      return new ExchangeNotStarted(
        "port_unusable",
        `This user may not listen on port ${port}: choose one above 1023 with PORT.`,
        error,
      );
    default:
      return new ExchangeNotStarted(
        "port_unusable",
        `It is not possible to listen on ${host}, port ${port}: ${reasonOf(error)}.`,
        error,
      );
  }
};
