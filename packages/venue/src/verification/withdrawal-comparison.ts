import type { HistoryBatch } from "../projection/history-batch.ts";
import type { SqlWithdrawal } from "../projection/read-history.ts";
import { Findings } from "./venue-check.ts";

/** Compares the withdrawals of SQL with those of a replay, all of one instant. There are few. */
export class WithdrawalComparison {
  readonly #replayed = new Map<number, SqlWithdrawal>();

  follow({ withdrawalsHeld, withdrawalsEnded }: HistoryBatch): void {
    for (const { event, at } of withdrawalsHeld) {
      const { withdrawal, account, asset, amount, fee, reference } = event;
      this.#replayed.set(withdrawal, {
        ...{ withdrawal, account, asset, amount, fee, reference },
        ...{ status: "held", outcome: "", heldAt: at, updatedAt: at },
      });
    }
    for (const { event, at } of withdrawalsEnded) {
      const held = this.#replayed.get(event.withdrawal);
      if (held === undefined) continue;
      const { outcome: status, reference: outcome } = event;
      this.#replayed.set(event.withdrawal, { ...held, status, outcome, updatedAt: at });
    }
  }

  get count(): number {
    return this.#replayed.size;
  }

  findings(stored: readonly SqlWithdrawal[]): Findings {
    const findings = new Findings();
    const unseen = new Map(stored.map((row) => [row.withdrawal, row]));
    for (const [number, replayed] of this.#replayed) {
      const row = unseen.get(number);
      unseen.delete(number);
      if (row === undefined) {
        findings.add(`withdrawal ${number}`, "it is missing");
        continue;
      }
      const fields = Object.keys(replayed) as (keyof SqlWithdrawal)[];
      const differing = fields.filter((field) => row[field] !== replayed[field]);
      if (differing.length === 0) continue;
      findings.add(`withdrawal ${number}`, `not as the replay has it: ${differing.join(", ")}`);
    }
    for (const number of unseen.keys()) {
      findings.add(`withdrawal ${number}`, "the replay made no such withdrawal");
    }
    return findings;
  }
}
