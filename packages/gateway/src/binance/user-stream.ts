import type { AccountFeeds } from "../streaming/account-feeds.ts";
import type { Unsubscribe } from "../streaming/public-feeds.ts";
import type { ListenKey, ListenKeys } from "./listen-keys.ts";
import { type UserEventInputs, userEvents } from "./user-event.ts";

/** How long a stream outlasts its key, at most. */
const KEY_CHECK_MS = 5_000;

/** What user streams under listen keys are made from. */
export interface UserStreamInputs extends UserEventInputs {
  readonly accountFeeds: AccountFeeds;
  readonly listenKeys: ListenKeys;
  readonly clock: () => number;
  readonly onError: (error: unknown) => void;
}

/** The user stream of a listen key: its account's events, and at last that the key is over. */
export const startUserStream = (
  listenKey: string,
  { account }: ListenKey,
  inputs: UserStreamInputs,
  publish: (message: object) => void,
): Unsubscribe => {
  const { accountFeeds, listenKeys, clock, onError } = inputs;
  const unsubscribe = accountFeeds.onChanges(account, (changes) => {
    const told = changes.map(({ change }) => change);
    for (const event of userEvents(told, inputs)) publish(event);
  });
  const stop = (): void => {
    clearInterval(timer);
    unsubscribe();
  };
  const check = async (): Promise<void> => {
    if (await listenKeys.isLive(listenKey)) return;
    stop();
    publish({ e: "listenKeyExpired", E: clock(), listenKey });
  };
  const timer = setInterval(() => void check().catch(onError), KEY_CHECK_MS).unref();
  return stop;
};
