import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { OrderBooks } from "@pincex/market-data";
import type { GatewayRequest, GatewayResponse } from "../http-message.ts";
import type { AccountFeeds } from "../streaming/account-feeds.ts";
import type { PublicFeeds } from "../streaming/public-feeds.ts";
import type { ReplayWindow } from "../streaming/replay-window.ts";
import { RunningStreams } from "../streaming/running-streams.ts";
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
  readonly replay: ReplayWindow;
  /** Where the venue shows its books order by order. */
  readonly orderBooks: OrderBooks | undefined;
  readonly onError: (error: unknown) => void;
}

/** How often clients hear that the connection lives, and how far each of their channels has come. */
export const HEARTBEAT_MS = 5_000;

/** The venue's own API: REST at `/v1`, streams at `/v1/ws`. */
export class NativeDialect {
  readonly #inputs: NativeInputs;
  readonly #rest: NativeRest;
  readonly #channels: PublicChannels;
  readonly #streams = new RunningStreams();
  readonly #sessions = new Set<NativeSession>();
  readonly #heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS).unref();

  constructor(inputs: NativeInputs) {
    this.#inputs = inputs;
    this.#rest = new NativeRest(inputs);
    this.#channels = new PublicChannels(inputs);
  }

  close(): void {
    clearInterval(this.#heartbeat);
  }

  owns(pathname: string): boolean {
    return pathname === "/v1" || pathname.startsWith("/v1/");
  }

  handle(request: GatewayRequest, pathname: string, query: string): Promise<GatewayResponse> {
    return this.#rest.handle(request, pathname, query);
  }

  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, pathname: string): boolean {
    if (pathname !== "/v1/ws") return false;
    const { sockets, onError } = this.#inputs;
    const remoteAddress = request.socket.remoteAddress ?? "";
    sockets.accept(request, socket, head, (connection) => {
      const session = new NativeSession(
        connection,
        this.#inputs,
        this.#channels,
        this.#streams,
        onError,
        remoteAddress,
      );
      this.#sessions.add(session);
      connection.onClose(() => this.#sessions.delete(session));
    });
    return true;
  }

  #beat(): void {
    for (const session of this.#sessions) session.beat();
  }
}
