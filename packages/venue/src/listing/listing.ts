import type { ListMarket } from "../commands/list-market.ts";
import type { Asset } from "../registries/assets.ts";
import { type DecimalRatio, decimalRatio, powerOfTen } from "./decimal-ratio.ts";

/** A market in the words of a listing: decimal strings, in whole units of the assets. */
export interface Listing {
  /** 1 to 2^31 - 1. */
  readonly market: number;
  /** Unless told otherwise, the codes of the two assets: "BTC-USDT". */
  readonly symbol?: string;
  readonly base: Asset;
  readonly quote: Asset;
  /** The unit of prices; it never changes. */
  readonly tickSize: string;
  /** The unit of quantities; it never changes. */
  readonly lotSize: string;
  readonly maxPrice: string;
  /** Unless told otherwise, the most that an order at the highest price may have. */
  readonly maxQuantity?: string;
  /** Unless told otherwise, the tick. */
  readonly priceIncrement?: string;
  /** Unless told otherwise, the lot. */
  readonly quantityIncrement?: string;
  /** Unless told otherwise, the quantity increment. */
  readonly minQuantity?: string;
  /** Least price × quantity of a limit order; none unless told otherwise. */
  readonly minNotional?: string;
}

/** What is wrong with a listing. */
export const LISTING_REFUSALS = {
  decimal_malformed: "A size is digits, and optionally a point and digits.",
  size_must_be_positive: "Tick, lot, increments and maxima are greater than zero.",
  lot_not_whole: "A lot is a whole number of the base asset's smallest units.",
  tick_lot_not_whole: "A tick times a lot is a whole number of the quote asset's smallest units.",
  size_off_unit: "Prices are whole ticks, quantities whole lots.",
  maxima_out_of_range:
    "The highest price is below 2^31 ticks, and maxPrice × maxQuantity below 2^53.",
} as const;

export type ListingRefusalCode = keyof typeof LISTING_REFUSALS;

/** The listing can't be a market. */
export interface ListingRefusal {
  readonly ok: false;
  readonly code: ListingRefusalCode;
  readonly field: keyof Listing;
  readonly rule: string;
  /** With how many decimals of the asset it could. */
  readonly decimalsNeeded?: number;
}

const MAX_PRICE = 2 ** 31 - 2;
const MAX_NOTIONAL = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * The command that lists a market, from decimal strings, exactly.
 *
 * Refuses a market in which a notional would have to be rounded, and says how many decimals of the quote asset would do.
 *
 * @example
 * ```ts
 * const listed = listing({
 *   market: 1,
 *   base: { asset: 1, code: "BTC", decimals: 8 },
 *   quote: { asset: 2, code: "USDT", decimals: 8 },
 *   tickSize: "0.01",
 *   lotSize: "0.00001",
 *   maxPrice: "1000000",
 * });
 * if (listed.ok) await venue.submit(encodeVenueCommand(listed.command));
 * ```
 */
export const listing = (
  given: Listing,
): { readonly ok: true; readonly command: ListMarket } | ListingRefusal => {
  try {
    return { ok: true, command: commandOf(given) };
  } catch (error) {
    if (error instanceof Refused) return error.refusal;
    throw error;
  }
};

/** Carries a refusal out of the sizes that are read one after another. */
class Refused extends Error {
  readonly refusal: ListingRefusal;

  constructor(code: ListingRefusalCode, field: keyof Listing, decimalsNeeded?: number) {
    super(code);
    const refusal = { ok: false as const, code, field, rule: LISTING_REFUSALS[code] };
    this.refusal = decimalsNeeded === undefined ? refusal : { ...refusal, decimalsNeeded };
  }
}

const commandOf = (given: Listing): ListMarket => {
  const tick = positive("tickSize", given.tickSize);
  const lot = positive("lotSize", given.lotSize);
  const lotUnits = wholeUnits(lot, given.base.decimals, "lot_not_whole", "lotSize");
  const tickLot = { units: tick.units * lot.units, decimals: tick.decimals + lot.decimals };
  const quoteDecimals = given.quote.decimals;
  const tickLotUnits = wholeUnits(tickLot, quoteDecimals, "tick_lot_not_whole", "tickSize");

  const priceIncrement = multiple("priceIncrement", given.priceIncrement, tick, 1);
  const quantityIncrement = multiple("quantityIncrement", given.quantityIncrement, lot, 1);
  const minQuantity = multiple("minQuantity", given.minQuantity, lot, quantityIncrement);
  const minNotional = multiple("minNotional", given.minNotional, tickLot, 0);
  const maxPrice = multiple("maxPrice", given.maxPrice, tick, 0);
  if (maxPrice > MAX_PRICE) throw new Refused("maxima_out_of_range", "maxPrice");
  const most = Number(MAX_NOTIONAL / BigInt(maxPrice));
  const mostOfIncrement = most - (most % quantityIncrement);
  const maxQuantity = multiple("maxQuantity", given.maxQuantity, lot, mostOfIncrement);
  if (maxQuantity > most || maxQuantity === 0) {
    throw new Refused("maxima_out_of_range", "maxQuantity");
  }
  return {
    kind: "list_market",
    market: given.market,
    symbol: given.symbol ?? `${given.base.code}-${given.quote.code}`,
    base: given.base.asset,
    quote: given.quote.asset,
    lotUnits,
    tickLotUnits,
    maxPrice,
    maxQuantity,
    priceIncrement,
    quantityIncrement,
    minQuantity,
    minNotional,
  };
};

const positive = (field: keyof Listing, text: string): DecimalRatio => {
  const ratio = decimalRatio(text);
  if (ratio === undefined) throw new Refused("decimal_malformed", field);
  if (ratio.units === 0n) throw new Refused("size_must_be_positive", field);
  return ratio;
};

/** How many smallest units a size is, of an asset with so many decimals. */
const wholeUnits = (
  size: DecimalRatio,
  decimals: number,
  code: ListingRefusalCode,
  field: keyof Listing,
): bigint => {
  const scaled = size.units * powerOfTen(decimals);
  const divisor = powerOfTen(size.decimals);
  if (scaled % divisor === 0n) return scaled / divisor;
  throw new Refused(code, field, decimalsOf(size));
};

/** The decimals that a size needs once needless zeros at its end are gone. */
const decimalsOf = ({ units, decimals }: DecimalRatio): number => {
  let needed = decimals;
  for (let rest = units; needed > 0 && rest % 10n === 0n; rest /= 10n) needed -= 1;
  return needed;
};

/** How many units a size is; `otherwise` where it is not given. */
const multiple = (
  field: keyof Listing,
  text: string | undefined,
  unit: DecimalRatio,
  otherwise: number,
): number => {
  if (text === undefined) return otherwise;
  const isMinimum = field === "minNotional" || field === "minQuantity";
  const size = isMinimum && text === "0" ? { units: 0n, decimals: 0 } : positive(field, text);
  const dividend = size.units * powerOfTen(unit.decimals);
  const divisor = unit.units * powerOfTen(size.decimals);
  if (dividend % divisor !== 0n) throw new Refused("size_off_unit", field);
  const count = dividend / divisor;
  if (count > MAX_NOTIONAL) throw new Refused("maxima_out_of_range", field);
  return Number(count);
};
