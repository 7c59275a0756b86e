import type { CurrentHistory, MarketData } from "@pincex/market-data";
import type { Views } from "@pincex/venue/views";
import type { Principal } from "../authenticator.ts";
import type { RequestLimits } from "../limits/request-limits.ts";
import type { MarketDirectory } from "../market-numbers.ts";
import type { OrderEntry } from "../order-entry.ts";
import type { ListenKeys } from "./listen-keys.ts";
import type { Parameters } from "./parameters.ts";
import type { RequestUsage } from "./request-usage.ts";

/** What the methods of the dialect work with. */
export interface BinanceServices {
  readonly views: Views;
  readonly marketData: MarketData;
  /** Candles and trades, those that memory has no more included. */
  readonly history: CurrentHistory;
  readonly markets: MarketDirectory;
  readonly orders: OrderEntry;
  readonly usage: RequestUsage;
  readonly clock: () => number;
  readonly limits: RequestLimits;
  readonly listenKeys: ListenKeys;
}

/** One call, however it came. */
export interface Call extends BinanceServices {
  readonly parameters: Parameters;
}

export interface SignedCall extends Call {
  readonly principal: Principal;
}

/** A call for which a key was named, but nothing signed. */
interface KeyCall extends Call {
  readonly apiKey: string;
}

type Verb = "GET" | "POST" | "PUT" | "DELETE";

interface MethodPlace {
  /** Where REST has it, such as "GET /api/v3/depth". A method may have several addresses, or none. */
  readonly routes: readonly `${Verb} /${string}`[];
  /** What the WebSocket API calls it, such as "depth"; "" if it isn't there. */
  readonly name: string;
  /** What it costs of the request weight. */
  readonly weight: number;
}

/** A method that anybody may call. */
export interface PublicMethod extends MethodPlace {
  readonly security: "public";
  run(call: Call): unknown;
}

/** A method that Binance asks a key for, but no signature. */
export interface KeyMethod extends MethodPlace {
  readonly security: "key";
  run(call: KeyCall): unknown;
}

/** A method that needs a key with a permission, and a signature. */
export interface SignedMethod extends MethodPlace {
  readonly security: "read" | "trade";
  /** Of cancels: whoever is over a limit must still be able to get out. */
  readonly isNeverLimited?: boolean;
  /** Whether a call counts as a new order. */
  readonly countsAsOrder?: boolean;
  run(call: SignedCall): unknown;
}

/** One thing that the dialect can do, for REST and the WebSocket API alike. What `run` answers is sent as JSON. */
export type Method = PublicMethod | KeyMethod | SignedMethod;
