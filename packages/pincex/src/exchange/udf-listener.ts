import type { IncomingMessage, ServerResponse } from "node:http";
import type { Gateway } from "@pincex/gateway";

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** TradingView's names of intervals, and ours with their seconds. */
const RESOLUTIONS: Readonly<Record<string, readonly [interval: string, seconds: number]>> = {
  "1": ["1m", 60],
  "5": ["5m", 300],
  "15": ["15m", 900],
  "60": ["1h", 3_600],
  "240": ["4h", 14_400],
  "1D": ["1d", 86_400],
};

const MOST_BARS = 1_000;

const CONFIG = {
  supports_search: false,
  supports_group_request: false,
  supports_marks: false,
  supports_timescale_marks: false,
  supports_time: true,
  supported_resolutions: Object.keys(RESOLUTIONS),
};

interface UdfError {
  readonly s: "error";
  readonly errmsg: string;
}

const failed = (errmsg: string): UdfError => ({ s: "error", errmsg });

/**
 * A feed for TradingView's charts by its UDF protocol, over the gateway's public API: `/udf/config`, `/udf/time`,
 * `/udf/symbols` and `/udf/history`. All else goes to `fallback`.
 */
export const udfListener =
  (gateway: Pick<Gateway, "handle">, fallback: Listener): Listener =>
  (request, response) => {
    const [path = "", query] = (request.url ?? "/").split("?", 2);
    if (request.method !== "GET" || !path.startsWith("/udf/")) {
      fallback(request, response);
      return;
    }
    const address = request.socket.remoteAddress;
    answerOf(askedFor(gateway, address), path, new URLSearchParams(query)).then(
      (json) => send(response, json === undefined ? 404 : 200, json ?? failed("unknown path")),
      (error) => refuse(response, error),
    );
  };

const send = (response: ServerResponse, status: number, json: unknown, more: object = {}): void => {
  const body = JSON.stringify(json);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    "access-control-allow-origin": "*",
    "cache-control": "no-store",
    ...more,
  });
  response.end(body);
};

const refuse = (response: ServerResponse, error: unknown): void => {
  if (!(error instanceof TooManyRequests)) send(response, 200, failed("internal error"));
  else send(response, 429, failed("too many requests"), { "retry-after": error.retryAfter });
};

/** The gateway takes no more of the address now. */
class TooManyRequests extends Error {
  readonly retryAfter: string;

  constructor(retryAfter: string) {
    super("too many requests");
    this.retryAfter = retryAfter;
  }
}

/** Asks the gateway what anybody may ask; undefined if it refuses. */
type Ask = <Json>(path: string) => Promise<Json | undefined>;

/** Asked for a client, a question counts as one of that client's requests. The time alone is the feed's own question. */
const askedFor =
  (gateway: Pick<Gateway, "handle">, remoteAddress: string | undefined): Ask =>
  async <Json>(path: string): Promise<Json | undefined> => {
    const request = { method: "GET", path, headers: {}, body: new Uint8Array(0) };
    const counted = path === TIME ? request : { ...request, remoteAddress };
    const { status, headers, body } = await gateway.handle(counted);
    if (status === 429) throw new TooManyRequests(headers["retry-after"] ?? "1");
    return status === 200 ? (JSON.parse(String(body)) as Json) : undefined;
  };

const TIME = "/v1/time";

const answerOf = async (ask: Ask, path: string, query: URLSearchParams): Promise<unknown> => {
  switch (path) {
    case "/udf/config":
      return CONFIG;
    case "/udf/time": {
      const time = await ask<{ epochMs: number }>(TIME);
      return time === undefined ? failed("no time") : Math.floor(time.epochMs / 1_000);
    }
    case "/udf/symbols":
      return symbolOf(ask, query.get("symbol") ?? "");
    case "/udf/history":
      return historyOf(ask, query);
    default:
      return undefined;
  }
};

const marketPath = (symbol: string): string => `/v1/markets/${encodeURIComponent(symbol)}`;

const symbolOf = async (ask: Ask, symbol: string): Promise<unknown> => {
  const market = await ask<{ symbol: string; priceIncrement: string }>(marketPath(symbol));
  if (market === undefined) return failed("unknown symbol");
  const decimals = market.priceIncrement.replace(/0+$/, "").split(".")[1]?.length ?? 0;
  const pricescale = 10 ** decimals;
  return {
    name: market.symbol,
    ticker: market.symbol,
    description: market.symbol,
    type: "crypto",
    session: "24x7",
    timezone: "Etc/UTC",
    exchange: "Pincex",
    listed_exchange: "Pincex",
    minmov: Math.round(Number(market.priceIncrement) * pricescale),
    pricescale,
    has_intraday: true,
    has_daily: true,
    supported_resolutions: CONFIG.supported_resolutions,
    volume_precision: 8,
    data_status: "streaming",
  };
};

interface Candle {
  readonly openTime: string;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
}

const SECONDS = /^[0-9]{1,11}$/;

const historyOf = async (ask: Ask, query: URLSearchParams): Promise<unknown> => {
  const resolution = RESOLUTIONS[query.get("resolution") ?? ""];
  const [from, to] = [query.get("from") ?? "", query.get("to") ?? ""];
  if (resolution === undefined) return failed("unknown resolution");
  if (!SECONDS.test(from) || !SECONDS.test(to)) return failed("from and to are seconds");
  const path = `${marketPath(query.get("symbol") ?? "")}/candles`;
  const [interval, seconds] = resolution;
  const time = await ask<{ epochMs: number }>(TIME);
  if (time === undefined) return failed("no time");
  // Of a longer time the newest candles: a chart asks for what is before them next. Nothing is newer than now.
  const end = Math.min(Number(to), Math.floor(time.epochMs / 1_000) + 1);
  const first = Math.max(Number(from), end - MOST_BARS * seconds);
  // What starts at `to` is not asked for.
  const range = `from=${first * 1_000}&to=${Math.max(end * 1_000 - 1, 0)}`;
  const answer = await ask<{ candles: readonly Candle[] }>(
    `${path}?interval=${interval}&${range}&limit=${MOST_BARS}`,
  );
  if (answer === undefined) return failed("unknown symbol");
  const { candles } = answer;
  if (candles.length === 0) return { s: "no_data" };
  const numbers = (field: Exclude<keyof Candle, "openTime">): number[] =>
    candles.map((candle) => Number(candle[field]));
  return {
    s: "ok",
    t: candles.map(({ openTime }) => Date.parse(openTime) / 1_000),
    o: numbers("open"),
    h: numbers("high"),
    l: numbers("low"),
    c: numbers("close"),
    v: numbers("volume"),
  };
};
