/** What a generated workload is made of. Shares in per cent; the rest are orders that trade at once. */
export interface Mix {
  readonly name: string;
  /** Commands that are measured. */
  readonly main: number;
  readonly symbols: number;
  /** Orders that rest on each symbol, before and, about, throughout. */
  readonly resting: number;
  readonly adds: number;
  readonly cancels: number;
  /** Ticks from the middle within which half of the orders come to rest. */
  readonly spread: number;
  /** Ticks from the middle over which the first orders, and some of the later ones, are spread evenly; 0 for none. */
  readonly evenly: number;
}

const MIXED = { symbols: 1, resting: 10_000, adds: 50, cancels: 38, spread: 16, evenly: 0 };
const MATCH = { symbols: 1, resting: 2_000, adds: 50, cancels: 0, spread: 4, evenly: 0 };
const DEEP = { ...MIXED, resting: 1_000_000, evenly: 5_000 };
const MANY = { ...MIXED, symbols: 5_000, resting: 20, spread: 4 };

/** Many orders take long to place: a quick look has a tenth of the deep book on as many levels, and a fifth of the markets. */
export const mixesOf = (short: boolean): readonly Mix[] => {
  const main = short ? 100_000 : 500_000;
  return [
    { name: "mixed", main, ...MIXED },
    { name: "match", main, ...MATCH },
    { name: "deep", main, ...DEEP, resting: short ? 100_000 : DEEP.resting },
    { name: "many", main, ...MANY, symbols: short ? 1_000 : MANY.symbols },
  ];
};

export const descriptionOf = (mix: Mix): string => {
  const { symbols, resting, adds, cancels, evenly } = mix;
  const markets = symbols === 1 ? "1 market" : `${symbols} markets, picked evenly`;
  const levels = evenly === 0 ? "" : ` over ${evenly * 2} levels`;
  return `${markets}, ${symbols * resting} orders resting${levels}, then ${adds} % rest, ${cancels} % cancel, ${100 - adds - cancels} % trade at once`;
};
