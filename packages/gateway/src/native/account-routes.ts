import { formatAmount } from "@pincex/ledger";
import type { OrderView } from "@pincex/venue/views";
import type { MarketNumbers } from "../market-numbers.ts";
import type { NewOrder } from "../new-order.ts";
import { type Refusal, refusal } from "../refusal.ts";
import { balanceMessage, fillMessage, orderMessage, placementFillMessage } from "./messages.ts";
import {
  marketNamed,
  marketOf,
  type NativeRoute,
  type SignedNativeCall,
} from "./native-services.ts";
import { readNewOrder } from "./new-order.ts";
import { orderUnknown, Problem, problemOf } from "./problem.ts";
import {
  cancelAllQuerySchema,
  fillsQuerySchema,
  noQuerySchema,
  ordersQuerySchema,
  validated,
} from "./schemas.ts";

/** What the owner of a key may ask and do. */
export const ACCOUNT_ROUTES: readonly NativeRoute[] = [
  {
    method: "POST",
    path: "/v1/orders",
    access: "trade",
    run: async (call) => {
      validated(noQuerySchema, call.query);
      const { numbers, order } = readNewOrder(call);
      const placed = await call.orders.place(order);
      if (!placed.ok) throw problemOf(placed, amountWriter(numbers, order));
      return {
        // Repeated, it is an old answer and nothing new came to be.
        status: placed.repeated ? 200 : 201,
        json: {
          order: orderMessage(numbers, placed.order),
          fills: placed.fills.map((fill) => placementFillMessage(numbers, fill, call.views)),
        },
      };
    },
  },
  {
    method: "GET",
    path: "/v1/orders",
    access: "read",
    run: (call) => {
      const {
        market,
        status = "open",
        limit = 500,
        fromId,
      } = validated(ordersQuerySchema, call.query);
      const number = market === undefined ? undefined : marketNamed(call, market).market.market;
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
    access: "read",
    run: (call) => {
      validated(noQuerySchema, call.query);
      return { json: messageOf(call, orderNamed(call)) };
    },
  },
  {
    method: "DELETE",
    path: "/v1/orders/{id}",
    access: "trade",
    run: async (call) => {
      validated(noQuerySchema, call.query);
      const order = orderNamed(call);
      const { account, market, orderId } = order;
      const cancelled = await call.orders.cancel(account, market, { orderId, clientOrderId: "" });
      if (!cancelled.ok) throw notCancelled(cancelled);
      return { json: { order: messageOf(call, cancelled.order) } };
    },
  },
  {
    method: "DELETE",
    path: "/v1/orders",
    access: "trade",
    run: async (call) => {
      const { market } = validated(cancelAllQuerySchema, call.query);
      const number = market === undefined ? undefined : marketNamed(call, market).market.market;
      const cancelled = await call.orders.cancelAll(call.principal.account, number);
      return { json: { orders: cancelled.map(({ order }) => messageOf(call, order)) } };
    },
  },
  {
    method: "GET",
    path: "/v1/fills",
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
    access: "read",
    run: (call) => {
      validated(noQuerySchema, call.query);
      return { json: { sequence: call.views.sequence, balances: balancesOf(call) } };
    },
  },
];

/** Every asset of the venue, those that the account has nothing of included. */
export const balancesOf = ({
  views,
  principal,
}: Pick<SignedNativeCall, "views" | "principal">): object[] => {
  const balances = new Map(
    views.balances(principal.account).map((balance) => [balance.asset, balance]),
  );
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

const CLIENT_PREFIX = "client:";

/** The order of `{id}`: the venue's id, or `client:` and the account's own. */
const orderNamed = ({ path, views, principal }: SignedNativeCall): OrderView => {
  const name = path["id"] ?? "";
  const order = name.startsWith(CLIENT_PREFIX)
    ? views.order(principal.account, { clientOrderId: name.slice(CLIENT_PREFIX.length) })
    : views.order(principal.account, { orderId: orderIdIn(name) });
  if (order === undefined) throw orderUnknown();
  return order;
};

const orderIdIn = (text: string): number => {
  if (/^[1-9][0-9]{0,15}$/.test(text)) return Number(text);
  throw new Problem(
    400,
    "field_invalid",
    "id",
    "An id such as 42, or client: and the client order id.",
  );
};

/** The order is there, so what can't be found is an open one. */
const notCancelled = (refused: Refusal): Problem =>
  refused.code === "order_unknown" || refused.code === "order_not_open"
    ? problemOf(refusal("order_not_open", "id", "The order is open."))
    : problemOf(refused);

const messageOf = (call: SignedNativeCall, order: OrderView): object =>
  orderMessage(marketOf(call, order), order);

/** A buy is short of the quote asset, a sell of the base asset. */
const amountWriter =
  ({ base, quote }: MarketNumbers, { side }: NewOrder) =>
  (units: bigint): string =>
    formatAmount(units, (side === "buy" ? quote : base).decimals);
