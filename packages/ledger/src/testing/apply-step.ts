import type { Books } from "../books.ts";
import type { Entry } from "../entry.ts";
import type { Hold } from "../hold.ts";
import type { LedgerStep } from "./ledger-flow.ts";
import type { ReferenceLedger } from "./reference-ledger.ts";

/** What any step may be answered. */
export interface Answer {
  readonly ok: boolean;
  readonly code?: string;
  readonly entry?: Entry;
  readonly repeated?: boolean;
  readonly account?: number;
  readonly index?: number;
  /** What was posted now, and not before with the same key. */
  readonly entries?: readonly Entry[];
  readonly expired?: readonly Hold[];
}

/** What a ledger answered, and what it posted now. */
export const answerOf = (outcome: Outcome): Answer => {
  const posted = outcome.posted ?? [outcome];
  const entries = posted.flatMap(({ entry, repeated }) =>
    entry === undefined || repeated === true ? [] : [entry],
  );
  return { ...outcome, entries };
};

interface Outcome extends Answer {
  readonly posted?: readonly Pick<Answer, "entry" | "repeated">[];
}

/** Takes a step in the ledger that is given. */
export const applyStep = (ledger: Books | ReferenceLedger, step: LedgerStep): Answer =>
  answerOf(outcomeOf(ledger, step));

const outcomeOf = (ledger: Books | ReferenceLedger, step: LedgerStep): Outcome => {
  switch (step.step) {
    case "open":
      return ledger.openAccount(step.opening);
    case "status":
      return ledger.setStatus(step.account, step.status);
    case "post":
      return ledger.post(step.entry);
    case "linked":
      return ledger.postLinked(step.entries);
    case "hold":
      return ledger.hold(step.hold);
    case "reduce":
      return ledger.reduceHold(step.id, step.to);
    case "release":
      return ledger.release(step.id, step.amount);
    case "expire":
      return { ok: true, expired: ledger.expireHolds(step.at) };
    case "forget":
      ledger.forgetKeysBefore(step.at);
      return { ok: true };
  }
};

/** An answer without what the naive ledger doesn't tell: where in the request, and how much was missing. */
export const comparable = (answer: Answer): object => {
  if (answer.ok) return answer;
  const { ok, code, index, entries } = answer;
  return index === undefined ? { ok, code, entries } : { ok, code, index, entries };
};

/** Takes all steps, and answers the books. */
export const applyAll = (books: Books, steps: readonly LedgerStep[]): Books => {
  for (const step of steps) applyStep(books, step);
  return books;
};
