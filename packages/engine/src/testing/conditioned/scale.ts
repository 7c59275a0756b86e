import { MARKETS } from "../order-flow.ts";

/** The market where most of a flow happens. */
export const MAIN_MARKET = 1;

/** Prices of a flow are levels, 0 to 11, so that orders meet in every market; quantities are units, so that they add up. */
export const LEVELS = 12;

const WIDE = [
  1,
  2,
  31,
  32,
  33,
  1023,
  1024,
  2 ** 30,
  2 ** 30 + 1,
  2 ** 31 - 4,
  2 ** 31 - 3,
  2 ** 31 - 2,
];

/** The price of a level, in ticks; of the main market counted from `lowest`. */
export const priceOf = (market: number, level: number, lowest: number): number => {
  if (market === MAIN_MARKET) return lowest + level;
  if (market === 2) return (19 + level) * 5;
  if (market === 77_777) return WIDE[level] ?? 1;
  return 1 + (level % 2);
};

/** So many units in lots. In the last market an order is nearly all that a double can count, however many units it has. */
export const lotsOf = (market: number, units: number): number => {
  if (market === MAIN_MARKET) return units;
  if (market === 2) return units * 10;
  if (market === 77_777) return units * 50_000;
  return 2 ** 52 - Math.max(1, units);
};

/** The main market most of the time, each of the others now and then. */
export const MARKET_NUMBERS: readonly number[] = [
  ...Array.from({ length: 14 }, () => MAIN_MARKET),
  ...MARKETS.map(({ market }) => market),
];
