import type { ExchangeOptions } from "../exchange/exchange-options.ts";
import { refuseOrigins } from "../identity/page-origins.ts";
import {
  hasProtocol,
  type PlaceOptions,
  type ReadPlaceOptions,
  readPlaceOptions,
} from "./place-options.ts";

export type ServeOptions = PlaceOptions &
  Required<Pick<ExchangeOptions, "port" | "venueThread">> &
  Pick<ExchangeOptions, "redisUrl" | "origins">;

export type ReadServeOptions =
  | { readonly ok: true; readonly options: ServeOptions }
  | {
      readonly ok: false;
      readonly field: "PORT" | "PINCEX_ORIGIN" | "PINCEX_VENUE_THREAD" | "REDIS_URL";
      readonly message: string;
    }
  | Extract<ReadPlaceOptions, { ok: false }>;

const HIGHEST_PORT = 65_535;

/** Reads what `pincex serve` is told by the environment. An empty variable counts as absent. */
export const readServeOptions = (
  env: Readonly<Record<string, string | undefined>>,
): ReadServeOptions => {
  const port = env["PORT"] || "8080";
  if (!/^\d{1,5}$/.test(port) || Number(port) > HIGHEST_PORT) {
    const message = `PORT must be a whole number from 0 to ${HIGHEST_PORT}, but is "${port}".`;
    return { ok: false, field: "PORT", message };
  }
  const pages = readOrigins(env["PINCEX_ORIGIN"]);
  if (!pages.ok) return pages;
  const venueThread = env["PINCEX_VENUE_THREAD"] || "main";
  if (venueThread !== "main" && venueThread !== "own") {
    const message = `PINCEX_VENUE_THREAD must be "main" or "own", but is "${venueThread}".`;
    return { ok: false, field: "PINCEX_VENUE_THREAD", message };
  }
  const redisUrl = env["REDIS_URL"] || undefined;
  if (redisUrl !== undefined && !hasProtocol(redisUrl, "redis:", "rediss:")) {
    const message =
      "REDIS_URL must be the address of a Redis, such as redis://user:password@host:6379.";
    return { ok: false, field: "REDIS_URL", message };
  }
  const place = readPlaceOptions(env);
  if (!place.ok) return place;
  const bus = redisUrl === undefined ? {} : { redisUrl };
  return {
    ok: true,
    options: { ...place.options, port: Number(port), venueThread, ...bus, ...pages.options },
  };
};

type ReadOrigins =
  | { readonly ok: true; readonly options: Pick<ExchangeOptions, "origins"> }
  | { readonly ok: false; readonly field: "PINCEX_ORIGIN"; readonly message: string };

/** Where the pages live, one or several. */
const readOrigins = (text = ""): ReadOrigins => {
  const origins = text.split(/[ ,]+/).filter((origin) => origin !== "");
  if (origins.length === 0) return { ok: true, options: {} };
  const refused = refuseOrigins(origins);
  if (refused === undefined) return { ok: true, options: { origins } };
  const message = `PINCEX_ORIGIN (${refused.code}): ${refused.rule}`;
  return { ok: false, field: "PINCEX_ORIGIN", message };
};
