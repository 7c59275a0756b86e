import { formatAmount } from "@pincex/ledger";
import type { SignedCall, SignedMethod } from "../method.ts";
import { fillMessage } from "../order-message.ts";
import { orderLimits } from "../request-usage.ts";
import { binanceSymbol } from "../symbol.ts";
import { rateOf } from "./order-place.ts";

export const accountStatus: SignedMethod = {
  routes: ["GET /api/v3/account"],
  name: "account.status",
  weight: 20,
  security: "read",
  run: (call) => {
    const { parameters, principal, views, clock } = call;
    const omitZeros = parameters.flag("omitZeroBalances") ?? false;
    const balances = assetBalances(call);
    const canTrade = principal.permissions.includes("trade");
    // Rates differ by market; Binance has room for one here, so it is the dearest.
    const fees = views.markets().map(({ market }) => views.fees(principal.account, market));
    const maker = Math.max(0, ...fees.map(({ makerPpm }) => makerPpm));
    const taker = Math.max(0, ...fees.map(({ takerPpm }) => takerPpm));
    return {
      makerCommission: maker / PPM_IN_BASIS_POINT,
      takerCommission: taker / PPM_IN_BASIS_POINT,
      buyerCommission: 0,
      sellerCommission: 0,
      commissionRates: {
        maker: rateOf(maker),
        taker: rateOf(taker),
        buyer: rateOf(0),
        seller: rateOf(0),
      },
      canTrade,
      canWithdraw: false,
      canDeposit: false,
      brokered: false,
      requireSelfTradePrevention: false,
      preventSor: false,
      updateTime: clock(),
      accountType: "SPOT",
      balances: balances
        .filter(({ available, held }) => !omitZeros || available !== 0n || held !== 0n)
        .map(({ code, decimals, available, held }) => ({
          asset: code,
          free: formatAmount(available, decimals),
          locked: formatAmount(held, decimals),
        })),
      permissions: ["SPOT"],
      uid: principal.account,
    };
  },
};

const PPM_IN_BASIS_POINT = 100;

interface AssetBalance {
  readonly code: string;
  readonly decimals: number;
  readonly available: bigint;
  readonly held: bigint;
}

/** What the account has of every asset of the venue, nothing included. */
export const assetBalances = ({ views, principal }: SignedCall): AssetBalance[] => {
  const balances = new Map(
    views.balances(principal.account).map((balance) => [balance.asset, balance]),
  );
  return views.assets().map(({ asset, code, decimals }) => {
    const { available = 0n, held = 0n } = balances.get(asset) ?? {};
    return { code, decimals, available, held };
  });
};

export const myTrades: SignedMethod = {
  routes: ["GET /api/v3/myTrades"],
  name: "myTrades",
  weight: 20,
  security: "read",
  run: ({ parameters, principal, views }) => {
    const numbers = parameters.market();
    const limit = parameters.limit(500, 1_000);
    const fromTradeId = parameters.optionalInteger("fromId");
    const orderId = parameters.optionalInteger("orderId");
    const startTime = parameters.optionalInteger("startTime") ?? 0;
    const endTime = parameters.optionalInteger("endTime") ?? Number.POSITIVE_INFINITY;
    const fills = views
      .fills(principal.account, {
        market: numbers.market.market,
        orderId,
        fromTradeId,
        limit: Number.MAX_SAFE_INTEGER,
      })
      .filter(({ at }) => at >= startTime && at <= endTime);
    const fromTheStart = fromTradeId !== undefined || startTime > 0;
    const chosen = fromTheStart ? fills.slice(0, limit) : fills.slice(-limit);
    return chosen.map((fill) => fillMessage(numbers, fill, views));
  },
};

export const accountOrderLimits: SignedMethod = {
  routes: ["GET /api/v3/rateLimit/order"],
  name: "account.rateLimits.orders",
  weight: 40,
  security: "read",
  run: ({ usage, principal, clock }) => orderLimits(usage, principal.account, clock()),
};

export const accountCommission: SignedMethod = {
  routes: ["GET /api/v3/account/commission"],
  name: "account.commission",
  weight: 20,
  security: "read",
  run: ({ parameters, principal, views }) => {
    const { market } = parameters.market();
    const { makerPpm, takerPpm } = views.fees(principal.account, market.market);
    const none = { maker: rateOf(0), taker: rateOf(0), buyer: rateOf(0), seller: rateOf(0) };
    return {
      symbol: binanceSymbol(market),
      standardCommission: {
        ...none,
        maker: rateOf(makerPpm),
        taker: rateOf(takerPpm),
      },
      specialCommission: none,
      taxCommission: none,
      discount: {
        enabledForAccount: false,
        enabledForSymbol: false,
        discountAsset: "",
        discount: rateOf(0),
      },
    };
  },
};

/** Filters that an account has beside those of all: none. */
export const myFilters: SignedMethod = {
  routes: ["GET /api/v3/myFilters"],
  name: "myFilters",
  weight: 40,
  security: "read",
  run: ({ parameters }) => {
    parameters.market();
    return { exchangeFilters: [], symbolFilters: [], assetFilters: [] };
  },
};
