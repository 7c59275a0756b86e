import type { CurrentHistory, MarketData } from "@pincex/market-data";
import type { MarketView, OrderView, Views } from "@pincex/venue/views";
import type { z } from "zod";
import type { Authenticator, Principal } from "../authenticator.ts";
import type { RequestLimits } from "../limits/request-limits.ts";
import type { MarketDirectory, MarketNumbers } from "../market-numbers.ts";
import type { OrderEntry } from "../order-entry.ts";
import { marketUnknown } from "./problem.ts";

/** What the native API works with. */
export interface NativeServices {
  readonly views: Views;
  readonly marketData: MarketData;
  /** Candles and trades, those that memory has no more included. */
  readonly history: CurrentHistory;
  readonly markets: MarketDirectory;
  readonly orders: OrderEntry;
  readonly authenticator: Authenticator;
  readonly clock: () => number;
  readonly limits: RequestLimits;
}

/** Whatever is asked in an account's name. */
export interface AccountCall extends NativeServices {
  readonly principal: Principal;
  /**
   * Throws where what was signed has come before: called by what would be done twice, before it is done. Undefined over a connection, which
   * signs only as it begins.
   */
  readonly refuseRepeated?: () => void;
}

/** Field by field: services spread into each call would cost as much as what is called. */
export const callOf = (services: NativeServices, principal: Principal): AccountCall => ({
  views: services.views,
  marketData: services.marketData,
  history: services.history,
  markets: services.markets,
  orders: services.orders,
  authenticator: services.authenticator,
  clock: services.clock,
  limits: services.limits,
  principal,
});

/** One request, routed: what the path and the query said, and the body as text. */
export interface NativeCall extends NativeServices {
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface SignedNativeCall extends NativeCall, AccountCall {}

/** What a route answers: a JSON value, and the status if it is not 200. */
export interface NativeAnswer {
  readonly status?: number;
  readonly json: unknown;
}

/** A page for people. */
export interface NativePage {
  readonly html: string;
}

interface DescribedRoute {
  /** With `{name}` for a part that varies. */
  readonly path: `/v1/${string}`;
  /** What it is for, in a sentence. */
  readonly summary: string;
  /** What may stand in the query, by the schema that judges it; without one, nothing may. */
  readonly query?: z.ZodType;
  /** What stands in the body, by the schema that judges it. */
  readonly body?: z.ZodType;
  /** Whether it makes something new, and answers 201. */
  readonly creates?: boolean;
}

/** One thing that may be asked by REST. */
export type NativeRoute =
  | (DescribedRoute & {
      readonly method: "GET";
      readonly access: "public";
      run(call: NativeCall): NativeAnswer | NativePage | Promise<NativeAnswer>;
    })
  | (DescribedRoute & {
      readonly method: "GET" | "POST" | "PATCH" | "DELETE";
      /** The permission that the key needs. */
      readonly access: "read" | "trade";
      /** Of cancels: whoever is over a limit must still be able to get out. */
      readonly isNeverLimited?: boolean;
      /** As how many requests it counts; one unless told. */
      requests?(call: SignedNativeCall): number;
      run(call: SignedNativeCall): NativeAnswer | Promise<NativeAnswer>;
    });

/** The market of a symbol, or the `Problem` that there is none. */
export const marketNamed = (
  { markets }: Pick<NativeServices, "markets">,
  symbol: string,
): MarketNumbers => {
  const numbers = markets.find(symbol);
  if (numbers === undefined) throw marketUnknown();
  return numbers;
};

/** The market of an order that the views have: it was listed before. */
export const marketOf = (
  { markets }: Pick<NativeServices, "markets">,
  { market }: Pick<OrderView, "market"> | Pick<MarketView, "market">,
): MarketNumbers => {
  const numbers = markets.find(market);
  if (numbers === undefined) throw new Error(`expected market ${market} in the views`);
  return numbers;
};
