import type { Account } from "../registries/accounts.ts";
import { type CommandRefusal, refused } from "./command-refusal.ts";

/** What is wrong with an account that wants to send money, or to place or change an order. */
export const senderRefusal = (account: Account | undefined): CommandRefusal | undefined => {
  if (account === undefined) return refused("unknown_account");
  if (account.status === "open") return undefined;
  return refused(account.status === "frozen" ? "account_frozen" : "account_closed");
};
