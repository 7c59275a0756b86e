import type { Method } from "./method.ts";
import {
  accountCommission,
  accountOrderLimits,
  accountStatus,
  myFilters,
  myTrades,
} from "./methods/account.ts";
import { exchangeInfo, ping, time } from "./methods/general.ts";
import { averagePrice, klines, uiKlines } from "./methods/klines.ts";
import {
  listPlaceOco,
  listPlaceOldOco,
  listPlaceOto,
  listPlaceOtoco,
} from "./methods/list-place.ts";
import { allLists, listCancel, listStatusQuery, openLists } from "./methods/list-query.ts";
import { listenKeyEnd, listenKeyKeepAlive, listenKeyOpen } from "./methods/listen-key.ts";
import { aggregateTrades, depth, historicalTrades, recentTrades } from "./methods/market-data.ts";
import { orderAmend } from "./methods/order-amend.ts";
import { openOrdersCancelAll, orderCancel } from "./methods/order-cancel.ts";
import { orderCancelReplace } from "./methods/order-cancel-replace.ts";
import { orderPlace, orderTest } from "./methods/order-place.ts";
import { allOrders, openOrdersStatus, orderStatus } from "./methods/order-query.ts";
import {
  rollingTicker,
  ticker24h,
  tickerBook,
  tickerPrice,
  tickerTradingDay,
} from "./methods/tickers.ts";
import {
  allCoins,
  EMPTY_LISTS,
  futuresExchangeInfo,
  systemStatus,
  tradeFees,
} from "./methods/wallet.ts";

/** Everything that the dialect can do on request. */
const METHODS: readonly Method[] = [
  ping,
  time,
  exchangeInfo,
  depth,
  recentTrades,
  historicalTrades,
  aggregateTrades,
  klines,
  uiKlines,
  averagePrice,
  ticker24h,
  rollingTicker,
  tickerTradingDay,
  tickerPrice,
  tickerBook,
  orderPlace,
  orderTest,
  orderStatus,
  orderCancel,
  openOrdersStatus,
  openOrdersCancelAll,
  allOrders,
  orderCancelReplace,
  orderAmend,
  listPlaceOco,
  listPlaceOldOco,
  listPlaceOto,
  listPlaceOtoco,
  listStatusQuery,
  listCancel,
  openLists,
  allLists,
  accountStatus,
  myTrades,
  accountOrderLimits,
  accountCommission,
  myFilters,
  listenKeyOpen,
  listenKeyKeepAlive,
  listenKeyEnd,
  systemStatus,
  allCoins,
  tradeFees,
  ...EMPTY_LISTS,
  futuresExchangeInfo,
];

/** By "GET /api/v3/depth". */
export const METHODS_BY_ROUTE: ReadonlyMap<string, Method> = new Map(
  METHODS.flatMap((method) => method.routes.map((route) => [route, method] as const)),
);

/** By "depth", for the WebSocket API. */
export const METHODS_BY_NAME: ReadonlyMap<string, Method> = new Map(
  METHODS.filter(({ name }) => name !== "").map((method) => [method.name, method]),
);

/** All paths of REST, whatever the verb. */
export const PATHS: ReadonlySet<string> = new Set(
  [...METHODS_BY_ROUTE.keys()].map((route) => route.slice(route.indexOf(" ") + 1)),
);
