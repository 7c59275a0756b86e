import type { SourceQuotation } from "../followed-market.ts";
import type { ReferencePriceOptions } from "../reference-price.ts";

/** Every price as often as its weight says, in ascending order: slow, and nothing to get wrong. */
const spelledOut = (
  quotations: readonly SourceQuotation[],
  weights: Readonly<Record<string, number>>,
): number[] =>
  quotations
    .flatMap(({ source, price }) => Array.from({ length: weights[source] ?? 1 }, () => price))
    .sort((one, other) => one - other);

const medianOf = (prices: readonly number[]): number => {
  const middle = prices.length / 2;
  if (prices.length % 2 === 1) return prices[Math.floor(middle)] as number;
  return Math.floor(((prices[middle - 1] as number) + (prices[middle] as number)) / 2);
};

const meanOf = (prices: readonly number[]): number =>
  Math.floor(prices.reduce((sum, price) => sum + price, 0) / prices.length);

/** What `referencePrice` must answer, for small weights and prices. */
export const naiveReferencePrice = (
  quotations: readonly SourceQuotation[],
  options: ReferencePriceOptions,
): { price: number | undefined; used: string[] } => {
  const weights = options.weights ?? {};
  const latest = new Map<string, SourceQuotation>();
  for (const quotation of quotations) {
    const known = latest.get(quotation.source);
    const replaces =
      known === undefined ||
      quotation.at > known.at ||
      (quotation.at === known.at && quotation.price > known.price);
    if (replaces) latest.set(quotation.source, quotation);
  }
  const fresh = [...latest.values()].filter(
    ({ source, at }) => (weights[source] ?? 1) > 0 && at >= options.now - options.maxAgeMs,
  );
  if (fresh.length === 0) return { price: undefined, used: [] };
  const middle = medianOf(spelledOut(fresh, weights));
  const used = fresh.filter(
    ({ price }) => Math.abs(price - middle) * 10_000 <= middle * options.maxDeviationBps,
  );
  const prices = spelledOut(used, weights);
  const price = options.method === "mean" ? meanOf(prices) : medianOf(prices);
  return {
    price: used.length < options.minSources ? undefined : price,
    used: used.map(({ source }) => source).sort(),
  };
};
