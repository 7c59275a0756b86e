import type { FieldWriter } from "../record/field-writer.ts";
import type { FieldReader } from "../record/fields.ts";

/** `held` until it is `settled`, its money gone from custody, or `released`, its money available again. */
export type WithdrawalStatus = "held" | "settled" | "released";

/** A withdrawal as its owner sees it. Amounts in smallest units. */
export interface WithdrawalView {
  /** The sequence number of the command that reserved it. */
  readonly withdrawal: number;
  readonly account: number;
  readonly asset: number;
  /** What leaves the account, the fee included. */
  readonly amount: bigint;
  readonly fee: bigint;
  /** Where it goes. */
  readonly reference: string;
  readonly status: WithdrawalStatus;
  /** The transaction's id, or why it was released; "" while it is held. */
  readonly outcome: string;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly heldAt: number;
  readonly updatedAt: number;
}

const STATUSES: readonly WithdrawalStatus[] = ["held", "settled", "released"];

export const writeWithdrawal = (writer: FieldWriter, withdrawal: WithdrawalView): void => {
  const { account, asset, amount, fee, reference, status, outcome, heldAt, updatedAt } = withdrawal;
  writer.row(withdrawal.withdrawal, account, asset, amount, fee, reference);
  writer.row(STATUSES.indexOf(status), outcome, heldAt, updatedAt);
};

export const readWithdrawal = (reader: FieldReader): WithdrawalView => ({
  withdrawal: reader.number(),
  account: reader.number(),
  asset: reader.number(),
  amount: reader.amount(),
  fee: reader.amount(),
  reference: reader.text(),
  status: statusOf(reader.number()),
  outcome: reader.text(),
  heldAt: reader.number(),
  updatedAt: reader.number(),
});

const statusOf = (number: number): WithdrawalStatus => {
  const status = STATUSES[number];
  if (status === undefined) throw new RangeError(`expected a withdrawal's status, was ${number}`);
  return status;
};
