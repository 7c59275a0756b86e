import type { OrderView, Views } from "@pincex/venue/views";
import { isOpenList, listsOf } from "../order-lists.ts";
import { type BalanceMessage, balanceMessage, fillMessage, orderMessage } from "./messages.ts";
import {
  marketNamed,
  marketOf,
  type NativeRoute,
  type SignedNativeCall,
} from "./native-services.ts";
import { listMessage, listNamed } from "./order-lists.ts";
import { orderNamed } from "./order-names.ts";
import { Problem } from "./problem.ts";
import {
  fillsQuerySchema,
  orderListsQuerySchema,
  ordersQuerySchema,
  validated,
} from "./schemas.ts";

/** What the owner of a key may ask. */
export const ACCOUNT_ROUTES: readonly NativeRoute[] = [
  {
    method: "GET",
    path: "/v1/orders",
    summary: "Orders: open ones, closed ones by the cursor, or all that are retained.",
    query: ordersQuerySchema,
    access: "read",
    run: (call) => {
      const query = validated(ordersQuerySchema, call.query);
      const { market, status = "open", limit = 500, fromId, cursor } = query;
      const number = market === undefined ? undefined : marketNamed(call, market).market.market;
      if (status === "closed" && fromId === undefined) {
        const { page, nextCursor } = closedOrders(call, number, limit, cursor);
        return { json: { orders: page.map((order) => messageOf(call, order)), nextCursor } };
      }
      if (cursor !== undefined) {
        throw new Problem(
          400,
          "field_not_wanted",
          "cursor",
          "A cursor is of closed orders, and without fromId.",
        );
      }
      const orders = ordersOf(call, status, number).filter(
        ({ orderId }) => fromId === undefined || orderId >= fromId,
      );
      const chosen = fromId === undefined ? orders.slice(-limit) : orders.slice(0, limit);
      return { json: { orders: chosen.map((order) => messageOf(call, order)) } };
    },
  },
  {
    method: "GET",
    path: "/v1/orders/{id}",
    summary: "An order, by its id or by client: and its client order id.",
    access: "read",
    run: (call) => {
      return { json: messageOf(call, orderNamed(call, call.path["id"] ?? "")) };
    },
  },
  {
    method: "GET",
    path: "/v1/order-lists",
    summary: "Order lists: open ones, closed ones, or all that are retained.",
    query: orderListsQuerySchema,
    access: "read",
    run: (call) => {
      const { status = "open" } = validated(orderListsQuerySchema, call.query);
      const lists = listsOf(call.views, call.principal.account).filter(
        (orders) => status === "all" || isOpenList(orders) === (status === "open"),
      );
      return { json: { lists: lists.map((orders) => listMessage(call, orders)) } };
    },
  },
  {
    method: "GET",
    path: "/v1/order-lists/{id}",
    summary: "An order list.",
    access: "read",
    run: (call) => {
      return { json: listMessage(call, listNamed(call, call.path["id"] ?? "")) };
    },
  },
  {
    method: "GET",
    path: "/v1/fills",
    summary: "Fills with their fees.",
    query: fillsQuerySchema,
    access: "read",
    run: (call) => {
      const { market, orderId, limit = 500, fromId } = validated(fillsQuerySchema, call.query);
      const number = market === undefined ? undefined : marketNamed(call, market).market.market;
      const fills = call.views.fills(call.principal.account, {
        market: number,
        orderId,
        limit,
        fromTradeId: fromId,
      });
      return {
        json: { fills: fills.map((fill) => fillMessage(marketOf(call, fill), fill, call.views)) },
      };
    },
  },
  {
    method: "GET",
    path: "/v1/balances",
    summary: "Balances: total, held, available.",
    access: "read",
    run: (call) => {
      return {
        json: {
          sequence: call.views.sequence,
          balances: balancesOf(call.views, call.principal.account),
        },
      };
    },
  },
  {
    method: "GET",
    path: "/v1/fees",
    summary: "What the account pays, in millionths.",
    access: "read",
    run: ({ views, principal }) => {
      const fees = views.markets().map(({ market, symbol }) => {
        const { makerPpm, takerPpm, paidIn } = views.fees(principal.account, market);
        return { market: symbol, makerFeePpm: makerPpm, takerFeePpm: takerPpm, paidIn };
      });
      return { json: { fees } };
    },
  },
];

/** Every asset of the venue, those that the account has nothing of included. */
export const balancesOf = (views: Views, account: number): BalanceMessage[] => {
  const balances = new Map(views.balances(account).map((balance) => [balance.asset, balance]));
  return views
    .assets()
    .map((asset) => balanceMessage(asset, balances.get(asset.asset) ?? { balance: 0n, held: 0n }));
};

const ordersOf = (
  { views, principal }: SignedNativeCall,
  status: "open" | "closed" | "all",
  market: number | undefined,
): OrderView[] => {
  if (status === "open") return views.openOrders(principal.account, market);
  const orders = views.orders(principal.account, { market, limit: Number.MAX_SAFE_INTEGER });
  return status === "all" ? orders : orders.filter((order) => order.status !== "open");
};

/**
 * A page of the closed orders, those that were done last first. An old order may be done today, so that ids don't say where a
 * page ends: the number of the command that ended it does, and the id where one command has ended several.
 */
const closedOrders = (
  call: SignedNativeCall,
  market: number | undefined,
  limit: number,
  cursor: string | undefined,
): { page: OrderView[]; nextCursor: string | null } => {
  const [sequence = Number.POSITIVE_INFINITY, orderId = 0] = (cursor?.split(".") ?? []).map(Number);
  const left = ordersOf(call, "closed", market)
    .filter(
      (order) =>
        order.sequence < sequence || (order.sequence === sequence && order.orderId < orderId),
    )
    .sort((one, other) => other.sequence - one.sequence || other.orderId - one.orderId);
  const page = left.slice(0, limit);
  const last = page.at(-1);
  const isEnd = last === undefined || left.length === page.length;
  return { page, nextCursor: isEnd ? null : `${last.sequence}.${last.orderId}` };
};

const messageOf = (call: SignedNativeCall, order: OrderView): object =>
  orderMessage(marketOf(call, order), order);
