import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { CurrentHistory, MarketData } from "@pincex/market-data";
import type { Views } from "@pincex/venue/views";
import type { Authenticator } from "../authenticator.ts";
import type { GatewayRequest, GatewayResponse } from "../http-message.ts";
import type { RequestLimits } from "../limits/request-limits.ts";
import type { MarketDirectory } from "../market-numbers.ts";
import type { OrderEntry } from "../order-entry.ts";
import type { AccountFeeds } from "../streaming/account-feeds.ts";
import type { PublicFeeds } from "../streaming/public-feeds.ts";
import { refuseUpgrade, type SocketHost } from "../streaming/socket-host.ts";
import { BinanceError } from "./error.ts";
import { ListenKeys } from "./listen-keys.ts";
import type { BinanceServices } from "./method.ts";
import { RequestUsage } from "./request-usage.ts";
import { BinanceRest } from "./rest.ts";
import { parseStreamPath } from "./stream-path.ts";
import { StreamSession } from "./stream-session.ts";
import { Streams } from "./streams.ts";
import { WebSocketApiSession } from "./web-socket-api.ts";

/** What the dialect is built on; it has no state of its own beside counters and connections. */
export interface DialectInputs {
  readonly views: Views;
  readonly marketData: MarketData;
  readonly history: CurrentHistory;
  readonly markets: MarketDirectory;
  readonly orders: OrderEntry;
  readonly authenticator: Authenticator;
  readonly clock: () => number;
  readonly limits: RequestLimits;
  readonly sockets: SocketHost;
  readonly feeds: PublicFeeds;
  readonly accountFeeds: AccountFeeds;
  readonly onError: (error: unknown) => void;
}

const REST_ROOTS = new Set(["api", "sapi", "fapi", "dapi"]);
const SOCKET_ROOTS = new Set(["ws", "stream", "ws-api"]);

/** The Binance Spot dialect: REST, market streams and the WebSocket API over the same table of methods. */
export class BinanceDialect {
  readonly #inputs: DialectInputs;
  readonly #services: BinanceServices;
  readonly #rest: BinanceRest;
  readonly #streams: Streams;

  constructor(inputs: DialectInputs) {
    this.#inputs = inputs;
    const { views, marketData, history, markets, orders, clock, limits } = inputs;
    const usage = new RequestUsage();
    const listenKeys = new ListenKeys(inputs.authenticator, clock);
    this.#services = {
      views,
      marketData,
      history,
      markets,
      orders,
      clock,
      limits,
      usage,
      listenKeys,
    };
    this.#rest = new BinanceRest(this.#services, inputs.authenticator, inputs.onError);
    this.#streams = new Streams({ ...inputs, listenKeys });
  }

  /** Whether a path, with single slashes, belongs to the dialect. */
  owns(pathname: string): boolean {
    const root = rootOf(pathname);
    return REST_ROOTS.has(root) || SOCKET_ROOTS.has(root);
  }

  handle(request: GatewayRequest, pathname: string, query: string): Promise<GatewayResponse> {
    return this.#rest.handle(request, pathname, query);
  }

  handleUpgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    pathname: string,
    query: string,
  ): boolean {
    if (pathname === "/ws-api/v3" || pathname === "/ws-api/v3/") {
      this.#openSession(request, socket, head);
      return true;
    }
    const address = parseStreamPath(pathname, query);
    if (address === undefined) return false;
    const unknown = address.streams.find((name) => !this.#streams.knows(name));
    if (unknown !== undefined) {
      const error = new BinanceError(
        400,
        -1121,
        `Unknown stream '${unknown}'.`,
        "streams",
        "stream_unknown",
      );
      refuseUpgrade(socket, "400 Bad Request", JSON.stringify(error));
      return true;
    }
    this.#inputs.sockets.accept(request, socket, head, (connection) => {
      new StreamSession(connection, address, this.#streams);
    });
    return true;
  }

  #openSession(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { sockets, authenticator, accountFeeds, onError } = this.#inputs;
    const remoteAddress = request.socket.remoteAddress ?? "";
    sockets.accept(request, socket, head, (connection) => {
      new WebSocketApiSession(connection, {
        services: this.#services,
        authenticator,
        accountFeeds,
        remoteAddress,
        onError,
      });
    });
  }
}

const rootOf = (pathname: string): string => pathname.split("/", 2)[1] ?? "";
