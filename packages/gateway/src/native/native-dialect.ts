import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { GatewayRequest, GatewayResponse } from "../http-message.ts";
import type { AccountFeeds } from "../streaming/account-feeds.ts";
import type { PublicFeeds } from "../streaming/public-feeds.ts";
import type { SocketHost } from "../streaming/socket-host.ts";
import { NativeRest } from "./native-rest.ts";
import type { NativeServices } from "./native-services.ts";
import { NativeSession } from "./native-session.ts";
import { PublicChannels } from "./public-channels.ts";

/** What the native API is built on. */
export interface NativeInputs extends NativeServices {
  readonly sockets: SocketHost;
  readonly feeds: PublicFeeds;
  readonly accountFeeds: AccountFeeds;
  readonly onError: (error: unknown) => void;
}

/** The venue's own API: REST at `/v1`, streams at `/v1/ws`. */
export class NativeDialect {
  readonly #inputs: NativeInputs;
  readonly #rest: NativeRest;
  readonly #channels: PublicChannels;

  constructor(inputs: NativeInputs) {
    this.#inputs = inputs;
    this.#rest = new NativeRest(inputs);
    this.#channels = new PublicChannels(inputs.feeds, inputs.marketData);
  }

  owns(pathname: string): boolean {
    return pathname === "/v1" || pathname.startsWith("/v1/");
  }

  handle(request: GatewayRequest, pathname: string, query: string): Promise<GatewayResponse> {
    return this.#rest.handle(request, pathname, query);
  }

  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, pathname: string): boolean {
    if (pathname !== "/v1/ws") return false;
    const { sockets, accountFeeds, onError } = this.#inputs;
    const remoteAddress = request.socket.remoteAddress ?? "";
    sockets.accept(request, socket, head, (connection) => {
      new NativeSession(
        connection,
        this.#inputs,
        this.#channels,
        accountFeeds,
        onError,
        remoteAddress,
      );
    });
    return true;
  }
}
