import type { RecordWriter } from "@pincex/engine";
import { InvariantViolation } from "@pincex/ledger";
import type { Transfer } from "../commands/transfer.ts";
import { senderRefusal } from "./account-rules.ts";
import { type CommandRefusal, refused, refusedWith } from "./command-refusal.ts";
import { appendEntry } from "./ledger-records.ts";
import { isReference } from "./reference.ts";
import type { VenueState } from "./venue-state.ts";

/** Money goes from one account of the venue to another. */
export const transfer = (
  state: VenueState,
  { account, to, asset: number, amount, reference }: Transfer,
  time: number,
  out: RecordWriter,
): CommandRefusal | undefined => {
  const { accounts, books, ledgerAccounts } = state;
  const asset = state.assets.get(number);
  const receiver = accounts.get(to);
  const refusal = senderRefusal(accounts.get(account));
  if (refusal !== undefined) return refusal;
  if (receiver === undefined) return refused("receiver_unknown");
  if (receiver.account === account) return refused("receiver_is_sender");
  if (receiver.status === "closed") return refused("receiver_closed");
  if (asset === undefined) return refused("unknown_asset");
  if (amount <= 0n) return refused("amount_must_be_positive");
  if (!isReference(reference)) return refused("reference_malformed");
  const from = ledgerAccounts.customer(account, asset);
  const available = books.available(from);
  if (available < amount) return refusedWith("balance_below_amount", amount, available);

  const postings = [
    { account: from, amount: -amount },
    { account: ledgerAccounts.openCustomer(to, asset, out), amount },
  ];
  const posted = books.post({ kind: "transfer", at: time, memo: reference, postings });
  if (!posted.ok) throw new InvariantViolation(`what is available can be sent, was ${posted.code}`);
  appendEntry(out, posted.entry);
  return undefined;
};
