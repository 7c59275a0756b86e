import type { AccountContext } from "../account-context.ts";
import { refuse } from "../account-refusal.ts";
import {
  charge,
  clear,
  giveBack,
  type Throttle,
  type ThrottleAnswer,
  type ThrottleRule,
  throttleOf,
} from "../throttling/throttle.ts";
import { type Client, networkOf } from "./client.ts";

/** What an attempt is counted for. */
export interface AttemptOf {
  /** A keyed hash's text: the user's id, or for a password the e-mail address, known or not. */
  readonly account: string;
  /** A device of this user that signed in before and shows its token. */
  readonly device: string | undefined;
  readonly byAccount: ThrottleRule;
  readonly byDevice: ThrottleRule;
}

/** An attempt that was taken; it counts as wrong until `wasRight`. */
export interface TakenAttempt {
  readonly ok: true;
  wasRight(): Promise<void>;
}

/**
 * Takes an attempt, or says when the next one may come.
 *
 * A device that signed in before has a count of its own: strangers who use up the account's can't lock its owner out. When its own is used up,
 * it counts as a stranger.
 */
export const takeAttempt = async (
  context: AccountContext,
  client: Client,
  { account, device, byAccount, byDevice }: AttemptOf,
): Promise<TakenAttempt | Exclude<ThrottleAnswer, { ok: true }>> => {
  if (device !== undefined) {
    const own = await throttleOf(context, byDevice, device);
    const charged = await charge(context, own);
    if (charged.ok) return { ok: true, wasRight: () => clear(context, own) };
    if (charged.code === "attempts_throttled") return charged;
  }
  const network = await throttleOf(
    context,
    context.settings.throttles.byNetwork,
    networkOf(client),
  );
  const fromHere = await charge(context, network);
  // A network never has to give up, it has to wait: many people may share it.
  if (!fromHere.ok) return refuse("attempts_throttled", retryOf(fromHere, context));
  const shared = await throttleOf(context, byAccount, account);
  const charged = await charge(context, shared);
  if (!charged.ok) {
    await giveBack(context, network);
    return charged;
  }
  return { ok: true, wasRight: () => bothRight(context, network, shared) };
};

const retryOf = (
  refused: Exclude<ThrottleAnswer, { ok: true }>,
  { clock, settings }: AccountContext,
): { readonly retryAt: number } => ({
  retryAt: refused.retryAt ?? clock() + settings.throttles.byNetwork.forgottenAfterMs,
});

/** The network's other attempts still count: who has an account of their own must not wash off those against others'. */
const bothRight = async (
  context: AccountContext,
  network: Throttle,
  shared: Throttle,
): Promise<void> => {
  await giveBack(context, network);
  await clear(context, shared);
};
