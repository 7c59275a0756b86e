import type { SideName } from "@pincex/engine";
import type { SourceBookRow, SourceFault, SourceQuote } from "./source-message.ts";
import { bigUnitsOf, type SourceScale, unitsOf } from "./source-units.ts";

/** A field that is not what it should be: unwinds the reading of one message, and goes no further than `faultOf`. */
class FieldMalformed extends Error {
  readonly fault: SourceFault;

  constructor(field: string, rule: string) {
    super(`${field}: ${rule}`);
    this.fault = { kind: "fault", code: "field_malformed", field, rule };
  }
}

const malformed = (field: string, rule: string): never => {
  throw new FieldMalformed(field, rule);
};

/** Runs a reading, and answers a fault instead of what it could not read. */
export const orFault = <Message>(
  read: () => readonly Message[],
): readonly (Message | SourceFault)[] => {
  try {
    return read();
  } catch (error) {
    if (error instanceof FieldMalformed) return [error.fault];
    throw error;
  }
};

export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Reads the fields of one market's messages. What is not as it should be ends the reading: see `orFault`. */
export class FieldReader {
  readonly #scale: SourceScale;

  constructor(scale: SourceScale) {
    this.#scale = scale;
  }

  price(fields: Fields, name: string): number {
    return this.#units(fields[name], this.#scale.priceDecimals, name);
  }

  quantity(fields: Fields, name: string): number {
    return this.#units(fields[name], this.#scale.quantityDecimals, name);
  }

  quote(fields: Fields, price: string, quantity: string): SourceQuote {
    const { priceDecimals, quantityDecimals } = this.#scale;
    return {
      price: this.#amount(fields[price], priceDecimals, price),
      quantity: this.#amount(fields[quantity], quantityDecimals, quantity),
    };
  }

  /** A sum of prices × quantities. */
  turnover(fields: Fields, name: string): bigint {
    const { priceDecimals, quantityDecimals } = this.#scale;
    return this.#amount(fields[name], priceDecimals + quantityDecimals, name);
  }

  id(fields: Fields, name: string): number {
    const value = fields[name];
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
    return malformed(name, "a whole number from 0 to 2^53 - 1");
  }

  side(fields: Fields, name: string): SideName {
    const value = fields[name];
    return value === "buy" || value === "sell" ? value : malformed(name, "buy or sell");
  }

  flag(fields: Fields, name: string): boolean {
    const value = fields[name];
    return typeof value === "boolean" ? value : malformed(name, "true or false");
  }

  /** An ISO 8601 time, to the millisecond before it. */
  time(fields: Fields, name: string): number {
    const value = fields[name];
    const at = typeof value === "string" ? Date.parse(value) : Number.NaN;
    return Number.isNaN(at) ? malformed(name, "a time as in 2026-11-24T12:00:00.000Z") : at;
  }

  /** Levels as `[price, quantity, …]`, or as objects with these two names. No list is an empty one. */
  levels(
    fields: Fields,
    name: string,
    names: readonly [string, string] = ["0", "1"],
  ): SourceBookRow[] {
    const rows = fields[name] ?? [];
    if (!Array.isArray(rows)) return malformed(name, "a list of price levels");
    const { priceDecimals, quantityDecimals } = this.#scale;
    const [price, quantity] = names;
    return rows.map((row: unknown, index): SourceBookRow => {
      const at = `${name}.${index}`;
      if (typeof row !== "object" || row === null) return malformed(at, "a price level");
      const level = row as Fields;
      return [
        this.#amount(level[price], priceDecimals, `${at}.${price}`),
        this.#amount(level[quantity], quantityDecimals, `${at}.${quantity}`),
      ];
    });
  }

  #amount(value: unknown, decimals: number, field: string): bigint {
    return bigUnitsOf(value, decimals) ?? malformed(field, decimalRule(decimals));
  }

  #units(value: unknown, decimals: number, field: string): number {
    const rule = `${decimalRule(decimals)}, below 2^53 units of it`;
    return unitsOf(value, decimals) ?? malformed(field, rule);
  }
}

const decimalRule = (decimals: number): string =>
  `a decimal from 0 on with at most ${decimals} decimal places`;
