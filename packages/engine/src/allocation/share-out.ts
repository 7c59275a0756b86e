import { Allocation, type AllocationRule } from "./allocation.ts";

/** The orders of a level in the order of its queue, and their lots. Together they have less than 2^53. */
interface Level {
  /** What each order has. */
  readonly there: readonly number[];
  /** What each has been given so far: never more. */
  readonly shares: number[];
  readonly quantityIncrement: number;
  /** Whether an order is the lead market maker's. */
  readonly isLead: (index: number) => boolean;
}

/** Gives some of the lots that are left to the orders of a level, and answers how many. */
export type Step = (lots: number, level: Level) => number;

/** What a market's choice does with the lots for a level: step after step, the last of which gives all that is left. */
export const stepsOf = (rule: AllocationRule): Step[] =>
  rule.allocation === Allocation.price_time
    ? [byTime]
    : [
        toTopOrder(rule.topOrderMaximum),
        partToLead(rule.leadPercent),
        partByTime(rule.fifoPercent),
        proRata(rule.minimumShare),
        byTime,
      ];

/** How many of the lots wanted each order of a level gives; `there` is what each has, in whole increments as `wanted` is. */
export const shareOut = (
  steps: readonly Step[],
  wanted: number,
  there: readonly number[],
  quantityIncrement: number,
  isLead: (index: number) => boolean = () => false,
): number[] => {
  const shares = there.map(() => 0);
  let lots = Math.min(wanted, sumOf(there));
  for (const step of steps) lots -= step(lots, { there, shares, quantityIncrement, isLead });
  return shares;
};

const byTime: Step = (lots, level) => byTimeAmong(() => true, lots, level);

const byTimeAmong = (
  takesPart: (index: number) => boolean,
  lots: number,
  { there, shares }: Level,
): number => {
  let left = lots;
  for (const [index, had] of leftOf(there, shares).entries()) {
    if (!takesPart(index)) continue;
    const share = Math.min(left, had);
    shares[index] = (shares[index] as number) + share;
    left -= share;
  }
  return lots - left;
};

const toTopOrder =
  (maximum: number): Step =>
  (lots, level) =>
    byTimeAmong(
      (index) => index === 0,
      Math.min(lots, wholeIncrements(maximum, level.quantityIncrement)),
      level,
    );

const partToLead =
  (percent: number): Step =>
  (lots, level) =>
    byTimeAmong(
      level.isLead,
      wholeIncrements(partOf(lots, percent, 100), level.quantityIncrement),
      level,
    );

const partByTime =
  (percent: number): Step =>
  (lots, level) =>
    byTime(wholeIncrements(partOf(lots, percent, 100), level.quantityIncrement), level);

const proRata =
  (minimumShare: number): Step =>
  (lots, { there, shares, quantityIncrement }) => {
    const left = leftOf(there, shares);
    const all = sumOf(left);
    let given = 0;
    for (const [index, had] of left.entries()) {
      // Where nobody has anything left, nobody comes here with a part of it.
      const share = had === 0 ? 0 : wholeIncrements(partOf(lots, had, all), quantityIncrement);
      if (share < minimumShare) continue;
      shares[index] = (shares[index] as number) + share;
      given += share;
    }
    return given;
  };

const leftOf = (there: readonly number[], shares: readonly number[]): number[] =>
  there.map((had, index) => had - (shares[index] as number));

const sumOf = (lots: readonly number[]): number => lots.reduce((sum, each) => sum + each, 0);

/** lots × part / whole, rounded down. The product may exceed what a double counts exactly; see `isMultipleOf` for why this floor is exact. */
const partOf = (lots: number, part: number, whole: number): number =>
  lots * part <= Number.MAX_SAFE_INTEGER
    ? Math.floor((lots * part) / whole)
    : Number((BigInt(lots) * BigInt(part)) / BigInt(whole));

const wholeIncrements = (lots: number, increment: number): number =>
  Math.floor(lots / increment) * increment;
