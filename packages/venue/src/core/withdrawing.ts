import type { RecordWriter } from "@pincex/engine";
import { InvariantViolation, type PostingRequest } from "@pincex/ledger";
import type { HoldWithdrawal } from "../commands/hold-withdrawal.ts";
import type { ReleaseWithdrawal } from "../commands/release-withdrawal.ts";
import type { SettleWithdrawal } from "../commands/settle-withdrawal.ts";
import {
  type WithdrawalEnded,
  writeWithdrawalEnded,
  writeWithdrawalHeld,
} from "../events/withdrawal.ts";
import { senderRefusal } from "./account-rules.ts";
import { type CommandRefusal, refused, refusedWith } from "./command-refusal.ts";
import { appendEntry } from "./ledger-records.ts";
import { isReference } from "./reference.ts";
import type { VenueState } from "./venue-state.ts";
import { type Withdrawal, withdrawalHold } from "./withdrawals.ts";

/** Reserves what is to leave. The command's sequence number is the withdrawal's. */
export const holdWithdrawal = (
  state: VenueState,
  { account, asset: number, amount, fee, reference }: HoldWithdrawal,
  sequence: number,
  out: RecordWriter,
): CommandRefusal | undefined => {
  const { accounts, assets, books, ledgerAccounts, withdrawals } = state;
  const asset = assets.get(number);
  const refusal = senderRefusal(accounts.get(account));
  if (refusal !== undefined) return refusal;
  if (asset === undefined) return refused("unknown_asset");
  if (amount <= 0n) return refused("amount_must_be_positive");
  if (fee < 0n || fee >= amount) return refused("withdrawal_fee_out_of_range");
  if (!isReference(reference)) return refused("reference_malformed");
  const ledgerAccount = ledgerAccounts.customer(account, asset);
  const available = books.available(ledgerAccount);
  if (available < amount) return refusedWith("balance_below_amount", amount, available);

  const hold = { id: withdrawalHold(sequence), account: ledgerAccount, amount } as const;
  const held = books.hold({ ...hold, kind: "withdrawal" });
  if (!held.ok) throw new InvariantViolation(`what is available can be held, was ${held.code}`);
  const withdrawal = { withdrawal: sequence, account, asset: number, amount, fee };
  withdrawals.add(withdrawal);
  const total = books.held(ledgerAccount);
  writeWithdrawalHeld(out, { ...withdrawal, reference, ledgerAccount, total });
  return undefined;
};

/** What was reserved has left custody; the fee stays, as the venue's. */
export const settleWithdrawal = (
  state: VenueState,
  { withdrawal: number, reference }: SettleWithdrawal,
  time: number,
  out: RecordWriter,
): CommandRefusal | undefined => {
  const withdrawal = state.withdrawals.get(number);
  if (withdrawal === undefined) return refused("withdrawal_unknown");
  if (!isReference(reference)) return refused("reference_malformed");
  const { account, amount, fee } = withdrawal;
  const asset = state.assets.get(withdrawal.asset);
  if (asset === undefined) throw new InvariantViolation("a withdrawal is of a known asset");
  const from = state.ledgerAccounts.customer(account, asset);
  const postings: PostingRequest[] = [
    { account: from, amount: -amount },
    { account: state.ledgerAccounts.custody(asset), amount: amount - fee },
  ];
  if (fee > 0n) postings.push({ account: state.ledgerAccounts.fees(asset), amount: fee });
  const posted = state.books.post({
    kind: "withdrawal",
    at: time,
    memo: reference,
    postings,
    captures: [{ hold: withdrawalHold(number), amount }],
  });
  if (!posted.ok) throw new InvariantViolation(`what is held can be spent, was ${posted.code}`);
  appendEntry(out, posted.entry);
  end(state, withdrawal, "settled", reference, from, out);
  return undefined;
};

/** What was reserved is available again. */
export const releaseWithdrawal = (
  state: VenueState,
  { withdrawal: number, reference }: ReleaseWithdrawal,
  out: RecordWriter,
): CommandRefusal | undefined => {
  const withdrawal = state.withdrawals.get(number);
  if (withdrawal === undefined) return refused("withdrawal_unknown");
  if (!isReference(reference)) return refused("reference_malformed");
  const asset = state.assets.get(withdrawal.asset);
  if (asset === undefined) throw new InvariantViolation("a withdrawal is of a known asset");
  state.books.release(withdrawalHold(number));
  const from = state.ledgerAccounts.customer(withdrawal.account, asset);
  end(state, withdrawal, "released", reference, from, out);
  return undefined;
};

const end = (
  { books, withdrawals }: VenueState,
  { withdrawal, account }: Withdrawal,
  outcome: WithdrawalEnded["outcome"],
  reference: string,
  ledgerAccount: number,
  out: RecordWriter,
): void => {
  withdrawals.remove(withdrawal);
  const total = books.held(ledgerAccount);
  writeWithdrawalEnded(out, { withdrawal, account, outcome, reference, ledgerAccount, total });
};
