import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import {
  CurrentHistory,
  type KeptHistory,
  type MarketData,
  type OrderBooks,
} from "@pincex/market-data";
import type { Views } from "@pincex/venue/views";
import type { Authenticator } from "./authenticator.ts";
import { BinanceDialect } from "./binance/binance-dialect.ts";
import { isPreflight, preflightResponse } from "./cross-origin.ts";
import { type FetchHandler, fetchHandler } from "./hosts/fetch-handler.ts";
import { type GatewayRequest, type GatewayResponse, splitPath } from "./http-message.ts";
import { type RateLimits, RequestLimits } from "./limits/request-limits.ts";
import { MarketDirectory } from "./market-numbers.ts";
import { NativeDialect } from "./native/native-dialect.ts";
import { routeUnknown } from "./native/native-rest.ts";
import { internalError, Problem, problemResponse } from "./native/problem.ts";
import { type CommandSink, OrderEntry } from "./order-entry.ts";
import { AccountFeeds } from "./streaming/account-feeds.ts";
import { PublicFeeds } from "./streaming/public-feeds.ts";
import { ReplayWindow } from "./streaming/replay-window.ts";
import { refuseUpgrade, SocketHost } from "./streaming/socket-host.ts";

/** What a gateway stands on. */
export interface GatewayOptions {
  /** Where orders and cancels go. */
  readonly venue: CommandSink;
  /** What accounts are told; must follow the same venue. */
  readonly views: Views;
  /** What everybody is told; must follow the same venue. */
  readonly marketData: MarketData;
  /** Its books order by order, for the channel `level3`; must follow the same venue. Not published unless given. */
  readonly orderBooks?: OrderBooks;
  /** Where candles and trades are kept that memory has no more; those in memory alone are answered unless given. */
  readonly history?: KeptHistory;
  /**
   * What clients that were away can be told again. Made here unless given; made before the venue is opened, it outlives a restart
   * of the process.
   */
  readonly replay?: ReplayWindow;
  /** Who knows the keys. */
  readonly authenticator: Authenticator;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly clock: () => number;
  /**
   * How far beyond the best quote a market order may trade where it must have a worst price, in parts per million of that
   * quote: 50,000 (5 %) unless told otherwise. The rest of the order expires.
   */
  readonly marketOrderBoundPpm?: number;
  /** Where the gateway is mounted, such as "/exchange"; "" unless told otherwise. Signatures cover the whole path. */
  readonly prefix?: string;
  /** How many requests are taken from an address, and from a key: any number unless told. Cancels are never limited. */
  readonly limits?: RateLimits;
  /** Told of errors that are the gateway's own; the client is told that nobody knows what became of its request. */
  readonly onError?: (error: unknown) => void;
}

/** The REST and WebSocket APIs of a venue, for a host to mount. */
export interface Gateway {
  /** Whether a path is one that the gateway answers for. */
  owns(path: string): boolean;
  /** Answers a request. Never rejects: what is wrong with a request stands in the answer. */
  handle(request: GatewayRequest): Promise<GatewayResponse>;
  /**
   * Answers a standard `Request`, for hosts that route those: Hono, Next.js. `node:http`, Fastify and Express have quicker ways.
   * Signatures are checked over path and query as the request's `url` has them.
   */
  readonly fetch: FetchHandler;
  /** Takes over a WebSocket upgrade; false, with nothing touched, if the path is not the gateway's. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** Says goodbye to all WebSocket clients and takes no more. */
  close(): Promise<void>;
}

/**
 * A gateway over a venue: its native API at `/v1`, and the Binance Spot dialect where Binance's clients look for it.
 *
 * @example
 * const gateway = createGateway({ venue, views, marketData, authenticator, clock: Date.now });
 * const response = await gateway.handle({ method: "GET", path: "/v1/time", headers: {}, body: new Uint8Array() });
 */
