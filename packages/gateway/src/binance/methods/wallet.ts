import { formatAmount } from "@pincex/ledger";
import type { PublicMethod, SignedMethod } from "../method.ts";
import { binanceSymbol } from "../symbol.ts";
import { assetBalances } from "./account.ts";

/** What clients ask of Binance's wallet before they trade. Money comes in and goes out by the host, not by the dialect. */
export const systemStatus: PublicMethod = {
  routes: ["GET /sapi/v1/system/status"],
  name: "",
  weight: 1,
  security: "public",
  run: () => ({ status: 0, msg: "normal" }),
};

export const allCoins: SignedMethod = {
  routes: ["GET /sapi/v1/capital/config/getall"],
  name: "",
  weight: 10,
  security: "read",
  run: (call) =>
    assetBalances(call).map(({ code, decimals, available, held }) => ({
      coin: code,
      name: code,
      depositAllEnable: false,
      withdrawAllEnable: false,
      free: formatAmount(available, decimals),
      locked: formatAmount(held, decimals),
      freeze: "0",
      withdrawing: "0",
      ipoing: "0",
      ipoable: "0",
      storage: "0",
      isLegalMoney: false,
      trading: true,
      networkList: [],
    })),
};

export const tradeFees: SignedMethod = {
  routes: ["GET /sapi/v1/asset/tradeFee"],
  name: "",
  weight: 1,
  security: "read",
  run: ({ parameters }) =>
    parameters.marketChoice().markets.map(({ market }) => ({
      symbol: binanceSymbol(market),
      makerCommission: String(market.makerPpm / 1_000_000),
      takerCommission: String(market.takerPpm / 1_000_000),
    })),
};

const emptyList = (route: `GET /${string}`): SignedMethod => ({
  routes: [route],
  name: "",
  weight: 1,
  security: "read",
  run: () => [],
});

/** There is no margin trading, and no money that moves by the dialect: the lists of both are empty. */
export const EMPTY_LISTS: readonly SignedMethod[] = [
  emptyList("GET /sapi/v1/margin/allPairs"),
  emptyList("GET /sapi/v1/margin/isolated/allPairs"),
  emptyList("GET /sapi/v1/capital/deposit/hisrec"),
  emptyList("GET /sapi/v1/capital/withdraw/history"),
];

/** Clients ask futures hosts what they trade before they trade on spot: nothing. */
export const futuresExchangeInfo: PublicMethod = {
  routes: ["GET /fapi/v1/exchangeInfo", "GET /dapi/v1/exchangeInfo"],
  name: "",
  weight: 1,
  security: "public",
  run: ({ clock }) => ({
    timezone: "UTC",
    serverTime: clock(),
    rateLimits: [],
    exchangeFilters: [],
    assets: [],
    symbols: [],
  }),
};
