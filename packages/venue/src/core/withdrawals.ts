import type { FieldWriter } from "../record/field-writer.ts";
import type { FieldReader } from "../record/fields.ts";

/** A withdrawal that is reserved. */
export interface Withdrawal {
  /** The sequence number of the command that reserved it. */
  readonly withdrawal: number;
  readonly account: number;
  readonly asset: number;
  /** Smallest units, the fee included. */
  readonly amount: bigint;
  readonly fee: bigint;
}

/** The holds of orders have their ids; those of withdrawals begin far above. */
const FIRST_HOLD = 2 ** 52;

/** The ledger's hold of a withdrawal. */
export const withdrawalHold = (withdrawal: number): number => FIRST_HOLD + withdrawal;

/** The withdrawals that are reserved and have neither left nor been given up, in the order in which they came. */
export class Withdrawals {
  readonly #open: Map<number, Withdrawal> = new Map();

  add(withdrawal: Withdrawal): void {
    this.#open.set(withdrawal.withdrawal, withdrawal);
  }

  get(withdrawal: number): Withdrawal | undefined {
    return this.#open.get(withdrawal);
  }

  remove(withdrawal: number): void {
    this.#open.delete(withdrawal);
  }

  all(): Iterable<Withdrawal> {
    return this.#open.values();
  }

  write(writer: FieldWriter): void {
    writer.list(this.all(), ({ withdrawal, account, asset, amount, fee }) =>
      writer.row(withdrawal, account, asset, amount, fee),
    );
  }

  static read(reader: FieldReader): Withdrawals {
    const withdrawals = new Withdrawals();
    reader.list(() =>
      withdrawals.add({
        withdrawal: reader.number(),
        account: reader.number(),
        asset: reader.number(),
        amount: reader.amount(),
        fee: reader.amount(),
      }),
    );
    return withdrawals;
  }
}
