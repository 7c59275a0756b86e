import type { AccountChange, FillView, OrderView } from "@pincex/venue/views";
import type { Principal } from "../authenticator.ts";
import type { AccountFeeds } from "../streaming/account-feeds.ts";
import type { Connection } from "../streaming/connection.ts";
import type { Unsubscribe } from "../streaming/public-feeds.ts";
import { balancesOf } from "./account-routes.ts";
import { balanceMessage, fillMessage, orderMessage } from "./messages.ts";
import { marketOf, type NativeServices } from "./native-services.ts";

export type PrivateChannel = "orders" | "fills" | "balances";

const SNAPSHOT_FILLS = 100;

/**
 * Sends one of an account's channels to a connection: a snapshot, then updates. Numbered by the venue's sequence; all
 * that one command changed is in one message, so a number that is missing is a message that is missing.
 */
export const subscribePrivate = (
  channel: PrivateChannel,
  principal: Principal,
  connection: Connection,
  services: NativeServices,
  feeds: AccountFeeds,
): Unsubscribe => {
  let seq = services.views.sequence;
  const send = (type: "snapshot" | "update", body: object): void =>
    connection.sendText(JSON.stringify({ type, channel, ...body }));
  send("snapshot", { seq, [channel]: snapshotOf(channel, principal, services) });
  return feeds.onChanges(principal.account, (changes) => {
    for (const update of updatesOf(channel, changes, services)) {
      const prevSeq = seq;
      seq = update.seq;
      send("update", { seq, prevSeq, [channel]: update.items });
    }
  });
};

const snapshotOf = (
  channel: PrivateChannel,
  principal: Principal,
  services: NativeServices,
): object[] => {
  const { views } = services;
  switch (channel) {
    case "orders":
      return views
        .openOrders(principal.account)
        .map((order) => orderMessage(marketOf(services, order), order));
    case "fills":
      return views
        .fills(principal.account, { limit: SNAPSHOT_FILLS })
        .map((fill) => fillMessage(marketOf(services, fill), fill, views));
    case "balances":
      return balancesOf({ views, principal });
  }
};

interface Update {
  readonly seq: number;
  readonly items: readonly object[];
}

const updatesOf = (
  channel: PrivateChannel,
  changes: readonly AccountChange[],
  services: NativeServices,
): Update[] => {
  switch (channel) {
    case "orders":
      return ordersBySequence(changes).map(({ seq, items }) => ({
        seq,
        items: items.map((order) => orderMessage(marketOf(services, order), order)),
      }));
    case "fills":
      return fillsBySequence(changes).map(({ seq, items }) => ({
        seq,
        items: items.map((fill) => fillMessage(marketOf(services, fill), fill, services.views)),
      }));
    case "balances":
      return balancesNow(changes, services);
  }
};

/** Each order once a command, as that command left it. */
const ordersBySequence = (
  changes: readonly AccountChange[],
): { seq: number; items: OrderView[] }[] => {
  const commands = new Map<number, Map<number, OrderView>>();
  for (const change of changes) {
    if (!("order" in change)) continue;
    const { order } = change;
    const orders = commands.get(order.sequence) ?? new Map<number, OrderView>();
    commands.set(order.sequence, orders);
    orders.set(order.orderId, order);
  }
  return Array.from(commands, ([seq, orders]) => ({ seq, items: [...orders.values()] }));
};

const fillsBySequence = (
  changes: readonly AccountChange[],
): { seq: number; items: FillView[] }[] => {
  const commands = new Map<number, FillView[]>();
  for (const change of changes) {
    if (change.kind !== "fill") continue;
    const fills = commands.get(change.fill.sequence) ?? [];
    commands.set(change.fill.sequence, fills);
    fills.push(change.fill);
  }
  return Array.from(commands, ([seq, items]) => ({ seq, items }));
};

/** Each balance once, as it stands now. */
const balancesNow = (changes: readonly AccountChange[], { views }: NativeServices): Update[] => {
  const items = new Map<number, object>();
  for (const change of changes) {
    if (change.kind !== "balance") continue;
    const asset = views.asset(change.balance.asset);
    if (asset !== undefined) items.set(asset.asset, balanceMessage(asset, change.balance));
  }
  return items.size === 0 ? [] : [{ seq: views.sequence, items: [...items.values()] }];
};
