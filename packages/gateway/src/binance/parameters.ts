import type { MarketDirectory, MarketNumbers } from "../market-numbers.ts";
import {
  BinanceError,
  eitherParameterMissing,
  illegalCharacters,
  invalidSymbol,
  parameterInvalid,
  parameterMissing,
  parameterNotRequired,
} from "./error.ts";
import { binanceSymbol } from "./symbol.ts";

const INTEGER = /^[0-9]{1,16}$/;
const SYMBOL = /^[A-Z0-9-_.]{1,20}$/;
const DECIMAL = /^([0-9]{1,20})(\.[0-9]{1,20})?$/;
const CLIENT_ORDER_ID = /^[a-zA-Z0-9-_.:/]{1,36}$/;
const MAX_SYMBOLS = 100;

/**
 * The parameters of a call as Binance reads them: every one a text, from a query, a form or a JSON object alike. Reading
 * one that is missing or malformed throws the `BinanceError` that says so.
 */
export class Parameters {
  readonly #values: ReadonlyMap<string, string>;
  readonly #markets: MarketDirectory;

  constructor(values: ReadonlyMap<string, string>, markets: MarketDirectory) {
    this.#values = values;
    this.#markets = markets;
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  names(): string[] {
    return [...this.#values.keys()];
  }

  /** A text that must be there. */
  text(name: string): string {
    const value = this.#values.get(name);
    if (value === undefined || value === "") throw parameterMissing(name);
    return value;
  }

  optionalText(name: string): string | undefined {
    return this.has(name) ? this.text(name) : undefined;
  }

  /** A whole number from 0 on. */
  integer(name: string): number {
    const text = this.text(name);
    if (!INTEGER.test(text)) throw illegalCharacters(name, "^[0-9]{1,16}$");
    const value = Number(text);
    if (!Number.isSafeInteger(value)) throw parameterInvalid(name);
    return value;
  }

  optionalInteger(name: string): number | undefined {
    return this.has(name) ? this.integer(name) : undefined;
  }

  /** How many to answer: what is asked above the maximum is cut to it, as Binance does. */
  limit(usual: number, most: number): number {
    const limit = this.optionalInteger("limit") ?? usual;
    if (limit === 0) throw parameterInvalid("limit");
    return Math.min(limit, most);
  }

  oneOf<T extends string>(name: string, legal: readonly T[], wrong: () => BinanceError): T {
    const text = this.text(name) as T;
    if (!legal.includes(text)) throw wrong();
    return text;
  }

  optionalOneOf<T extends string>(
    name: string,
    legal: readonly T[],
    wrong: () => BinanceError,
  ): T | undefined {
    return this.has(name) ? this.oneOf(name, legal, wrong) : undefined;
  }

  flag(name: string): boolean | undefined {
    const text = this.optionalText(name)?.toLowerCase();
    if (text === undefined) return undefined;
    if (text !== "true" && text !== "false") throw parameterInvalid(name);
    return text === "true";
  }

  /** A decimal number that is not negative, as it was written. */
  decimal(name: string): string {
    const text = this.text(name);
    if (!DECIMAL.test(text)) throw illegalCharacters(name, DECIMAL.source);
    return text;
  }

  clientOrderId(name: string): string | undefined {
    const text = this.optionalText(name);
    if (text !== undefined && !CLIENT_ORDER_ID.test(text)) {
      throw illegalCharacters(name, CLIENT_ORDER_ID.source);
    }
    return text;
  }

  /** The market of `symbol`. */
  market(): MarketNumbers {
    return this.#marketOf(this.text("symbol"));
  }

  optionalMarket(): MarketNumbers | undefined {
    return this.has("symbol") ? this.market() : undefined;
  }

  /** The markets of `symbol` or of `symbols`, or all; `single` says whether the answer is one thing or a list. */
  marketChoice(): { markets: MarketNumbers[]; single: boolean } {
    if (this.has("symbol") && this.has("symbols")) {
      throw new BinanceError(400, -1128, "Combination of optional parameters invalid.", "symbols");
    }
    if (this.has("symbol")) return { markets: [this.market()], single: true };
    if (this.has("symbols"))
      return { markets: this.#marketsOf(this.text("symbols")), single: false };
    return { markets: this.#markets.all(), single: false };
  }

  /** The first of two parameters that must be there, by its presence. */
  eitherOf<One extends string, Other extends string>(one: One, other: Other): One | Other {
    if (this.has(one)) return one;
    if (this.has(other)) return other;
    throw eitherParameterMissing(one, other);
  }

  /** Refuses parameters that would change an order in a way that the venue does not know. */
  refuse(...names: readonly string[]): void {
    for (const name of names) if (this.has(name)) throw parameterNotRequired(name);
  }

  #marketsOf(text: string): MarketNumbers[] {
    const symbols = jsonList(text);
    if (symbols === undefined || symbols.length > MAX_SYMBOLS) throw parameterInvalid("symbols");
    if (new Set(symbols).size < symbols.length) {
      throw new BinanceError(
        400,
        -1151,
        "Symbol is present multiple times in the list.",
        "symbols",
        "parameter_invalid",
      );
    }
    return symbols.map((symbol) => this.#marketOf(symbol));
  }

  #marketOf(symbol: string): MarketNumbers {
    if (!SYMBOL.test(symbol)) throw illegalCharacters("symbol", SYMBOL.source);
    const numbers = this.#markets.findBy(symbol, binanceSymbol);
    if (numbers === undefined) throw invalidSymbol();
    return numbers;
  }
}

const jsonList = (text: string): string[] | undefined => {
  try {
    const list: unknown = JSON.parse(text);
    const texts = Array.isArray(list) && list.every((item) => typeof item === "string");
    return texts ? (list as string[]) : undefined;
  } catch {
    return undefined;
  }
};

/** The pairs of a query or a form, decoded. A pair that is sent twice, or can't be decoded, is refused. */
export const parsePairs = (text: string): Map<string, string> => {
  const pairs = new Map<string, string>();
  if (text === "") return pairs;
  for (const pair of text.split("&")) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    const name = decoded(equals < 0 ? pair : pair.slice(0, equals));
    const value = decoded(equals < 0 ? "" : pair.slice(equals + 1));
    if (pairs.has(name)) {
      throw new BinanceError(
        400,
        -1101,
        "Duplicate values for a parameter detected.",
        name,
        "parameter_duplicate",
      );
    }
    pairs.set(name, value);
  }
  return pairs;
};

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw new BinanceError(
      400,
      -1100,
      "Illegal characters found in a parameter.",
      undefined,
      "parameter_malformed",
    );
  }
};
