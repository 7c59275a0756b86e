import type { Views } from "@pincex/venue/views";
import type { MarketDirectory } from "../../market-numbers.ts";
import type { AccountFeeds } from "../../streaming/account-feeds.ts";
import type { ReplayWindow, SequencedChange } from "../../streaming/replay-window.ts";
import type { StreamOffer } from "../../streaming/running-streams.ts";
import type { StreamSource, StreamUpdate } from "../../streaming/stream.ts";
import { balancesOf } from "../account-routes.ts";
import type { PrivateBody, PrivateChannelName } from "../message-schemas.ts";
import { balanceMessage, causeMessage, fillMessage, orderMessage } from "../messages.ts";
import { marketOf } from "../native-services.ts";

/** What private channels are made of. */
export interface PrivateInputs {
  readonly views: Views;
  readonly markets: MarketDirectory;
  readonly accountFeeds: AccountFeeds;
  readonly replay: ReplayWindow;
}

const SNAPSHOT_FILLS = 100;

type Update<Name extends PrivateChannelName> = PrivateBody<Name>["update"];

/**
 * One of an account's channels. Numbered by the venue's sequence; all that one command changed is in one message, so a number that is missing
 * is a message that is missing.
 */
export const privateOffer = (
  channel: PrivateChannelName,
  account: number,
  inputs: PrivateInputs,
): StreamOffer => {
  const { views, accountFeeds, replay } = inputs;
  const source: StreamSource = {
    number: () => views.sequence,
    start: (tell) =>
      accountFeeds.onChanges(account, (changes) => {
        for (const update of updatesOf(channel, changes, inputs)) tell(update);
      }),
    flush: () => accountFeeds.flush(),
    snapshot: () => snapshotOf(channel, account, inputs),
    since: (seq) => {
      const changes = replay.accountChanges(account, seq);
      return changes && updatesOf(channel, changes, inputs);
    },
  };
  return { key: `${channel} ${account}`, head: { channel }, source };
};

const snapshotOf = (
  channel: PrivateChannelName,
  account: number,
  inputs: PrivateInputs,
): PrivateBody<PrivateChannelName>["snapshot"] => {
  const { views } = inputs;
  switch (channel) {
    case "orders":
      return {
        orders: views
          .openOrders(account)
          .map((order) => orderMessage(marketOf(inputs, order), order)),
      };
    case "fills":
      return {
        fills: views
          .fills(account, { limit: SNAPSHOT_FILLS })
          .map((fill) => fillMessage(marketOf(inputs, fill), fill, views)),
      };
    case "balances":
      return { balances: balancesOf(views, account) };
  }
};

/** A message for each command that changed something of the channel. */
const updatesOf = (
  channel: PrivateChannelName,
  changes: readonly SequencedChange[],
  inputs: PrivateInputs,
): StreamUpdate[] =>
  byCommand(changes).flatMap((ofCommand) => {
    const seq = (ofCommand[0] as SequencedChange).sequence;
    const body = BODIES[channel](ofCommand, inputs);
    return body === undefined ? [] : [{ seq, body }];
  });

const byCommand = (changes: readonly SequencedChange[]): SequencedChange[][] => {
  const commands: SequencedChange[][] = [];
  for (const change of changes) {
    const last = commands.at(-1);
    if (last?.[0]?.sequence === change.sequence) last.push(change);
    else commands.push([change]);
  }
  return commands;
};

/** What one command's changes are to a channel; undefined if nothing. */
const BODIES: {
  readonly [Name in PrivateChannelName]: (
    changes: readonly SequencedChange[],
    inputs: PrivateInputs,
  ) => Update<Name> | undefined;
} = {
  /** Each order once, as the command left it. */
  orders: (changes, inputs) => {
    const orders = new Map<number, Update<"orders">["orders"][number]>();
    for (const { change } of changes) {
      if (!("order" in change)) continue;
      const { order } = change;
      orders.set(order.orderId, orderMessage(marketOf(inputs, order), order));
    }
    return orders.size === 0 ? undefined : { orders: [...orders.values()] };
  },
  /** A fill whose trade was taken back is told again. */
  fills: (changes, inputs) => {
    const fills = changes.flatMap(({ change }) =>
      change.kind === "fill" || change.kind === "bust"
        ? [fillMessage(marketOf(inputs, change.fill), change.fill, inputs.views)]
        : [],
    );
    return fills.length === 0 ? undefined : { fills };
  },
  /** Each balance once, as the command left it, and why. */
  balances: (changes, { views }) => {
    const balances = changes.flatMap(({ change }) => {
      if (change.kind !== "balance") return [];
      const asset = views.asset(change.balance.asset);
      if (asset === undefined) return [];
      const causes = change.causes.map(causeMessage);
      return [{ ...balanceMessage(asset, change.balance), causes }];
    });
    return balances.length === 0 ? undefined : { balances };
  },
};