export const createGateway = (options: GatewayOptions): Gateway => {
  const { venue, views, marketData, orderBooks, authenticator, clock } = options;
  const { marketOrderBoundPpm = 50_000, prefix = "" } = options;
  const onError = options.onError ?? ((error) => process.emitWarning(asError(error)));
  checkPrefix(prefix);
  checkBound(marketOrderBoundPpm);

  const sockets = new SocketHost();
  const feeds = new PublicFeeds(marketData);
  const accountFeeds = new AccountFeeds(views);
  const replay = options.replay ?? new ReplayWindow({ views, marketData, orderBooks });
  const shared = {
    views,
    marketData,
    history: new CurrentHistory(marketData, options.history),
    markets: new MarketDirectory(views),
    orders: new OrderEntry(venue, views, marketData, marketOrderBoundPpm),
    authenticator,
    clock,
    limits: new RequestLimits(options.limits ?? {}, clock),
    sockets,
    feeds,
    accountFeeds,
    replay,
    orderBooks,
    onError,
  };
  const native = new NativeDialect(shared);
  const binance = new BinanceDialect(shared);
  let closing = false;

  const dialectOf = (pathname: string): NativeDialect | BinanceDialect | undefined =>
    [native, binance].find((dialect) => dialect.owns(pathname));

  const respond = async (request: GatewayRequest): Promise<GatewayResponse> => {
    const { pathname, query } = located(request.path, prefix);
    const dialect = dialectOf(pathname);
    if (dialect === undefined) throw routeUnknown();
    if (isPreflight(request)) return preflightResponse();
    return dialect.handle(request, pathname, query);
  };

  const handle = async (request: GatewayRequest): Promise<GatewayResponse> => {
    try {
      return await respond(request);
    } catch (error) {
      if (error instanceof Problem) return problemResponse(error);
      onError(error);
      return problemResponse(internalError());
    }
  };

  return {
    owns: (path) => dialectOf(located(path, prefix).pathname) !== undefined,
    handle,
    fetch: fetchHandler(handle),
    handleUpgrade: (request, socket, head) => {
      const { pathname, query } = located(request.url ?? "/", prefix);
      const dialect = dialectOf(pathname);
      if (dialect === undefined) return false;
      if (closing) {
        refuseUpgrade(socket, "503 Service Unavailable", JSON.stringify(stopping().document));
        return true;
      }
      if (dialect.handleUpgrade(request, socket, head, pathname, query)) return true;
      refuseUpgrade(socket, "404 Not Found", JSON.stringify(routeUnknown().document));
      return true;
    },
    close: async () => {
      closing = true;
      await sockets.close();
      native.close();
      feeds.close();
      accountFeeds.close();
      replay.close();
    },
  };
};

/** The path without the prefix, slashes made single: clients that join addresses carelessly double them. */
const located = (path: string, prefix: string): { pathname: string; query: string } => {
  const { pathname, query } = splitPath(path);
  const single = pathname.replace(/\/{2,}/g, "/");
  if (prefix === "") return { pathname: single, query };
  if (!single.startsWith(`${prefix}/`)) return { pathname: "", query };
  return { pathname: single.slice(prefix.length), query };
};

const checkPrefix = (prefix: string): void => {
  if (prefix !== "" && !/^(\/[A-Za-z0-9._~-]+)+$/.test(prefix)) {
    throw new TypeError(`expected a prefix such as "/exchange", was "${prefix}"`);
  }
};

const checkBound = (ppm: number): void => {
  if (!Number.isSafeInteger(ppm) || ppm < 0) {
    throw new RangeError(`expected marketOrderBoundPpm as a whole number from 0 on, was ${ppm}`);
  }
};

const stopping = (): Problem =>
  new Problem(503, "gateway_stopping", "", "The gateway is running.", { retryable: true });

const asError = (error: unknown): Error =>
  error instanceof Error ? error : new Error(String(error));
