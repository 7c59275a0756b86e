import type { RecordWriter } from "@pincex/engine";
import { InvariantViolation } from "@pincex/ledger";
import type { CreditDeposit } from "../commands/credit-deposit.ts";
import { type CommandRefusal, refused } from "./command-refusal.ts";
import { appendEntry } from "./ledger-records.ts";
import { isReference } from "./reference.ts";
import type { VenueState } from "./venue-state.ts";

const AMOUNT_LIMIT = 1n << 127n;

/** What has arrived in custody is owed to the account. */
export const creditDeposit = (
  state: VenueState,
  { account, asset: number, amount, reference }: CreditDeposit,
  time: number,
  out: RecordWriter,
): CommandRefusal | undefined => {
  const asset = state.assets.get(number);
  const receiver = state.accounts.get(account);
  if (receiver === undefined) return refused("unknown_account");
  if (receiver.status === "closed") return refused("account_closed");
  if (asset === undefined) return refused("unknown_asset");
  if (amount <= 0n) return refused("amount_must_be_positive");
  if (!isReference(reference)) return refused("reference_malformed");
  const custody = state.ledgerAccounts.custody(asset);
  // Custody is what all others add up to, so it is the first to reach the bound.
  if (amount - state.books.balance(custody) >= AMOUNT_LIMIT) return refused("amount_out_of_range");

  const credited = state.ledgerAccounts.openCustomer(account, asset, out);
  const posted = state.books.post({
    kind: "deposit",
    at: time,
    memo: reference,
    postings: [
      { account: custody, amount: -amount },
      { account: credited, amount },
    ],
  });
  if (!posted.ok) throw new InvariantViolation(`a deposit can be posted, was ${posted.code}`);
  appendEntry(out, posted.entry);
  return undefined;
};
