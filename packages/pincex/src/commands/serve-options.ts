import type { ExchangeOptions } from "../exchange/exchange-options.ts";
import { type PlaceOptions, type ReadPlaceOptions, readPlaceOptions } from "./place-options.ts";

export type ServeOptions = PlaceOptions & Required<Pick<ExchangeOptions, "port">>;

export type ReadServeOptions =
  | { readonly ok: true; readonly options: ServeOptions }
  | { readonly ok: false; readonly field: "PORT"; readonly message: string }
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
  const place = readPlaceOptions(env);
  if (!place.ok) return place;
  return { ok: true, options: { ...place.options, port: Number(port) } };
};
