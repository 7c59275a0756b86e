/** An asset as the exchange is set up with it. */
export interface AssetSetup {
  /** 1 to 16 capital letters and digits. */
  readonly code: string;
  /** The asset's smallest unit is 10^−decimals. */
  readonly decimals: number;
  /** What each demo account starts with, as a decimal; each simulated trader gets 10,000 times as much. */
  readonly demoDeposit: string;
}

/** A market as the exchange is set up with it. Prices are in the quote asset, quantities in the base asset, as decimals. */
export interface MarketSetup {
  /** Base and quote asset, such as "BTC-USDT". */
  readonly symbol: string;
  /** The unit of prices. */
  readonly tick: string;
  /** The unit of quantities. */
  readonly lot: string;
  /** The higher it is, the smaller is the largest order: price × quantity stays below 2^53 ticks × lots. */
  readonly maxPrice: string;
  /** Least price × quantity of an order. */
  readonly minNotional: string;
  /** Where simulated traders begin, and the price that they stay around. */
  readonly referencePrice: string;
}

/** What trades cost, maker and taker alike: 0.1 % of what is received. */
export const FEE_PPM = 1_000;

export const DEFAULT_ASSETS: readonly AssetSetup[] = [
  { code: "BTC", decimals: 8, demoDeposit: "10" },
  { code: "ETH", decimals: 18, demoDeposit: "200" },
  { code: "SOL", decimals: 9, demoDeposit: "5000" },
  { code: "USDT", decimals: 8, demoDeposit: "1000000" },
];

export const DEFAULT_MARKETS: readonly MarketSetup[] = [
  {
    symbol: "BTC-USDT",
    tick: "0.01",
    lot: "0.00001",
    maxPrice: "1000000",
    minNotional: "5",
    referencePrice: "64250",
  },
  {
    symbol: "ETH-USDT",
    tick: "0.01",
    lot: "0.0001",
    maxPrice: "100000",
    minNotional: "5",
    referencePrice: "3180",
  },
  {
    symbol: "SOL-USDT",
    tick: "0.01",
    lot: "0.001",
    maxPrice: "10000",
    minNotional: "5",
    referencePrice: "148.50",
  },
];

/** An account that the exchange opens by itself. */
export interface AccountSetup {
  readonly account: number;
  readonly name: string;
  /** How many demo deposits it starts with. */
  readonly deposits: number;
}

/** People's: each has an API key in `demo-keys.json`. */
export const DEMO_ACCOUNTS: readonly AccountSetup[] = [
  { account: 1, name: "alice", deposits: 1 },
  { account: 2, name: "bob", deposits: 1 },
];

const TRADER_DEPOSITS = 10_000;

export const MARKET_MAKER: AccountSetup = {
  account: 3,
  name: "market-maker",
  deposits: TRADER_DEPOSITS,
};

export const NOISE_TRADERS: readonly AccountSetup[] = [
  { account: 4, name: "noise-trader-1", deposits: TRADER_DEPOSITS },
  { account: 5, name: "noise-trader-2", deposits: TRADER_DEPOSITS },
  { account: 6, name: "noise-trader-3", deposits: TRADER_DEPOSITS },
];
