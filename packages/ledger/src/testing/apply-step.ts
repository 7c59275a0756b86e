import type { Books } from "../books.ts";
import type { Entry } from "../entry.ts";
import type { LedgerStep } from "./ledger-flow.ts";
import type { ReferenceLedger } from "./reference-ledger.ts";

/** What any step may be answered. */
export interface Answer {
  readonly ok: boolean;
  readonly code?: string;
  readonly entry?: Entry;
  readonly repeated?: boolean;
  readonly account?: number;
}

/** Takes a step in the ledger that is given. */
export const applyStep = (ledger: Books | ReferenceLedger, step: LedgerStep): Answer => {
  switch (step.step) {
    case "open":
      return ledger.openAccount(step.opening);
    case "post":
      return ledger.post(step.entry);
    case "hold":
      return ledger.hold(step.hold);
    case "reduce":
      return ledger.reduceHold(step.id, step.to);
    case "release":
      return ledger.release(step.id);
    case "forget":
      ledger.forgetKeysBefore(step.at);
      return { ok: true };
  }
};

/** Takes all steps, and answers the books. */
export const applyAll = (books: Books, steps: readonly LedgerStep[]): Books => {
  for (const step of steps) applyStep(books, step);
  return books;
};
