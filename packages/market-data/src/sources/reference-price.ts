import type { SourceQuotation } from "./followed-market.ts";

export interface ReferencePriceOptions {
  /** The present, in milliseconds since 1970-01-01 UTC. */
  readonly now: number;
  /** A quotation that is older is stale. In milliseconds, from 0 on. */
  readonly maxAgeMs: number;
  /** One further from the median of the fresh ones is an outlier. In basis points of that median, from 0 on: 100 are 1 %. */
  readonly maxDeviationBps: number;
  /** Below so many that are left there is no price. From 1 on; a majority of the sources is a good choice. */
  readonly minSources: number;
  /** By source: whole numbers from 0 on, 1 where none is given. A source of 0 is not asked. */
  readonly weights?: Readonly<Record<string, number>>;
  /** `median`, unless told otherwise: it moves by what half of the weight says. `mean` moves by every source a little. */
  readonly method?: "median" | "mean";
}

/** Why a quotation was left out. */
export type DroppedBecause = "stale" | "outlier" | "weightless" | "later_quotation";

/** What several sources say together. */
export interface ReferencePrice {
  /** In the units of the quotations; undefined if too few of them were left. */
  readonly price: number | undefined;
  /** The quotations that it is made of, in the order of their sources' names. */
  readonly used: readonly SourceQuotation[];
  readonly dropped: readonly {
    readonly quotation: SourceQuotation;
    readonly because: DroppedBecause;
  }[];
}

/**
 * One price from several sources, such as a venue's price bands go by.
 *
 * 1. Of several quotations of one source the latest counts. One older than `maxAgeMs` is dropped, as is one of weight 0.
 * 2. So are outliers: those further than `maxDeviationBps` from the weighted median of what is left. Half of the weight must lie to
 *    move the median, so a single source, however wrong, drops itself and nobody else.
 * 3. What remains is joined: by weighted median, or by weighted mean, rounded down.
 *
 * The weighted median is the lowest price at or below which at least half of the weight lies; where exactly half of it does,
 * the middle between that price and the next, rounded down. All of it is whole-number arithmetic: the same quotations, in any order, give
 * the same price everywhere.
 *
 * Throws a `RangeError` for options or quotations that are out of range.
 *
 * @example
 * ```ts
 * import { referencePrice } from "@pincex/market-data";
 *
 * const quotations = [
 *   { source: "binance", price: 6_183_763, at: 1_000 },
 *   { source: "kraken", price: 6_183_900, at: 1_200 },
 *   { source: "broken", price: 61_837, at: 1_200 },
 *   { source: "asleep", price: 6_100_000, at: 0 },
 * ];
 * const options = { now: 1_500, maxAgeMs: 1_000, maxDeviationBps: 100, minSources: 2 };
 * referencePrice(quotations, options).price; // => 6_183_831
 * ```
 */
export const referencePrice = (
  quotations: readonly SourceQuotation[],
  options: ReferencePriceOptions,
): ReferencePrice => {
  assertOptions(options);
  quotations.forEach(assertQuotation);
  const dropped: { quotation: SourceQuotation; because: DroppedBecause }[] = [];
  const kept = (
    among: readonly SourceQuotation[],
    reasonOf: (one: SourceQuotation) => DroppedBecause | undefined,
  ): SourceQuotation[] =>
    among.filter((quotation) => {
      const because = reasonOf(quotation);
      if (because !== undefined) dropped.push({ quotation, because });
      return because === undefined;
    });

  const { now, maxAgeMs, maxDeviationBps, minSources, method = "median" } = options;
  const weighted = (among: readonly SourceQuotation[]): Weighted[] =>
    among.map(({ source, price }) => ({
      price: BigInt(price),
      weight: BigInt(weightOf(options, source)),
    }));

  const inOrder = [...quotations].sort(bySource);
  const fresh = kept(inOrder, (one) => {
    if (inOrder.some((other) => isReplaced(one, other))) return "later_quotation";
    if (weightOf(options, one.source) === 0) return "weightless";
    return now - one.at > maxAgeMs ? "stale" : undefined;
  });
  if (fresh.length === 0) return { price: undefined, used: [], dropped };
  const middle = weightedMedian(weighted(fresh));
  const used = kept(fresh, ({ price }) =>
    deviates(BigInt(price), middle, maxDeviationBps) ? "outlier" : undefined,
  );
  if (used.length < minSources) return { price: undefined, used, dropped };
  const joined =
    method === "median" ? weightedMedian(weighted(used)) : weightedMean(weighted(used));
  return { price: Number(joined), used, dropped };
};

interface Weighted {
  readonly price: bigint;
  readonly weight: bigint;
}

const totalOf = (among: readonly Weighted[]): bigint =>
  among.reduce((sum, { weight }) => sum + weight, 0n);

const weightedMedian = (among: readonly Weighted[]): bigint => {
  const ascending = among.toSorted((one, other) => Number(one.price - other.price));
  const total = totalOf(ascending);
  let below = 0n;
  for (const [index, { price, weight }] of ascending.entries()) {
    below += weight;
    if (2n * below > total) return price;
    if (2n * below === total) return (price + (ascending[index + 1] ?? { price }).price) / 2n;
  }
  throw new RangeError("expected a quotation that has a weight");
};

const weightedMean = (among: readonly Weighted[]): bigint =>
  among.reduce((sum, { price, weight }) => sum + price * weight, 0n) / totalOf(among);

const deviates = (price: bigint, middle: bigint, maxDeviationBps: number): boolean => {
  const distance = price > middle ? price - middle : middle - price;
  return distance * 10_000n > middle * BigInt(maxDeviationBps);
};

const weightOf = ({ weights = {} }: ReferencePriceOptions, source: string): number =>
  Object.hasOwn(weights, source) ? (weights[source] ?? 1) : 1;

/** By code units, not by a locale: the order must be the same everywhere. */
const bySource = (one: SourceQuotation, other: SourceQuotation): number => {
  if (one.source !== other.source) return one.source < other.source ? -1 : 1;
  return one.at - other.at || one.price - other.price;
};

/** Of the same source, and later; of two at one moment the higher price counts. */
const isReplaced = (one: SourceQuotation, other: SourceQuotation): boolean =>
  one.source === other.source &&
  (other.at > one.at || (other.at === one.at && other.price > one.price));

const assertOptions = (options: ReferencePriceOptions): void => {
  const { now, maxAgeMs, maxDeviationBps, minSources, weights = {} } = options;
  assertWhole("a time", now, 0);
  assertWhole("maxAgeMs", maxAgeMs, 0);
  assertWhole("maxDeviationBps", maxDeviationBps, 0);
  assertWhole("minSources", minSources, 1);
  for (const [source, weight] of Object.entries(weights)) {
    assertWhole(`a weight of ${source}`, weight, 0);
  }
};

const assertQuotation = ({ source, price, at }: SourceQuotation): void => {
  assertWhole(`a price of ${source}`, price, 1);
  assertWhole(`a time of ${source}`, at, 0);
};

const assertWhole = (what: string, value: number, least: number): void => {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new RangeError(`expected ${what} as a whole number from ${least} on, was ${value}`);
};
