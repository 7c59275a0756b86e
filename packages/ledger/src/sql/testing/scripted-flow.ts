import { Books } from "../../books.ts";
import type { Entry } from "../../entry.ts";
import { applyStep } from "../../testing/apply-step.ts";
import type { LedgerStep } from "../../testing/ledger-flow.ts";
import type { ProjectedStatus, ProjectionBatch } from "../projection-batch.ts";

/** The assets that the generated flows use, and one more for accounts that they open. */
const ASSETS: ProjectionBatch["assets"] = [
  { number: 1, code: 'US"D', decimals: 2 },
  { number: 2, code: "B\\TC", decimals: 8 },
  { number: 3, code: "Ω", decimals: 36 },
];

/** Books that write down what a projection has to be told: step n of a flow is the command of sequence n. */
export class ProjectedBooks {
  readonly books: Books = new Books();
  /** All of them, in order. */
  readonly entries: ProjectionBatch["entries"][number][] = [];
  #sequence = 0;
  #from = 0;
  #entries: { sequence: number; entry: Entry }[] = [];
  #accounts: ProjectionBatch["accounts"][number][] = [];
  #statuses: ProjectedStatus[] = [];
  #held: Map<number, bigint> = new Map();

  take(step: LedgerStep): void {
    this.#sequence += 1;
    const { ok, entries = [], account } = applyStep(this.books, step);
    if (!ok) return;
    if (step.step === "open" && account !== undefined) {
      this.#accounts.push({ number: account, ...step.opening });
    }
    if (step.step === "status") this.#statuses.push(step);
    for (const entry of entries) this.#entries.push({ sequence: this.#sequence, entry });
    for (const entry of entries) this.entries.push({ sequence: this.#sequence, entry });
    for (const { account: one } of this.books.accounts()) this.#held.set(one, this.books.held(one));
  }

  /** What happened since the last batch. */
  batch(): ProjectionBatch {
    const batch: ProjectionBatch = {
      from: this.#from,
      to: this.#sequence,
      assets: this.#from === 0 ? ASSETS : [],
      accounts: this.#accounts,
      entries: this.#entries,
      held: [...this.#held].map(([account, held]) => ({ account, held })),
      ...(this.#statuses.length > 0 ? { statuses: this.#statuses } : {}),
    };
    this.#from = this.#sequence;
    this.#accounts = [];
    this.#entries = [];
    this.#statuses = [];
    return batch;
  }
}
